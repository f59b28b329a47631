// Codes on the wall are read from where people stand: from a picture of the whole wall.
import { suite } from '../support/suite.js';
import { everyCodeIsRead } from './codesRead.js';

const test = suite('codes on large walls');
const SLOW = { deadline: 150_000 };

for (const [width, height] of [[3840, 2160]] as const)
  test(
    `L6 every code is read from a picture of the whole wall, ${width} × ${height}`,
    everyCodeIsRead(width, height),
    SLOW,
  );
