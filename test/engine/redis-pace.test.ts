import * as assert from 'uvu/assert';
import { type Clock, realClock } from '../../src/clock.js';
import { Pace } from '../../src/engine/redis/pace.js';
import { suite } from '../support/suite.js';
import { refused } from './contract/cast.js';

const test = suite('Redis engine: how long an answer may take');

test('F1 on a machine too busy for its timers, what is not answered is given up no later', async () => {
  const busy: Clock = { ...realClock, every: (ms, work) => realClock.every(4 * ms, work) };
  const pace = new Pace();
  const stop = pace.start(busy);
  const asked = realClock.now();
  await refused(pace.within(800, new Promise(() => {})), 'unavailable');
  const took = realClock.now() - asked;
  stop();
  assert.ok(took < 2000, `given up after ${took} ms`);
});
