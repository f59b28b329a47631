import fc from 'fast-check';
import * as assert from 'uvu/assert';
import {
  type Held,
  NOTHING_HELD,
  onCode,
  onCount,
  onNumbers,
  onSnapshot,
  settled,
} from '../../../client/wall/model/held.js';
import { serverClock } from '../../../client/wall/model/serverClock.js';
import type { NosoState, Snapshot } from '../../../src/protocol/wire.js';
import { seeded } from '../../engine/seeded.js';
import { suite } from '../../support/suite.js';
import { snapshotAt } from './snapshot.js';

const test = suite('what a wall holds');
const NOW = 1_000_000;

const holding = (change: Partial<Snapshot> = {}): Held =>
  onSnapshot(
    NOTHING_HELD,
    snapshotAt(NOW, { count: 3, seq: 7, numbersSeq: 5, numbers: ['1', '2', '3'], ...change }),
    NOW,
  );
const count = (seq: number, count: number, epoch = 1) => ({ epoch, seq, count, serverTime: NOW });
const numbers = (from: number, seq: number, seated: string[], gone: string[] = [], epoch = 1) => ({
  epoch,
  from,
  seq,
  seated,
  gone,
});

test('W2 a count with a lower (epoch, seq) is ignored, and is no beat', () => {
  const held = holding({ epoch: 2 });
  for (const frame of [count(6, 99, 2), count(99, 99, 1)]) {
    const step = onCount(held, { ...frame, serverTime: NOW + 9000 }, NOW);
    assert.equal(step, { held, sync: false });
  }
  assert.is(onCount(held, count(7, 4, 2), NOW).held.now?.count, 4);
  assert.is(onCount(held, count(8, 5, 2), NOW).held.now?.count, 5);
});

test('W2 numbers apply to what is held as of `from`; a gap asks for a snapshot', () => {
  const held = holding();
  const good = onNumbers(held, numbers(5, 9, ['4'], ['1']), NOW);
  assert.not.ok(good.sync);
  assert.equal([...(good.held.now?.numbers ?? [])], ['2', '3', '4']);
  assert.is(good.held.now?.numbersSeq, 9);
  const gap = onNumbers(held, numbers(6, 9, ['4']), NOW);
  assert.ok(gap.sync);
  assert.is(gap.held.now?.numbers, held.now?.numbers);
  const old = onNumbers(good.held, numbers(5, 9, ['4'], ['1']), NOW);
  assert.equal(old, { held: good.held, sync: false });
});

test('W2 numbers of a new epoch do not follow on those of the old, though their positions fit', () => {
  const held = onCount(holding(), count(5, 2, 2), NOW).held;
  const step = onNumbers(held, numbers(5, 6, ['9'], [], 2), NOW);
  assert.equal(step, { held, sync: true });
});

test('W2 a higher epoch asks for a snapshot, which resets both', () => {
  const held = holding();
  assert.ok(onCount(held, count(1, 2, 2), NOW).sync);
  assert.ok(onNumbers(held, numbers(5, 9, [], [], 2), NOW).sync);
  const reset = onSnapshot(held, snapshotAt(NOW, { epoch: 1, seq: 0, count: 0 }), NOW);
  assert.is(reset.now?.seq, 0);
  assert.is(onCount(reset, count(1, 1), NOW).held.now?.count, 1);
});

