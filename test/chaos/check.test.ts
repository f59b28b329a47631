import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { check, type Rules } from './check.js';
import { byHand } from './hands.js';
import { type History, newHistory, type Shown, type Sitting } from './history.js';
import { KINDS, schedule } from './schedule.js';

const test = suite('what chaos checks');

const NOSO = 'n';
const by = { node: 0, died: null };
const RULES: Rules = { capacity: () => null, lossy: false };

const sitting = (number: string, askedAt: number, ackedAt: number | null, over = {}): Sitting => ({
  noso: NOSO,
  number,
  askedAt,
  said: ackedAt === null ? [] : [{ at: ackedAt, by }],
  since: ackedAt,
  leaveAskedAt: null,
  left: null,
  lapsesFrom: null,
  lapsesAt: null,
  ...over,
});

/** A snapshot of `numbers` at `at`. */
const shows = (at: number, numbers: string[], over = {}): Shown => ({
  at,
  connection: at,
  wall: 0,
  node: 0,
  noso: NOSO,
  event: 'snapshot',
  epoch: 1,
  seq: at,
  count: numbers.length,
  numbersSeq: at,
  numbers,
  ...over,
});

const history = (sittings: Sitting[], shown: Shown[], over: Partial<History> = {}): History => ({
  ...newHistory(),
  sittings,
  shown,
  ...over,
});

const rulesBroken = (of: History, rules = RULES): string[] =>
  check(of, rules).violations.map((line) => line.split(' ')[0] as string);

test('a right wall breaks nothing; what is unknown may be shown or not', () => {
  const people = [sitting('1111', 0, 10), sitting('2222', 5, null)];
  assert.equal(rulesBroken(history(people, [shows(9000, ['1111'])])), []);
  assert.equal(rulesBroken(history(people, [shows(9000, ['1111', '2222'])])), []);
});

test('P1 a seat that was acknowledged and is not shown is lost', () => {
  const found = check(history([sitting('1111', 0, 10)], [shows(9000, [])]), RULES);
  assert.is(found.lost.size, 1);
  assert.is(found.violations.length, 1);
});

test('P1 after a failover, what only a dead node acknowledged is counted apart', () => {
  const lone = sitting('1111', 0, null, { said: [{ at: 10, by: { node: 0, died: 500 } }] });
  const found = check(history([lone], [shows(9000, [])]), { ...RULES, lossy: true });
  assert.is(found.lost.size, 0);
  assert.is(found.lostWithNode.size, 1);
});

test('P1 what is acknowledged anew after that is to be shown from then on', () => {
  const said = [
    { at: 10, by: { node: 0, died: 500 } },
    { at: 8990, by },
  ];
  const again = sitting('1111', 0, null, { said });
  const rules = { ...RULES, lossy: true };
  assert.equal(rulesBroken(history([again], [shows(9000, [])]), rules), []);
  assert.equal(rulesBroken(history([again], [shows(13_000, [])]), rules), ['P1']);
  assert.equal(rulesBroken(history([again], [shows(9000, [])])), ['P1'], 'no failover excuses it');
});

test('P4 a number that nobody asked for, that left or that lapsed is a phantom', () => {
  assert.equal(rulesBroken(history([], [shows(9000, ['1111'])])), ['P4']);
  const left = sitting('1111', 0, 10, { leaveAskedAt: 20, left: { at: 30, by } });
  assert.equal(rulesBroken(history([left], [shows(9000, ['1111'])])), ['P4']);
  assert.equal(rulesBroken(history([left], [shows(25, ['1111'])])), []);
  const lapsed = sitting('1111', 0, 10, { lapsesFrom: 2000, lapsesAt: 3000 });
  assert.equal(rulesBroken(history([lapsed], [shows(9000, ['1111'])])), ['P4']);
});

test('P2 P5 a number shown twice, and one too many, are seen', () => {
  const one = [sitting('1111', 0, 10)];
  assert.equal(rulesBroken(history(one, [shows(20, ['1111', '1111'])])), ['P2', 'W2']);
  const two = [sitting('1111', 0, 10), sitting('2222', 0, 10)];
  const rules = { ...RULES, capacity: () => 1 };
  assert.equal(rulesBroken(history(two, [shows(20, ['1111', '2222'])]), rules), ['P5']);
});

