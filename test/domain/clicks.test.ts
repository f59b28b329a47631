import * as assert from 'uvu/assert';
import { type Click, click, readDone, UNDONE_WITHIN } from '../../src/domain/clicks.js';
import { Refusal } from '../../src/domain/errors.js';
import { totalsAt } from '../../src/domain/record.js';
import * as seating from '../../src/domain/seating.js';
import { suite } from '../support/suite.js';

const test = suite('clicks');

const OPENED = 1_800_000_000_000;
const MINUTE = 60_000;
const TERMS = { endsAt: OPENED + 60 * MINUTE, capacity: null, pocket: null };

type Said = { what: 'in' | 'out'; number: number | null } | { what: 'undo'; of: string };

/** A room, and a way to say something at a door of it: what came of it, as text. */
function room(terms: seating.Terms = TERMS) {
  const state = seating.newSeating(OPENED);
  let count = 0;
  const say = (
    said: Said,
    { key = `k${++count}` as string | null, door = 'a', at = OPENED, now = OPENED } = {},
  ) => {
    const { result, entries } = click(state, terms, { ...said, key, door, at } as Click, now);
    for (const entry of entries) seating.apply(state, entry);
    return `${result.why} ${result.number}`;
  };
  const came = (number: number, options = {}) => say({ what: 'in', number }, options);
  const went = (number: number | null, options = {}) => say({ what: 'out', number }, options);
  const undone = (of: string, options = {}) => say({ what: 'undo', of }, options);
  const seated = () => [...state.seats.keys()];
  const totals = () => totalsAt(state.tally, OPENED + MINUTE);
  return { state, came, went, undone, seated, totals };
}

test('P9 a click is one seat, however often it is sent, whatever has become of the room', () => {
  const { state, came, went, seated, totals } = room();
  assert.is(came(1001, { key: 'x' }), 'ok 1001');
  assert.is(state.seq, 1);
  assert.is(came(1001, { key: 'x' }), 'ok 1001');
  assert.is(state.seq, 1, 'nothing more');
  assert.is(went(1001), 'ok 1001');
  assert.is(
    came(1001, { key: 'x', now: TERMS.endsAt + 1 }),
    'ok 1001',
    'known, also after the end',
  );
  assert.equal(seated(), []);
  assert.is(came(1002), 'ok 1002');
  assert.is(came(1002), 'ok 1002', 'who sits, sits');
  assert.is(state.seats.get(1002)?.by, 'a');
  assert.equal([totals().total, totals().byHand], [2, 2]);
  assert.is(came(1003, { key: null }), 'ok 1003');
  assert.not.ok(
    [...state.clicks.values()].some(({ number }) => number === 1003),
    'without a key',
  );
});

test('P9 from its end on nobody is seated, nor before that more than there is room for', () => {
  const { came, went, seated } = room({ ...TERMS, capacity: 2 });
  came(1001);
  came(1002);
  assert.is(came(1003), 'full 1003');
  assert.is(came(1002), 'ok 1002', 'who sits has room');
  went(1001);
  assert.is(came(1003, { now: TERMS.endsAt - 1 }), 'ok 1003');
  assert.equal(seated(), [1002, 1003]);
  try {
    came(1004, { now: TERMS.endsAt });
    assert.unreachable();
  } catch (error) {
    assert.ok(error instanceof Refusal && error.code === 'not_open');
  }
});

test('P9 who goes without a number is whoever came last by hand, here if anybody did', () => {
  const { state, came, went, seated } = room();
  const phone = { number: 2001, fresh: false, back: false, key: null };
  const proof = { kind: 'entry', issuedAt: OPENED } as const;
  const { entry } = seating.take(state, TERMS, { ...phone, proof }, OPENED);
  seating.apply(state, entry as seating.LogEntry);
  assert.is(went(null), 'not_found 0', 'whoever has a phone goes by it');
  assert.is(went(2001), 'not_found 2001');
  assert.is(went(4004), 'not_found 4004');
  came(1001, { door: 'a' });
  came(1002, { door: 'b' });
  came(1003, { door: 'a' });
  came(1004, { door: 'b' });
  assert.is(went(null, { door: 'a' }), 'ok 1003');
  assert.is(went(null, { door: 'a' }), 'ok 1001');
  assert.is(went(null, { door: 'a' }), 'ok 1004', 'none of this door is left');
  assert.is(went(1002, { door: 'a' }), 'ok 1002', 'by its number, wherever it came');
  assert.equal(seated(), [2001]);
  assert.is(state.marks.get(1002)?.why, 'left');
});