test('W2 whatever is lost or repeated, a wall that syncs on gaps never shows a wrong set', () => {
  const change = fc.record({
    number: fc.integer({ min: 0, max: 12 }),
    lost: fc.boolean(),
    twice: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      let held = holding({ seq: 0, numbersSeq: 0, numbers: [], count: 0 });
      const truth = new Set<string>();
      let seq = 0;
      const sets = new Map([[0, '']]);
      for (const { number, lost, twice } of changes) {
        const name = String(number);
        const seated = truth.delete(name) ? [] : [name];
        const gone = seated.length > 0 ? [] : [name];
        if (seated.length > 0) truth.add(name);
        const frame = numbers(seq, seq + 1, seated, gone);
        seq += 1;
        sets.set(seq, [...truth].sort().join());
        for (let times = lost ? 0 : twice ? 2 : 1; times > 0; times--) {
          const step = onNumbers(held, frame, NOW);
          held = step.sync
            ? onSnapshot(held, snapshotAt(NOW, { seq, numbersSeq: seq, numbers: [...truth] }), NOW)
            : step.held;
        }
        const shown = held.now;
        assert.is([...(shown?.numbers ?? [])].sort().join(), sets.get(shown?.numbersSeq ?? -1));
      }
    }),
  );
});

test('W7 a change of state waits for its instant, and frames that follow belong to it', () => {
  const state = (to: NosoState, rest: Partial<Snapshot> = {}) =>
    snapshotAt(NOW, { effectiveAt: NOW + 1000, ...rest }, { state: to });
  const before = onSnapshot(NOTHING_HELD, snapshotAt(NOW, {}, { state: 'scheduled' }), NOW);
  let held = onSnapshot(before, state('open', { count: 0 }), NOW);
  assert.is(held.now?.noso?.state, 'scheduled');
  held = onCount(held, count(1, 2), NOW + 500).held;
  assert.is(settled(held, NOW + 999).now?.noso?.state, 'scheduled');
  held = settled(held, NOW + 1000);
  assert.equal([held.now?.noso?.state, held.now?.count], ['open', 2]);
  assert.is(held.next, null);

  const closing = onSnapshot(held, state('closed', { effectiveAt: NOW + 3000 }), NOW + 2000);
  assert.is(closing.now?.count, 2);
  assert.is(settled(closing, NOW + 3000).now?.noso?.state, 'closed');
  assert.equal(settled(closing, NOW + 3000).seen, { noso: 'noso', count: 2, at: NOW });
});

test('a change within a state takes effect at once', () => {
  const held = holding({ effectiveAt: NOW - 5000 });
  const extended = snapshotAt(NOW, { effectiveAt: NOW + 1000 }, { title: 'Longer' });
  assert.is(onSnapshot(held, extended, NOW).now?.noso?.title, 'Longer');
  const code = { code: 'A', url: 'u', validUntil: '' };
  assert.is(onCode(held, code, NOW).now?.code, code);
});

test('the server’s clock is that of the frame that was least late', () => {
  const clock = serverClock();
  assert.is(clock.timeAt(0), null);
  clock.heard(1_000_000, 300); // 300 ms late if the truth is 1,000,000 at 0
  assert.is(clock.timeAt(1000), 1_000_700);
  clock.heard(1_002_000, 2020);
  assert.is(clock.timeAt(3000), 1_002_980);
  clock.heard(1_004_000, 4500);
  assert.is(clock.timeAt(5000), 1_004_980, 'a late frame teaches nothing');
  clock.heard(940_000, 40_000);
  assert.is(
    clock.timeAt(40_000),
    940_000,
    'a clock that was set back is followed in half a minute',
  );
});

test('the server’s clock is that of the frame of half a minute that was least late, however they come', () => {
  const random = seeded(7);
  const clock = serverClock();
  const heard: { offset: number; local: number }[] = [];
  for (let local = 0; local < 400_000; local += 1 + Math.floor(random() * 900)) {
    // Each is late by something, and every hundred seconds the server's clock is another.
    const offset = Math.floor(local / 100_000) * (random() < 0.5 ? -700 : 300) - random() * 400;
    clock.heard(offset + local, local);
    heard.push({ offset, local });
    const counts = heard.filter((each) => each.local > local - 30_000);
    const best = Math.max(...counts.map((each) => each.offset));
    assert.ok(Math.abs((clock.timeAt(local) ?? 0) - (local + best)) < 1e-6, `at ${local}`);
  }
});
