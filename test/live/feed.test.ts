import * as assert from 'uvu/assert';
import { type Clock, manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import { createBroadcast } from '../../src/live/broadcast.js';
import { createFeed } from '../../src/live/feed.js';
import { createFreshness } from '../../src/service/freshness.js';
import { createCatalogue } from '../../src/service/mirror.js';
import { newNoso, refused } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';
import { goOn, newLog } from './madeUpLog.js';

const test = suite('what a wall is fed');

/** A store that counts how often its log is read, and can be away. */
function newStore(clock: Clock) {
  const store = { reads: 0, away: false, bell: () => {} };
  const engine = {
    now: () => clock.now(),
    watch: (_noso: string, ring: () => void) => {
      store.bell = ring;
      return () => {};
    },
    tail: async () => {
      store.reads += 1;
      if (store.away) throw new Refusal('unavailable.no_answer');
      return { epoch: 1, seq: 0, count: 0, peak: 0, changes: [] };
    },
    seats: async () => ({ epoch: 1, seq: 0, numbers: [] }),
  } as Partial<Engine> as Engine;
  const errors: unknown[] = [];
  const nothing = () => {};
  const feed = createFeed({
    engine,
    clock,
    freshness: createFreshness(engine, clock),
    noso: newNoso(engine, { veil: 0 }),
    random: () => 0,
    follower: { count: nothing, numbers: nothing, reset: nothing },
    onError: (error) => errors.push(error),
  });
  return { store, feed, errors };
}

test('W4 a read that failed a moment ago is no fresh one (chaos, seed 5)', async () => {
  const clock = manualClock(1_000_000);
  const { store, feed, errors } = newStore(clock);
  await feed.ready();
  const readAt = feed.lastRead().at;

  // The store goes away, and a bell has the log read: in vain.
  clock.advance(1000);
  store.away = true;
  store.bell();
  await new Promise(setImmediate);
  assert.is(errors.length, 1);

  // Somebody wants to know whether what is shown is fresh, well within the pace of reads.
  clock.advance(10);
  const before = store.reads;
  await refused(feed.read(), 'unavailable');
  assert.is(store.reads, before + 1, 'it is read again');
  assert.is(feed.lastRead().at, readAt);

  store.away = false;
  await feed.read();
  assert.is(feed.lastRead().at, clock.now());
  feed.stop();
});

for (const veil of [0, 2]) {
  test(`W4 what waited for a node that was stopped is shown after another read, veil ${veil} (chaos, seed 1)`, async () => {
    const manual = manualClock(1_000_000);
    let stopped = 0;
    const clock = {
      ...manual,
      now: () => manual.now() + stopped,
      steady: () => manual.steady() + stopped,
    };
    const { log, engine } = newLog(clock);
    const shown: { seated: number[]; behind: number }[] = [];
    const errors: unknown[] = [];
    const feed = createFeed({
      engine,
      clock,
      freshness: createFreshness(engine, clock),
      noso: newNoso(engine, { veil }),
      random: () => 0,
      follower: {
        count: () => {},
        numbers: (of, { seated }) => {
          shown.push({ seated, behind: clock.steady() - of.lastRead().tick });
        },
        reset: () => {},
      },
      onError: (error) => errors.push(error),
    });
    await goOn(manual, 2000);
    // The node is stopped while its read is under way: on waking the answer is there already.
    log.sit(111_111);
    log.during = () => {
      stopped += 5000;
      log.during = () => {};
    };
    if (veil === 0) log.ring();
    await goOn(manual, 4000);
    log.sit(222_222);
    log.ring();
    await goOn(manual, 4000);
    assert.is(stopped, 5000);
    assert.equal(shown.flatMap(({ seated }) => seated).sort(), [111_111, 222_222]);
    assert.ok(Math.max(...shown.map(({ behind }) => behind)) < 2000, JSON.stringify(shown));
    assert.equal(errors, []);
    feed.stop();
  });
}

test('W6 numbers are shown at ticks of the veil alone, the count as soon as it is read', async () => {
  const clock = manualClock(1_000_000);
  const { log, engine } = newLog(clock);
  const told: [what: string, at: number][] = [];
  const feed = createFeed({
    engine,
    clock,
    freshness: createFreshness(engine, clock),
    noso: newNoso(engine, { veil: 5 }),
    random: () => 0,
    follower: {
      count: () => void told.push(['count', clock.now()]),
      numbers: (_, { seated }) => void told.push([`${seated.length} numbers`, clock.now()]),
      reset: () => {},
    },
    onError: (error) => assert.unreachable(String(error)),
  });
  await goOn(clock, 1100);
  for (const number of [111_111, 222_222]) {
    log.sit(number);
    log.ring();
    await goOn(clock, 1000);
  }
  const numbers = () => told.filter(([what]) => what !== 'count');
  assert.equal(numbers(), []);
  assert.ok(told.length >= 2 && told.some(([, at]) => at < 1_002_500), 'the count is told');
  await goOn(clock, 4000);
  assert.is(numbers().length, 1);
  const [what, at = 0] = numbers()[0] ?? [];
  assert.is(what, '2 numbers');
  assert.ok(at % 5000 < 1000, `at a tick: ${at}`);
  feed.stop();
});

test('W6 whoever looks for the first time between two ticks sees what the last tick showed', async () => {
  const clock = manualClock(1_004_000);
  const { log, engine } = newLog(clock);
  log.sit(111_111);
  clock.advance(3000); // a tick was at 1_005_000
  log.sit(222_222);
  const feed = createFeed({
    engine,
    clock,
    freshness: createFreshness(engine, clock),
    noso: newNoso(engine, { veil: 5 }),
    random: () => 0,
    follower: { count: () => {}, numbers: () => {}, reset: () => {} },
    onError: (error) => assert.unreachable(String(error)),
  });
  await feed.ready();
  assert.is(feed.state()?.count, 2, 'the count is live');
  assert.equal([...(feed.state()?.numbers ?? [])], [111_111]);
  feed.stop();
});

test('W4 a clock that was set back makes nothing fresh that is old (chaos, seed 1)', async () => {
  let now = 1_000_000;
  const engine = {
    now: () => now,
    changesSince: async () => ({ epoch: 1, revision: 0, changes: [] }),
  } as Partial<Engine> as Engine;
  const clock = manualClock(now);
  const onError = () => {};
  const catalogue = createCatalogue(engine, clock, onError);
  const broadcast = createBroadcast({ engine, clock, catalogue, random: () => 0, onError });
  await catalogue.refresh();
  const last = catalogue.lastRead();
  const read = { lastRead: () => last };
  assert.ok(broadcast.isLive(read));
  now += 2500;
  assert.not.ok(broadcast.isLive(read), 'by the engine it is old');
  clock.advance(2500);
  now -= 2500; // the node's clock, while the store is not there to tell the time
  assert.not.ok(broadcast.isLive(read), 'and it stays so');
  broadcast.stop();
});

test('W3 W4 a clock that is set back does not keep a feed from reading', async () => {
  const manual = manualClock(1_000_000);
  let shift = 0;
  const clock = { ...manual, now: () => manual.now() + shift };
  const { store, feed, errors } = newStore(clock);
  await feed.ready();
  await new Promise(setImmediate);
  shift = -300_000;
  const before = store.reads;
  await feed.read();
  assert.is(store.reads, before + 1, 'a beat reads');
  shift = -600_000;
  store.bell();
  await new Promise(setImmediate);
  assert.is(store.reads, before + 2, 'a bell does');
  assert.equal(errors, []);
  feed.stop();
});
