import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Hours } from '../../src/engine/redis/hours.js';
import { Pace } from '../../src/engine/redis/pace.js';
import { RedisTime } from '../../src/engine/redis/redisTime.js';
import { suite } from '../support/suite.js';
import { refused } from './contract/cast.js';

const test = suite('Redis engine: time');

/** A node, and its way to Redis, whose clock is as far off as a test says. */
function node() {
  const world = manualClock(1_800_000_000_000);
  const redis = { wrong: 0 };
  const way = { there: 1, back: 1 };
  // Even time begins anywhere.
  const time = new RedisTime({ steady: () => world.now() - 1_790_000_000_000 });
  const ask = () =>
    time.ask(async () => {
      world.advance(way.there);
      const now = world.now() + redis.wrong;
      world.advance(way.back);
      return now;
    });
  /** How far this node's idea of the time is from the true one. */
  const off = () => Math.abs(time.now() - world.now());
  const seconds = async (count: number) => {
    for (let k = 0; k < count; k += 1) {
      world.advance(1000);
      await ask();
    }
  };
  return { redis, way, ask, off, seconds };
}

test('a node knows the time, whatever its own clock says', async () => {
  const { ask, off } = node();
  await ask();
  assert.ok(off() <= 1, `${off()} ms`);
});

test('slow and lopsided answers do not mislead once there was a fast one', async () => {
  const { way, ask, off, seconds } = node();
  await ask();
  Object.assign(way, { there: 2, back: 400 });
  for (let k = 0; k < 5; k += 1) {
    await seconds(1);
    assert.ok(off() <= 2, `${off()} ms`);
  }
});

test("L7 when Redis' clock is set, that is not believed before it has stayed so for a minute", async () => {
  const { redis, off, seconds } = node();
  await seconds(5);
  for (const wrong of [3_600_000, -7_200_000, 0, 60_000]) {
    redis.wrong = wrong;
    await seconds(55);
    assert.ok(off() <= 2, `told ${wrong} ms for 55 s: ${off()} ms`);
  }
  await seconds(8);
  assert.ok(Math.abs(off() - 60_000) <= 2, 'from then on it is');
});

test('another server with a clock of its own is followed at once', async () => {
  const { redis, off, seconds } = node();
  await seconds(5);
  redis.wrong = 300;
  await seconds(1);
  assert.ok(Math.abs(off() - 300) <= 2, `${off()} ms`);
});

test('F1 whatever is not answered in time is unavailable, in the order it was asked', async () => {
  const world = manualClock(0);
  const pace = new Pace(world);
  const never = new Promise<number>(() => {});
  const first = pace.within(300, never);
  const answered = pace.within(300, Promise.resolve(4));
  world.advance(200);
  const second = pace.within(300, never);
  assert.is(await answered, 4);
  world.advance(100);
  await refused(first, 'unavailable');
  world.advance(200);
  await refused(second, 'unavailable');
  await pace.idle();
});

const BEGAN = 1_800_000_000_000;

test('L5 L7 a node’s idea of a NoSo’s time goes on evenly, and yields to answers after a while', async () => {
  const clock = { even: 0, steady: () => clock.even };
  const time = new RedisTime(clock);
  await time.ask(async () => BEGAN);
  const hours = new Hours(clock, time);
  assert.equal(hours.stamp('s'), ['', BEGAN]);
  clock.even = 1001;
  hours.heard('s', BEGAN + 900_000, 0);
  assert.equal(hours.stamp('s'), ['', BEGAN + 1001], 'what took long tells little');
  clock.even = 1000;
  hours.heard('s', BEGAN + 900_000, 0);
  assert.equal(hours.stamp('s'), [BEGAN + 900_500, BEGAN + 1000]);
  clock.even = 2000;
  hours.heard('s', BEGAN + 901_000 + 2499, 2000);
  assert.is(hours.stamp('s')[0], BEGAN + 903_499, 'nearly the same');
  const strange = () => hours.heard('s', BEGAN + 903_499 + 2000 + clock.even - 2000, clock.even);
  strange();
  clock.even = 12_000;
  strange();
  assert.is(hours.stamp('s')[0], BEGAN + 913_499);
  hours.heard('s', BEGAN + 913_499, 12_000); // as it was: there is no doubt any more
  clock.even = 12_001;
  strange();
  assert.is(hours.stamp('s')[0], BEGAN + 913_500);
  clock.even = 22_002;
  strange();
  assert.is(hours.stamp('s')[0], BEGAN + 925_501, 'it has said so for ten seconds');
  assert.is(hours.told(5, BEGAN + 22_002 + 1999), 5);
  assert.is(hours.told(5000, BEGAN + 22_002 + 2000), 3000);
  hours.forget('s');
  assert.equal(hours.stamp('s'), ['', BEGAN + 22_002]);
});
