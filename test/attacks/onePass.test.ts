import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { attackEveryCode, attackWithOnePass } from './onePass.js';

const test = suite('attacked: one pass');

/** `NOSO_DEEDS=2000`, and another `NOSO_SEED`, for more than the slice. */
const deeds = Number(process.env.NOSO_DEEDS ?? 120);
const seed = Number(process.env.NOSO_SEED ?? 20260601);

test(
  `P8 S4 ${deeds} tries with one pass get one number, one seat, and three returns, from seed ${seed}`,
  async () => {
    const got = await attackWithOnePass(deeds, seed);
    console.log(JSON.stringify(got));
    assert.ok(got.granted > 5, 'something was granted');
    assert.is(got.numbers, 1, 'one number sat');
    assert.is(got.atOnce, 1);
    assert.ok(got.burnt <= 0, `${got.burnt} numbers were burnt`);
    // It sits, and leaves; comes back three times, and leaves.
    assert.ok(got.changes <= 2 * (1 + 3), `${got.changes} changes`);
    const perSecond = got.changes / (got.minutes * 60);
    assert.ok(perSecond < 0.1, `${perSecond} bit/s`);
  },
  { deadline: 20_000 + deeds * 300 },
);

test(
  'P8 who exchanges every new code fills a room, is taken back in one step, and keeps nobody out',
  async () => {
    const got = await attackEveryCode(2, 10);
    console.log(JSON.stringify(got));
    for (const opened of got.opened) assert.ok(opened <= got.bound, `${opened} of ${got.bound}`);
    assert.is(got.seats, got.capacity, 'the room is full: SECURITY.md says so');
    assert.is(got.afterVoid, 0);
    // The first fifteen seconds are the attacker's; from then on what comes free is shared.
    assert.ok(got.others.length > 0, 'others come in');
    const later = got.others.slice(1);
    assert.ok(
      later.every((waits) => waits <= 2),
      `refused ${got.others.join()} times`,
    );
  },
  { deadline: 40_000 },
);
