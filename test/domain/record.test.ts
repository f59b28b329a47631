import fc from 'fast-check';
import * as assert from 'uvu/assert';
import {
  newTally,
  publicFigure,
  tallyChange,
  tallyVoid,
  totalsAt,
} from '../../src/domain/record.js';
import { suite } from '../support/suite.js';
import { Paper } from './naive.js';

const test = suite('the record');

const OPENED = 1_800_000_000_000;
const MINUTE = 60_000;

/** Who comes or goes, and how long after whoever was before. */
const comings = fc.array(
  fc.record({
    after: fc.oneof(fc.constantFrom(0, 1, 59_999, 60_000, 120_000), fc.nat(10 * MINUTE)),
    number: fc.integer({ min: 1, max: 6 }),
  }),
  { maxLength: 60 },
);

function lived(list: { after: number; number: number }[]) {
  const tally = newTally(OPENED);
  const paper = new Paper(OPENED, { endsAt: Infinity, capacity: null, pocket: null });
  let at = OPENED;
  for (const { after, number } of list) {
    at += after;
    const sits = paper.sits(number);
    tallyChange(tally, at, sits ? -1 : 1, paper.last(number) === undefined);
    const what = sits ? 'leave' : 'take';
    paper.happened.push({ at, number, what, sitting: 1 });
  }
  return { tally, paper, at };
}

test('L5 the record is exact: peak, total, minutes and series, whenever it closes', () => {
  fc.assert(
    fc.property(comings, fc.nat(10 * MINUTE), (list, later) => {
      const { tally, paper, at } = lived(list);
      assert.equal(totalsAt(tally, at + later), paper.record(at + later));
    }),
    { numRuns: 2000 },
  );
});

test('L5 looking at the record leaves it as it is', () => {
  fc.assert(
    fc.property(comings, (list) => {
      const { tally, at } = lived(list);
      const before = structuredClone(tally);
      totalsAt(tally, at + 5 * MINUTE);
      assert.equal(tally, before);
    }),
  );
});

test('L5 person-minutes are rounded once, at the end', () => {
  const tally = newTally(OPENED);
  // Three people, 29 s each: 87 s, a minute and a half. Rounded one by one they would be none.
  for (const start of [0, 30_000, 60_000]) {
    tallyChange(tally, OPENED + start, 1, true);
    tallyChange(tally, OPENED + start + 29_000, -1, false);
  }
  assert.is(totalsAt(tally, OPENED + 10 * MINUTE).personMinutes, 1);
  tallyChange(tally, OPENED + 2 * MINUTE, 1, true);
  assert.is(totalsAt(tally, OPENED + 2 * MINUTE + 3000).personMinutes, 2);
});

test('L5 what is taken back the instant it was taken takes no millisecond of anybody', () => {
  const half = OPENED + MINUTE / 2;
  const tally = newTally(OPENED);
  tallyChange(tally, OPENED, 1, true);
  tallyChange(tally, half, 1, true);
  tallyVoid(tally, half, { since: half, first: true, byHand: false });
  tallyChange(tally, half, -1, false);
  const { total, peak, personMinutes } = totalsAt(tally, half);
  assert.equal([total, peak, personMinutes], [1, 2, 1], 'half a minute is rounded up, to the ms');
});

test('L5 a NoSo that nobody came to has a record too', () => {
  assert.equal(totalsAt(newTally(OPENED), OPENED + 90_000), {
    peak: 0,
    total: 0,
    personMinutes: 0,
    series: [
      { at: OPENED, count: 0 },
      { at: OPENED + MINUTE, count: 0 },
      { at: OPENED + 90_000, count: 0 },
    ],
  });
});

test('A6 public figures: none under 10, then rounded to 10', () => {
  for (const few of [0, 1, 9]) assert.is(publicFigure(few), null);
  const pairs = [
    [10, 10],
    [14, 10],
    [15, 20],
    [94, 90],
    [95, 100],
    [1234, 1230],
  ] as const;
  for (const [total, shown] of pairs) assert.is(publicFigure(total), shown);
});

test('L5 L6 person-minutes are those of the silence, whenever it begins', () => {
  fc.assert(
    fc.property(comings, fc.nat(10 * MINUTE), (list, later) => {
      const { tally: all, at } = lived(list);
      const began = OPENED + later;
      const tally = newTally(OPENED, began);
      const before = newTally(OPENED);
      const sits = new Set<number>();
      let time = OPENED;
      for (const { after, number } of list) {
        time += after;
        const by = sits.has(number) ? -1 : 1;
        if (by === 1) sits.add(number);
        else sits.delete(number);
        tallyChange(tally, time, by, false);
        // What was before the beginning, counted by itself.
        if (time <= began) tallyChange(before, time, by, false);
      }
      const end = Math.max(at, began);
      const gathered = seatedUntil(before, began);
      assert.is(seatedUntil(tally, end), seatedUntil(all, end) - gathered);
    }),
  );
});

/** Seated milliseconds: the totals say minutes. */
function seatedUntil(tally: ReturnType<typeof newTally>, at: number): number {
  const copy = { ...tally, minutes: [...tally.minutes] };
  tallyChange(copy, at, 1, false);
  return copy.seated;
}

test('L5 P9 how many were seated by hand is in the record from the first of them on', () => {
  const tally = newTally(OPENED);
  tallyChange(tally, OPENED, 1, true);
  assert.not.ok('byHand' in totalsAt(tally, OPENED + MINUTE));
  for (const byHand of [1, 2]) {
    tallyChange(tally, OPENED + byHand, 1, true, true);
    tallyChange(tally, OPENED + byHand, -1, false);
    tallyChange(tally, OPENED + byHand, 1, false, true);
    assert.is(totalsAt(tally, OPENED + MINUTE).byHand, byHand, 'each once');
  }
  assert.is(totalsAt(tally, OPENED + MINUTE).total, 3);
});
