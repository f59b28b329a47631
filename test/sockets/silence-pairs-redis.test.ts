import * as assert from 'uvu/assert';
import { startRedis } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { runPairs } from './silence/pairs.js';

const test = suite('silence: the same on Redis');

/** `npm run silence` for more of them. */
const pairs = 40;
const seed = 20260601;

test(
  `S5 ${pairs} pairs on Redis from seed ${seed}: other phones, walls and doors are told the same`,
  async () => {
    const redis = await startRedis();
    try {
      const began = Date.now();
      const outcome = await runPairs({ pairs, together: pairs, seed, redis: redis.url });
      const seconds = Math.round((Date.now() - began) / 1000);
      console.log(`${outcome.pairs} pairs, ${outcome.frames} frames compared, ${seconds} s`);
      assert.equal(outcome.differences.slice(0, 2), [], `seed ${seed}`);
      assert.ok(outcome.frames > outcome.pairs * 10, `${outcome.frames} frames`);
      const other = {
        pairs: 2,
        together: 2,
        seed: seed + 1,
        redis: redis.url,
        also: true,
        times: 1,
      };
      const control = await runPairs(other);
      assert.ok(control.differences.length > 0, 'a difference is seen where there is one');
    } finally {
      await redis.stop();
    }
  },
  { deadline: 80_000 },
);
