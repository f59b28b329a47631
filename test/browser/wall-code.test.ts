// Codes on the wall are read from where people stand: from a picture of the whole wall.
import { suite } from '../support/suite.js';
import { everyCodeIsRead } from './codesRead.js';

const test = suite('codes on the wall');
const SLOW = { deadline: 150_000 };

for (const [width, height] of [
  [1024, 600],
  [1920, 1080],
] as const)
  test(
    `L6 every code is read from a picture of the whole wall, ${width} × ${height}`,
    everyCodeIsRead(width, height),
    SLOW,
  );
