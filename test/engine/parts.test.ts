import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { type LogEntry, newSeating } from '../../src/domain/seating.js';
import { Packer, pieces, sumAfter, unpack } from '../../src/engine/embedded/entries.js';
import { Lapses } from '../../src/engine/embedded/lapses.js';
import { Trail } from '../../src/engine/embedded/trail.js';
import { suite } from '../support/suite.js';
import { seeded } from './seeded.js';

const test = suite('parts of the embedded engine');

const NOW = 1_800_000_000_000;
const numbers = fc.integer({ min: 1000, max: 999_999_999_999_999 });
const times = fc.integer({ min: NOW, max: NOW + 100_000_000 });
const entries = fc.array(
  fc.oneof(
    fc.record({
      what: fc.constant('take' as const),
      at: times,
      number: numbers,
      sitting: fc.integer({ min: 1, max: 65_535 }),
      key: fc.option(fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' })),
    }),
    fc.record({ what: fc.constantFrom('leave', 'lapse'), at: times, number: numbers }),
    fc.record({ what: fc.constant('bound' as const), number: numbers, key: fc.uuid() }),
  ),
);

/** Gives those that change a seat their positions. */
function numbered(list: object[], first: number): LogEntry[] {
  let seq = first;
  return list.map((entry) => ({
    ...entry,
    ...('at' in entry ? { seq: seq++ } : {}),
  })) as LogEntry[];
}

function pack(list: LogEntry[]): Uint8Array<ArrayBuffer> {
  const packer = new Packer();
  for (const entry of list) packer.add(entry);
  return packer.take();
}

test('the log is read as it was written', () => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 1e9 }), (list, first) => {
      const written = numbered(list, first);
      const read: LogEntry[] = [];
      const count = unpack(pack(written), first, (entry) => read.push(entry));
      assert.equal(read, written);
      assert.is(count, written.length);
    }),
  );
});

test('a key in any letters comes back as it was', () => {
  const written = numbered([{ what: 'take', at: NOW, number: 1234, sitting: 1, key: 'é€😀' }], 1);
  unpack(pack(written), 1, (entry) => assert.equal(entry, written[0]));
});

test('a packer that was emptied begins anew', () => {
  fc.assert(
    fc.property(entries, entries, (one, two) => {
      const packer = new Packer();
      for (const entry of numbered(one, 1)) packer.add(entry);
      packer.take();
      for (const entry of numbered(two, 1)) packer.add(entry);
      assert.equal(packer.take(), pack(numbered(two, 1)));
    }),
  );
});

test('F5 the sum tells every byte, and every order', () => {
  fc.assert(
    fc.property(entries, entries, fc.nat(), (one, two, chance) => {
      const [a, b] = [pack(numbered(one, 1)), pack(numbered(two, one.length + 1))];
      const sum = sumAfter(sumAfter(0, a), b);
      assert.is(sumAfter(0, Buffer.concat([a, b])), sum, 'however it was cut into commits');
      const bytes = Buffer.concat([a, b]);
      if (bytes.length === 0) return;
      bytes[chance % bytes.length] = (bytes[chance % bytes.length] as number) ^ 1;
      assert.is.not(sumAfter(0, bytes), sum);
    }),
  );
});

test('a log in pieces is the same log, each piece beginning where it says', () => {
  fc.assert(
    fc.property(entries, fc.integer({ min: 1, max: 5 }), (list, most) => {
      const written = numbered(list, 1);
      const whole = pack(written);
      const cut = [...pieces(whole, most)];
      assert.equal(Buffer.concat(cut.map(({ piece }) => piece)), Buffer.from(whole));
      let place = 1;
      for (const { first, piece } of cut) {
        assert.is(first, place);
        const count = unpack(piece, 1, () => {});
        assert.ok(count > 0 && count <= most);
        place += count;
      }
      assert.is(place, written.length + 1);
    }),
  );
});

