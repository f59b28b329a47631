import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { runPairs, runPairsSurely } from './silence/pairs.js';

const test = suite('silence: two runs that differ in one participant’s bytes');

/** More than the slice that runs by itself: `NOSO_PAIRS=5000`, and another `NOSO_SEED`. */
const pairs = Number(process.env.NOSO_PAIRS ?? 60);
const seed = Number(process.env.NOSO_SEED ?? 20260601);

test(
  `S5 P9 L6 ${pairs} pairs from seed ${seed}: other phones, walls and doors are sent the same bytes`,
  async () => {
    const began = Date.now();
    const outcome = await runPairsSurely({ pairs, together: 40, seed });
    const seconds = Math.round((Date.now() - began) / 1000);
    console.log(`${outcome.pairs} pairs, ${outcome.frames} frames compared, ${seconds} s`);
    assert.equal(outcome.differences.slice(0, 2), [], `seed ${seed}`);
    assert.ok(outcome.frames > outcome.pairs * 10, `${outcome.frames} frames`);
  },
  { deadline: 20_000 + pairs * 400 },
);

test(
  'S5 the comparison sees a difference where there is one',
  async () => {
    const outcome = await runPairs({ pairs: 2, together: 2, seed, also: true });
    assert.ok(outcome.differences.length > 0);
    assert.ok(outcome.differences.every(({ world }) => world === 0));
  },
  { deadline: 40_000 },
);
