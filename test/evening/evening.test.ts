import { suite } from '../support/suite.js';
import { type House, onFiles, onRedis } from './house.js';
import type { Evening } from './plan.js';
import { holdEvening } from './story.js';

const test = suite('a whole evening');

/** `NOSO_EVENING=1` for the whole of it: a door is without a line for five minutes then. */
const WHOLE = Boolean(process.env.NOSO_EVENING);
const WHO: Evening = WHOLE
  ? { phones: 160, cookieless: 40, byDoor: 15, paper: 20, cut: 300_000 }
  : { phones: 24, cookieless: 6, byDoor: 6, paper: 6, cut: 0 };
const DEADLINE = 60_000 + 2 * WHO.cut;

const held = (start: () => Promise<House>) => async () => {
  const house = await start();
  try {
    await holdEvening(house, WHO);
  } finally {
    await house.stop();
  }
};

test(
  'L4 L5 L6 P1 P3 P5 P8 P9 P10 W4 W7 A8 an evening on files: killed three times, right to the unit',
  held(onFiles),
  { deadline: DEADLINE },
);

test(
  'L4 L5 L6 P1 P3 P5 P8 P9 P10 W4 W7 A8 an evening on three nodes over Redis: the same',
  held(onRedis),
  { deadline: DEADLINE },
);
