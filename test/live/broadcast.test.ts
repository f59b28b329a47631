import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Noso } from '../../src/domain/noso.js';
import type { Engine, Tail } from '../../src/engine/engine.js';
import { createBroadcast } from '../../src/live/broadcast.js';
import type { Feed, Follower } from '../../src/live/feed.js';
import { createCatalogue } from '../../src/service/mirror.js';
import { newNoso } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';
import { goOn } from './madeUpLog.js';

const test = suite('the beat, whatever fails');

/** Three logs and a catalogue; `refuses` says by its place in the order which read fails. */
function house() {
  const clock = manualClock(1_000_000);
  const reads: string[] = [];
  const store = {
    seq: 1,
    refuses: (_read: number, _what: string): boolean => false,
    /** What every answer waits for. */
    holds: null as Promise<void> | null,
  };
  const asked = async <T>(what: string, answer: () => T): Promise<T> => {
    const read = reads.push(what) - 1;
    await new Promise(setImmediate);
    const { holds } = store;
    if (holds) await holds;
    if (store.refuses(read, what)) throw new Refusal('unavailable.no_answer');
    return answer();
  };
  const tailOf = (since: number | null): Tail => ({
    epoch: 1,
    seq: store.seq,
    count: store.seq,
    peak: store.seq,
    changes: Array.from({ length: store.seq - (since ?? store.seq) }, (_, k) => {
      const seq = (since ?? 0) + 1 + k;
      return { seq, at: clock.now(), number: seq, seated: true };
    }),
  });
  const engine = {
    now: () => clock.now(),
    watch: () => () => {},
    tail: (noso: string, since: number | null) => asked(noso, () => tailOf(since)),
    seats: (noso: string) => asked(noso, () => ({ epoch: 1, seq: 1, numbers: [1] })),
    changesSince: () => asked('catalogue', () => ({ epoch: 1, revision: 0, changes: [] })),
  } as Partial<Engine> as Engine;
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const catalogue = createCatalogue(engine, clock, onError);
  const broadcast = createBroadcast({ engine, clock, catalogue, random: () => 0, onError });
  const nosos = [1, 2, 3].map((k) => newNoso(engine, { id: `noso ${k}`, veil: 0 }));
  return { clock, store, engine, reads, errors, catalogue, broadcast, nosos };
}

function following(over: Partial<Follower> = {}) {
  const told: number[] = [];
  const count = (feed: Feed) => void told.push(feed.state()?.count ?? -1);
  return { told, follower: { count, numbers: () => {}, reset: count, ...over } };
}

test('W4 F1 each read of a beat in turn fails: it is old, all others are live, and the next beat heals', async () => {
  for (let refused = 0; refused < 4; refused += 1) {
    const { clock, store, reads, catalogue, broadcast, nosos } = house();
    const feeds = nosos.map((noso: Noso) => broadcast.follow(noso, following().follower).feed);
    let beats = 0;
    broadcast.onBeat(() => {
      beats += 1;
    });
    await goOn(clock, 1500);
    // From here on one of the four fails, twice: what it had is then too old.
    const names = ['catalogue', ...nosos.map(({ id }) => id)];
    store.refuses = (_, what) => what === names[refused];
    store.seq = 2;
    const before = reads.length;
    await goOn(clock, 2500);
    assert.ok(reads.length > before + 4);
    assert.is(beats, 4);
    const live = [broadcast.isLive(catalogue), ...feeds.map((feed) => broadcast.isLive(feed))];
    assert.equal(
      live,
      names.map((_, k) => k !== refused),
    );
    const counts = feeds.map((feed) => feed.state()?.count);
    assert.equal(
      counts,
      nosos.map((_, k) => (k + 1 === refused ? 1 : 2)),
    );
    store.refuses = () => false;
    await goOn(clock, 1100);
    assert.ok([catalogue, ...feeds].every((of) => broadcast.isLive(of)));
    assert.ok(feeds.every((feed) => feed.state()?.count === 2));
    broadcast.stop();
  }
});

test('F9 a follower, or a beat, that throws stops no other', async () => {
  const { clock, store, errors, broadcast, nosos } = house();
  const fails = () => {
    throw new RangeError('Invalid time value');
  };
  const [noso] = nosos as [Noso];
  broadcast.follow(noso, following({ count: fails, numbers: fails, reset: fails }).follower);
  const { told, follower } = following();
  broadcast.follow(noso, follower);
  let beats = 0;
  broadcast.onBeat(fails);
  broadcast.onBeat(() => {
    beats += 1;
  });
  await goOn(clock, 1500);
  store.seq = 3;
  await goOn(clock, 1000);
  assert.is(told.at(-1), 3);
  assert.is(beats, 2);
  assert.ok(errors.every((error) => error instanceof RangeError));
  assert.ok(errors.length > 0);
  broadcast.stop();
});

test('W4 an answer that waited while the process was stopped is no count, and no beat', async () => {
  const { clock, store, broadcast, nosos } = house();
  const { told, follower } = following();
  const { feed } = broadcast.follow(nosos[0] as Noso, follower);
  await goOn(clock, 1500);
  assert.is(told.at(-1), 1);
  let arrive = () => {};
  store.holds = new Promise((resolve) => (arrive = resolve));
  feed.read().catch(() => {});
  await goOn(clock, 500);
  store.seq = 2;
  const before = told.length;
  clock.advance(60_000); // as much as the process was stopped for
  store.holds = null;
  arrive();
  for (let turn = 0; turn < 8; turn += 1) await new Promise(setImmediate);
  assert.is(feed.state()?.count, 2, 'it is what is known');
  assert.equal(told.slice(before), [2], 'and is shown as live, once, when it was read anew');
  assert.ok(broadcast.isLive(feed));
  await goOn(clock, 1100);
  assert.is(told.at(-1), 2);
  broadcast.stop();
});