test('P9 L5 what is undone within five minutes never was; once, at its own door, and no undoing', () => {
  const { state, came, undone, seated, totals } = room();
  came(1001, { key: 'x', at: OPENED });
  assert.is(UNDONE_WITHIN, 300_000);
  const late = { at: OPENED + UNDONE_WITHIN + 1 };
  assert.is(undone('x', late), 'conflict.state 1001');
  assert.is(undone('x', { door: 'b' }), 'not_found 0', 'another door');
  assert.is(undone('nothing'), 'not_found 0');
  assert.is(undone('x', { key: 'u', at: OPENED + UNDONE_WITHIN }), 'ok 1001');
  assert.equal(seated(), []);
  assert.equal([totals().total, totals().byHand ?? 0, totals().personMinutes], [0, 0, 0]);
  assert.is(state.marks.get(1001)?.why, 'voided');
  assert.is(undone('x'), 'conflict.state 1001', 'once');
  assert.is(undone('u'), 'not_found 0', 'no undoing');
  assert.ok(readDone(state.clicks.get('x')?.done ?? '').undone);
  assert.is(came(1001), 'ok 1001', 'what was taken back may come');
  assert.is(totals().total, 1);
});

test('P9 a leave that is undone is the seat again, if it is free still and there is room', () => {
  const { state, came, went, undone, seated } = room({ ...TERMS, capacity: 2 });
  came(1001);
  went(1001, { key: 'out' });
  assert.is(undone('out'), 'ok 1001');
  assert.equal(seated(), [1001]);
  assert.is(state.seats.get(1001)?.sitting, 2);
  assert.is(undone('out'), 'conflict.state 1001', 'once');

  went(1001, { key: 'again' });
  came(1001);
  assert.is(undone('again'), 'conflict.state 1001', 'it has come by itself');
  went(1001, { key: 'third' });
  came(1002);
  came(1003);
  assert.is(undone('third'), 'full 1001', 'no room');
  assert.not.ok(readDone(state.clicks.get('third')?.done ?? '').undone, 'it may be tried again');
  went(1003);
  assert.is(undone('third'), 'ok 1001');
});

test('P9 what came by a click that did nothing is not undone, nor what has gone since', () => {
  const { came, went, undone } = room({ ...TERMS, capacity: 1 });
  came(1001, { key: 'x' });
  assert.is(came(1002, { key: 'y' }), 'full 1002');
  assert.is(undone('y'), 'conflict.state 1002');
  went(1001);
  assert.is(undone('x'), 'conflict.state 1001', 'it is over by itself');
  came(1001);
  assert.is(undone('x'), 'conflict.state 1001', 'another sitting');
});

test('L5 what is taken back is in the totals no more, whichever way it came', () => {
  const { state, came, undone, totals } = room();
  const proof = { kind: 'entry', issuedAt: OPENED } as const;
  const phone = { number: 2001, fresh: false, back: false, key: null, proof };
  const { entry } = seating.take(state, TERMS, phone, OPENED);
  seating.apply(state, entry as seating.LogEntry);
  came(1001, { key: 'x' });
  came(1002);
  came(1003);
  undone('x');
  assert.equal([totals().total, totals().byHand], [3, 2]);
  seating.apply(state, seating.takeBack(state, 2001, 1, OPENED) as seating.LogEntry);
  assert.equal([totals().total, totals().byHand], [2, 2]);
});

test('P9 L5 to take back a click that seated nobody new is done once, and takes nobody’s seat', () => {
  const { came, undone, seated, totals, state } = room();
  came(1001, { key: 'first' });
  came(1001, { key: 'again' });
  const { seq } = state;
  assert.is(undone('again', { key: 'u' }), 'ok 1001');
  assert.equal([seated(), totals().total, state.seq], [[1001], 1, seq]);
  assert.is(undone('again', { key: 'v' }), 'conflict.state 1001', 'it is taken back');
  assert.is(undone('again', { key: 'u' }), 'ok 1001', 'sent again');
  assert.is(undone('first', { key: 'w' }), 'ok 1001');
  assert.equal(seated(), []);
});
