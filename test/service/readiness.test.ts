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
    /** Resolves what hangs. */
    go: () => {},
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
        if (store.hangs) await new Promise<void>((go) => Object.assign(store, { go }));
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

test('F8 whoever starts is ready with the first look, and says so', async () => {
  const { readiness, said, store } = scene();
  await readiness.look();
  assert.equal([readiness.isReady(), said(), store.tries], [true, ['ready'], 1]);
  readiness.stop();
});

test('F8 ready is on the strength of a try of three seconds, and of a read of five', async () => {
  const { clock, readiness, store } = scene();
  await readiness.look();
  readiness.stop();
  clock.advance(2999);
  assert.ok(readiness.isReady());
  clock.advance(1);
  assert.not.ok(readiness.isReady());
  const other = scene();
  await goOn(other.clock, 500, 250);
  other.store.reads = false;
  assert.ok(other.readiness.isReady()); // and that was the last read
  await goOn(other.clock, 4999, 4999);
  await other.readiness.look();
  assert.ok(other.readiness.isReady());
  other.clock.advance(1);
  assert.not.ok(other.readiness.isReady());
  assert.is(store.tries, 1);
});

test('F8 F1 while nobody is ready it is tried four times a second, one try at a time', async () => {
  const { clock, store, readiness, said } = scene();
  store.meets = new Refusal('unavailable.not_writable', 'OOM: Redis does not take writes', 2);
  await goOn(clock, 249, 249);
  assert.is(store.tries, 0);
  await goOn(clock, 1, 1);
  assert.is(store.tries, 1);
  await goOn(clock, 750, 250);
  assert.is(store.tries, 4);
  store.meets = null;
  await goOn(clock, 250, 250);
  assert.ok(readiness.isReady());
  store.hangs = true;
  const before = store.tries;
  await goOn(clock, 20_000, 250);
  assert.is(store.tries - before, 1);
  assert.match(said().at(-1) ?? '', /^not ready NO_ANSWER/, 'what it met before is over');
});

test('F2 F8 what a try comes to that was under way when all stopped is no news', async () => {
  const { clock, store, readiness, said } = scene();
  await goOn(clock, 500, 250);
  assert.equal(said(), ['ready']);
  store.hangs = true;
  await goOn(clock, 1000, 250);
  readiness.stop();
  store.meets = new Refusal('unavailable.draining', 'the engine closes', 2);
  await goOn(clock, 4000, 250);
  store.go();
  await goOn(clock, 250, 250);
  assert.equal(said(), ['ready']);
  assert.not.ok(readiness.isReady());
});