test('W2 W6 the trail tells what a whole log would, as far back as it goes', () => {
  const random = seeded(4711);
  const trail = new Trail();
  const log: { at: number; number: number; seated: boolean }[] = [];
  const seated = new Set<number>();
  let at = NOW;
  const grow = (count: number, within: number) => {
    for (let k = 0; k < count; k += 1) {
      at += Math.floor((random() * 2 * within) / count);
      const number = 1000 + Math.floor(random() * 500);
      const seats = !seated.has(number);
      if (seats) seated.add(number);
      else seated.delete(number);
      log.push({ at, number, seated: seats });
      trail.push(at, number, seats);
    }
  };
  const whole = (since: number) =>
    log.slice(since).map((change, k) => ({ ...change, seq: since + 1 + k }));
  /** Who was seated after the first `seq` changes. */
  const setAt = (seq: number) => {
    const set = new Set<number>();
    for (const { number, seated: is } of log.slice(0, seq)) {
      if (is) set.add(number);
      else set.delete(number);
    }
    return set;
  };
  const looksBack = (seq: number, asOf: number) => {
    const { seq: place, before } = trail.undo(seq, asOf);
    const expected = log.findLastIndex((change, k) => k < seq && change.at <= asOf) + 1;
    assert.is(place, expected);
    const then = setAt(place);
    const now = new Set(seated);
    for (const [number, is] of before) {
      if (is) now.add(number);
      else now.delete(number);
    }
    assert.equal([...now].sort(), [...then].sort());
  };

  assert.equal(trail.between(0, 0), []);
  grow(1000, 60_000);
  assert.equal(trail.between(0, 1000), whole(0));
  assert.equal(trail.between(990, 1000), whole(990));
  assert.equal(trail.between(990, 995), whole(990).slice(0, 5));
  assert.is(trail.between(1001, 1000), null);
  for (const ago of [0, 1, 5000, 30_000, 1_000_000]) looksBack(1000, at - ago);
  looksBack(700, at);

  // More than 50,000 changes, older than two minutes: the oldest are let go.
  grow(100_000, 600_000);
  assert.is(trail.between(0, log.length), null);
  assert.equal(trail.between(log.length - 50_000, log.length), whole(log.length - 50_000));
  for (const ago of [0, 60_000, 120_000]) looksBack(log.length, at - ago);
  let [gone, kept] = [0, log.length - 50_000];
  while (kept - gone > 1) {
    const middle = Math.floor((gone + kept) / 2);
    if (trail.between(middle, middle + 1)) kept = middle;
    else gone = middle;
  }
  assert.equal(trail.between(kept, kept + 3), whole(kept).slice(0, 3), 'to the very last');

  // However many there are within two minutes, they are kept.
  const before = log.length;
  grow(200_000, 100_000);
  assert.equal(trail.between(before, log.length), whole(before));
  looksBack(log.length, at - 90_000);
});

test('P4 a seat falls due to the ms, whenever it was taken and however long its pocket is', () => {
  const pocket = 5400;
  for (let k = 0; k < 60; k += 1) {
    const now = NOW + k * 13;
    const state = newSeating(NOW);
    const lapses = new Lapses(pocket, now);
    const phone = { by: null, first: true, free: 0 };
    state.seats.set(4711, { sitting: 1, since: now, seen: now, ...phone });
    lapses.await(4711, 1, now);
    const deadline = now + pocket * 1000;
    for (const at of [now, deadline - 251, deadline - 1]) assert.equal(lapses.due(state, at), []);
    assert.equal(lapses.due(state, deadline), [4711]);
    assert.equal(lapses.due(state, deadline), [], 'once');
  }
});

test('P4 seats fall due when their phones have been silent for a pocket, once', () => {
  const step = fc.record({
    after: fc.oneof(fc.nat(400), fc.nat(5000), fc.constant(100_000)),
    do: fc.constantFrom('sit', 'hear', 'hear', 'go', 'look'),
    number: fc.integer({ min: 1, max: 6 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const pocket = 3;
      let now = NOW;
      let sitting = 0;
      const state = newSeating(NOW);
      const lapses = new Lapses(pocket, now);
      for (const { after, number, ...next } of steps) {
        now += after;
        const silent = [...state.seats].filter(([, seat]) => seat.seen + pocket * 1000 <= now);
        const due = lapses.due(state, now);
        assert.equal(due.sort(), silent.map(([n]) => n).sort());
        for (const n of due) state.seats.delete(n);
        const seat = state.seats.get(number);
        if (next.do === 'sit' && !seat) {
          sitting += 1;
          const phone = { by: null, first: true, free: 0 };
          state.seats.set(number, { sitting, since: now, seen: now, ...phone });
          lapses.await(number, sitting, now);
        }
        if (next.do === 'hear') state.seats.heard(number, now);
        if (next.do === 'go') state.seats.delete(number);
      }
    }),
    { numRuns: 2000 },
  );
});