test('P9 who was let in at a door has a number that nobody knows, and there are as many as were let in', () => {
  const click = (by: 1 | -1, askedAt: number, ackedAt: number | null, result: string | null) => {
    const what = by > 0 ? ('in' as const) : ('out' as const);
    return { noso: NOSO, id: `${askedAt}`, what, askedAt, ackedAt, by, result };
  };
  const hands = [click(1, 0, 10, 'ok'), click(1, 0, 10, 'full'), click(1, 100, null, null)];
  const shown = (at: number, numbers: string[], over = {}) =>
    rulesBroken(
      history([], [shows(at, numbers)], { hands: [...hands, ...[over].flat()] as never }),
    );
  assert.equal(shown(50, []), [], 'it was just let in');
  assert.equal(shown(9000, []), ['P9'], 'one is lost');
  assert.equal(shown(9000, ['1111']), []);
  assert.equal(shown(9000, ['1111', '2222']), [], 'unknown: it may have been done');
  assert.equal(shown(9000, ['1111', '2222', '3333']), ['P9'], 'one too many');
  const left = click(-1, 200, 210, 'ok');
  assert.equal(shown(9000, ['1111', '2222'], [left]), ['P9'], 'one that left is shown');
  assert.equal(shown(2000, ['1111', '2222'], [left]), [], 'a frame may be so far behind');
  assert.equal(shown(9000, [], [left]), []);
  assert.equal(shown(9000, [], [click(-1, 200, 210, 'not_found')]), ['P9']);
});

test('L5 by hand are those who were let in and not undone', () => {
  const at = { noso: NOSO, askedAt: 0, ackedAt: 1, result: 'ok' };
  const ins = ['a', 'b', 'c'].map((id) => ({ ...at, id, what: 'in' as const, by: 1 as const }));
  const undo = { ...at, id: 'd', what: 'undo' as const, of: 'a', by: -1 as const };
  const out = { ...at, id: 'e', what: 'out' as const, by: -1 as const };
  const some = (least: number, most = least) => ({ least, most });
  assert.equal(byHand([...ins, out]), some(3));
  assert.equal(byHand([...ins, out, undo]), some(2));
  assert.equal(byHand([...ins, { ...undo, result: 'conflict' }]), some(3));
  assert.equal(byHand([...ins, { ...undo, result: null }]), some(2, 3));
  assert.equal(byHand([...ins, { ...at, id: 'f', what: 'in', by: 1, result: null }]), some(3, 4));
});

test('W2 walls that disagree about a position, and a position that goes back, are seen', () => {
  const people = [sitting('1111', 0, 10), sitting('2222', 0, null)];
  const apart = [shows(20, ['1111']), shows(21, ['2222'], { seq: 20, numbersSeq: 20 })];
  assert.ok(rulesBroken(history(people, apart)).includes('W2'));
  const count: Shown = {
    ...{ at: 30, connection: 20, wall: 0, node: 0, noso: NOSO },
    ...{ event: 'count', epoch: 1, seq: 19, count: 1 },
  };
  assert.equal(rulesBroken(history(people, [shows(20, ['1111']), count])), ['W2']);
});

test('W2 numbers are held as of an epoch, and an epoch begins with a snapshot', () => {
  const people = [sitting('1111', 0, 10), sitting('2222', 0, 10), sitting('3333', 0, null)];
  const line = { connection: 20, wall: 0, node: 0, noso: NOSO };
  const before = shows(20, ['1111', '2222'], { seq: 2, numbersSeq: 2 });
  const count = { ...line, at: 30, event: 'count', epoch: 2, seq: 2, count: 1 } as Shown;
  // By their numbers alone, the set of the old epoch would be as of the new one's position.
  const early = check(history(people, [before, count]), RULES).violations;
  assert.equal(early, ['W2 a count of epoch 2 before its snapshot']);
  const numbers = { from: 2, seq: 3, seated: ['3333'], gone: [] };
  const next = { ...line, at: 31, event: 'numbers', epoch: 2, ...numbers } as Shown;
  const applied = check(history(people, [before, next, { ...count, at: 32, seq: 3 }]), RULES);
  assert.equal(applied.violations, ['W2 a numbers of epoch 2 before its snapshot']);
  const anew = { connection: 20, epoch: 2, seq: 2, numbersSeq: 2 };
  assert.equal(rulesBroken(history(people, [before, shows(29, ['2222', '1111'], anew), count])), [
    'W2',
  ]);
});

test('W4 a frame long after Redis went away is seen', () => {
  const people = [sitting('1111', 0, 10)];
  const outages = [{ from: 1000, to: 20_000 }];
  assert.equal(rulesBroken(history(people, [shows(2500, ['1111'])], { outages })), []);
  assert.equal(rulesBroken(history(people, [shows(9000, ['1111'])], { outages })), ['W4']);
});

test('a seed repeats its schedule, and another gives another', () => {
  const of = (seed: number) => schedule({ seed, seconds: 60, kinds: KINDS.standalone, most: 1000 });
  assert.equal(of(4), of(4));
  assert.not.equal(of(4), of(5));
  assert.ok(of(4).length > 20);
  assert.ok(of(4).every(({ at, ms }) => at + ms <= 60_000));
  const fast = schedule({ seed: 4, seconds: 60, kinds: KINDS.standalone, most: 1000, every: 200 });
  assert.ok(fast.length > 2 * of(4).length, `${fast.length}`);
  assert.ok(fast.every(({ at, ms }) => at + ms <= 60_000));
});
