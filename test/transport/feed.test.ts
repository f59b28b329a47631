import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import { createFeed } from '../../src/transport/feed.js';
import { newNoso, refused } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';

const test = suite('what a wall is fed');

test('W4 a read that failed a moment ago is no fresh one (chaos, seed 5)', async () => {
  const clock = manualClock(1_000_000);
  let reads = 0;
  let away = false;
  let bell = () => {};
  const engine = {
    now: () => clock.now(),
    watch: (_noso: string, ring: () => void) => {
      bell = ring;
      return () => {};
    },
    tail: async () => {
      reads += 1;
      if (away) throw new Refusal('unavailable');
      return { epoch: 1, seq: 0, count: 0, peak: 0, changes: [] };
    },
    seats: async () => ({ epoch: 1, seq: 0, numbers: [] }),
  } as Partial<Engine> as Engine;
  const nothing = () => {};
  const errors: unknown[] = [];
  const feed = createFeed({
    engine,
    clock,
    noso: newNoso(engine, { veil: 0 }),
    random: () => 0,
    listener: { count: nothing, numbers: nothing, reset: nothing },
    onError: (error) => errors.push(error),
  });
  await feed.ready();
  const readAt = feed.state().readAt;

  // The store goes away, and a bell has the log read: in vain.
  clock.advance(1000);
  away = true;
  bell();
  await new Promise(setImmediate);
  assert.is(errors.length, 1);

  // Somebody wants to know whether what is shown is fresh, well within the pace of reads.
  clock.advance(10);
  const before = reads;
  await refused(feed.read(), 'unavailable');
  assert.is(reads, before + 1, 'it is read again');
  assert.is(feed.state().readAt, readAt);

  away = false;
  await feed.read();
  assert.is(feed.state().readAt, clock.now());
  feed.stop();
});
