import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Calls } from '../../src/engine/redis/calls.js';
import { Pace } from '../../src/engine/redis/pace.js';
import { RedisTime } from '../../src/engine/redis/redisTime.js';
import { suite } from '../support/suite.js';
import { refused } from './contract/cast.js';

const test = suite('Redis engine: time');

/** A node whose clock, and whose way to Redis, are as a test says. Redis' clock is right. */
function node(offset: number) {
  const world = manualClock(1_800_000_000_000);
  const machine = { offset };
  const way = { there: 1, back: 1 };
  const clock = { ...world, now: () => world.now() + machine.offset };
  const send = async () => {
    world.advance(way.there);
    const now = world.now();
    world.advance(way.back);
    return [Math.floor(now / 1000), (now % 1000) * 1000];
  };
  const time = new RedisTime(clock, { send } as unknown as Calls);
  return { world, machine, way, time, off: () => Math.abs(time.now() - world.now()) };
}

test('a node whose clock is wrong by hours knows the time', async () => {
  const { time, off } = node(7_200_000);
  await time.ask();
  assert.ok(off() <= 1, `${off()} ms`);
});

test('slow and lopsided answers do not mislead once there was a fast one', async () => {
  const { world, way, time, off } = node(-5000);
  await time.ask();
  Object.assign(way, { there: 2, back: 400 });
  for (let k = 0; k < 5; k += 1) {
    world.advance(1000);
    await time.ask();
    assert.ok(off() <= 2, `${off()} ms`);
  }
});

test('a clock that is set, forward or back, is noticed with the next answer', async () => {
  const { world, machine, time, off } = node(0);
  for (let k = 0; k < 5; k += 1) {
    world.advance(1000);
    await time.ask();
  }
  for (const step of [3_600_000, -7_200_000, 300]) {
    machine.offset += step;
    world.advance(1000);
    await time.ask();
    assert.ok(off() <= 2, `after ${step}: ${off()} ms`);
  }
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
