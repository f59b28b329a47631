import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { LogFields } from '../../src/log.js';
import { createTell } from '../../src/service/causes.js';
import { createFreshness } from '../../src/service/freshness.js';
import { watchReadiness } from '../../src/service/readiness.js';
import { goOn } from '../live/madeUpLog.js';
import { suite } from '../support/suite.js';

const test = suite('whether somebody can be seated');

function scene() {
  const clock = manualClock(1_000_000);
  const freshness = createFreshness(clock, clock);
  const store = {
    meets: null as Error | null,
    hangs: false,
    reads: true,
    caughtUp: true,
    tries: 0,
  };
  let lastRead = freshness.note();
  const lines: LogFields[] = [];
  const write = (fields: LogFields) => void lines.push(fields);
  const log = { debug: write, info: write, warn: write, error: write };
  const errors: unknown[] = [];
  const readiness = watchReadiness({
    engine: {
      async rehearse() {
        store.tries += 1;
        if (store.hangs) await new Promise(() => {});
        if (store.meets) throw store.meets;
      },
    },
    clock,
    freshness,
    catalogue: {
      lastRead() {
        if (store.reads) lastRead = freshness.note();
        return lastRead;
      },
    },
    caughtUp: () => store.caughtUp,
    log,
    tell: createTell({ log, clock }),
    onError: (error) => errors.push(error),
  });
  const said = () => lines.map(({ event, detail }) => (detail ? `${event} ${detail}` : event));
  return { clock, store, readiness, said, errors };
}

test('F8 it is tried every second, and once it fails there is nobody ready three seconds later', async () => {
  const { clock, store, readiness, said } = scene();
  assert.not.ok(readiness.isReady(), 'not before it was tried');
  await goOn(clock, 500, 250);
  assert.ok(readiness.isReady());
  const before = store.tries;
  await goOn(clock, 10_000, 250);
  assert.is(store.tries - before, 10);
  store.meets = new Refusal('unavailable.not_writable', 'OOM: Redis does not take writes', 2);
  await goOn(clock, 4000, 250);
  assert.not.ok(readiness.isReady());
  await goOn(clock, 50_000, 250);
  store.meets = new Refusal('unavailable.no_answer', 'the store does not answer', 2);
  await goOn(clock, 30_000, 250);
  store.meets = null;
  await goOn(clock, 500, 250);
  assert.ok(readiness.isReady());
  assert.equal(said(), [
    'ready',
    'not ready OOM: Redis does not take writes',
    'not ready NO_ANSWER: the store does not answer',
    'ready',
  ]);
});

test('F8 one cause is told once a minute', async () => {
  const { clock, store, said } = scene();
  store.meets = new Refusal('unavailable.not_writable', 'SQLITE_FULL: no room', 2);
  await goOn(clock, 150_000, 500);
  assert.is(said().length, 3);
});

test('F8 F1 a store that is mute, a catalogue that is old, and what is overdue are in the way', async () => {
  const causes = async (change: (store: ReturnType<typeof scene>['store']) => void) => {
    const { clock, store, readiness, said } = scene();
    await goOn(clock, 500, 250);
    change(store);
    await goOn(clock, 6000, 250);
    assert.not.ok(readiness.isReady());
    return said().map((line) => line.split(':')[0]);
  };
  assert.equal(await causes((s) => (s.hangs = true)), ['ready', 'not ready NO_ANSWER']);
  assert.equal(await causes((s) => (s.reads = false)), ['ready', 'not ready CATALOGUE']);
  assert.equal(await causes((s) => (s.caughtUp = false)), ['ready', 'not ready OVERDUE']);
});

test('F8 a fault of ours is no reason to be ready, and is told as one', async () => {
  const { clock, store, readiness, said, errors } = scene();
  store.meets = new TypeError('x is not a function');
  await goOn(clock, 1000, 250);
  assert.not.ok(readiness.isReady());
  assert.equal(said(), ['not ready FAULT: a fault of this program: the lines before say where']);
  assert.ok(errors.length > 0);
});
