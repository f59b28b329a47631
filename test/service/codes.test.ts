import * as assert from 'uvu/assert';
import type { Lifecycle, Noso } from '../../src/domain/noso.js';
import { ALPHABET } from '../../src/protocol/spelling.js';
import { createCodes, STEP_SECONDS } from '../../src/service/codes.js';
import { suite } from '../support/suite.js';

const test = suite('codes');

const STEP = 15_000;
const ACCEPTED = 60_000;
const start = Math.ceil(Date.UTC(2026, 5, 1, 14) / STEP) * STEP;
const CODE = new RegExp(`^[${ALPHABET}]{3}-[${ALPHABET}]{3}-[${ALPHABET}]{3}$`);

const noso = (id: string, more: Partial<Noso> = {}): Noso => ({
  id,
  venue: 'venue',
  title: 'Une heure pour rien',
  startsAt: start,
  endsAt: start + 3_600_000,
  capacity: null,
  entry: 'code',
  show: 'numbers',
  pocket: null,
  veil: 5,
  opens: 'organizer',
  gather: 0,
  life: { is: 'open', openedAt: start, effectiveAt: start, digits: 6 },
  ...more,
});

/** Codes over these NoSos; `set` replaces them, `asked` tells how often somebody went through them. */
function codesOf(nosos: Noso[], secrets = ['one secret']) {
  let held = nosos;
  let revision = 1;
  let asked = 0;
  const codes = createCodes({
    secrets,
    publicUrl: () => 'http://noso.example',
    nosos: () => {
      asked += 1;
      return held;
    },
    revision: () => revision,
  });
  return {
    ...codes,
    asked: () => asked,
    /** The code that shows at `at`. */
    at: (of: Noso, at: number) => codes.shown(of, at)?.code as string,
    set(next: Noso[]) {
      held = next;
      revision += 1;
    },
  };
}

test('a code is nine letters that cannot be mistaken, in a link and with its end', () => {
  const open = noso('a');
  const code = codesOf([open]).shown(open, start + 1000);
  assert.match(code?.code ?? '', CODE);
  assert.is(code?.url, `http://noso.example/j/${code?.code}`);
  assert.is(code?.validUntil, new Date(start + ACCEPTED).toISOString());
});

test('A7 a new code every 15 s, accepted for 60 s from its first showing and not one ms more', () => {
  const open = noso('a');
  const codes = codesOf([open]);
  const seen = new Set<string>();
  for (let k = 0; k < 200; k += 1) {
    const shows = start + k * STEP;
    const code = codes.at(open, shows);
    assert.is(codes.at(open, shows + STEP - 1), code, 'the same to the end of its step');
    assert.is.not(codes.at(open, shows + STEP), code);
    seen.add(code);
  }
  assert.is(seen.size, 200);
  const code = codes.at(open, start);
  // Nothing is cut off, or left out, at a sign that is none.
  for (const typed of [code.replace('-', '\0'), `${code.slice(0, 5)}\0${code.slice(5)}`]) {
    assert.is(codes.lookUp(typed, start), null, JSON.stringify(typed));
  }
  for (const [after, is] of [
    [-1, null],
    [0, 'a'],
    [STEP, 'a'],
    [ACCEPTED - 1, 'a'],
    [ACCEPTED, null],
    [3_600_000, null],
  ] as const) {
    assert.is(codes.lookUp(code, start + after), is, `${after} ms after its first showing`);
  }
});

test('entry by link: one code until the close, in no relation to the rotating ones', () => {
  const open = noso('a', { entry: 'link' });
  const codes = codesOf([open]);
  const code = codes.at(open, start);
  assert.is(codes.at(open, start + 3_000_000), code);
  assert.is(codes.lookUp(code, start + 3_000_000), 'a');
  assert.is(codes.shown(open, start)?.validUntil, new Date(open.endsAt).toISOString());
  assert.is.not(codesOf([open]).at(noso('a'), start), code);
});

test('L6 the code of a link is printed beforehand, is the same when it opens, and is on no wall', () => {
  const waits = noso('a', { entry: 'link', life: { is: 'scheduled' } });
  const codes = codesOf([waits]);
  const { code } = codes.printed(waits, start) ?? { code: '' };
  assert.match(code, CODE);
  assert.is(codes.shown(waits, start), null);
  assert.is(codes.lookUp(code, start), 'a', 'whoever scans it is told that it is too early');
  const open = noso('a', { entry: 'link' });
  assert.is(codes.at(open, start), code);
  assert.is(codes.printed(open, start), null);
});

test('a code is read in any case, with or without its dashes, and never from anything else', () => {
  const open = noso('a');
  const codes = codesOf([open]);
  const code = codes.at(open, start);
  const bare = code.replaceAll('-', '');
  for (const typed of [
    code.toLowerCase(),
    bare,
    ` ${bare.toLowerCase()} `,
    code.replaceAll('-', ' '),
    code.replaceAll('-', '–'),
    bare.split('').join('-'),
  ]) {
    assert.is(codes.lookUp(typed, start), 'a', typed);
  }
  for (const typed of ['', '-', bare.slice(1), `${bare}3`, bare.replace(/.$/, 'A')]) {
    assert.is(codes.lookUp(typed, start), null, typed);
  }
  assert.is(codes.lookUp('x'.repeat(1_000_000), start), null);
  for (const name of ['__proto__', 'constructor', 'toString']) {
    assert.is(codes.lookUp(name, start), null);
  }
});

test('L6 a NoSo has a code while it is open, not before and never after', () => {
  const waits = noso('a', { life: { is: 'scheduled' } });
  const codes = codesOf([waits]);
  assert.is(codes.shown(waits, start), null);
  assert.is(codes.printed(waits, start), null);
  codes.set([noso('a')]);
  const code = codes.at(noso('a'), start);
  assert.is(codes.lookUp(code, start), 'a');
  const over: Lifecycle[] = [
    {
      is: 'closed',
      openedAt: start,
      beganAt: start,
      closedAt: start,
      effectiveAt: start,
      totals: { peak: 0, total: 0, personMinutes: 0, series: [] },
    },
    { is: 'cancelled', cancelledAt: start, effectiveAt: start },
  ];
  for (const life of over) {
    const past = noso('a', { life });
    codes.set([past]);
    assert.is(codes.shown(past, start), null, life.is);
    assert.is(codes.lookUp(code, start), null, life.is);
  }
  codes.set([]);
  assert.is(codes.lookUp(code, start), null);
});

test('each NoSo has codes of its own, and 1,000 of them are told apart', () => {
  const many = Array.from({ length: 1000 }, (_, k) => noso(`noso-${k}`));
  const codes = codesOf(many);
  const by = new Map(many.map((each) => [codes.at(each, start + STEP), each.id]));
  assert.is(by.size, 1000);
  for (const [code, id] of by) assert.is(codes.lookUp(code, start + STEP), id);
});

test('secrets rotate: the first shows, all are accepted, also as the steps go by', () => {
  const open = noso('a');
  const old = codesOf([open], ['old']);
  const both = codesOf([open], ['new', 'old']);
  const fresh = codesOf([open], ['new']);
  for (let k = 0; k < 10; k += 1) {
    const at = start + k * STEP;
    assert.is(both.at(open, at), fresh.at(open, at));
    assert.is(both.lookUp(old.at(open, at), at + 1), 'a');
    assert.is(both.lookUp(both.at(open, at), at + 1), 'a');
    for (const each of [both, old]) {
      const before = each.at(open, at - STEP);
      assert.is(both.lookUp(before, at + 1), 'a', 'and the one before');
    }
    assert.is(fresh.lookUp(old.at(open, at), at + 1), null);
  }
});

test('letters are even: no code is likelier than another', () => {
  const open = noso('a');
  const codes = codesOf([open]);
  const tally = new Map<string, number>();
  const draws = 5000;
  for (let k = 0; k < draws; k += 1) {
    for (const letter of codes.at(open, start + k * STEP).replaceAll('-', '')) {
      tally.set(letter, (tally.get(letter) ?? 0) + 1);
    }
  }
  const mean = (draws * 9) / ALPHABET.length;
  assert.is(tally.size, ALPHABET.length);
  const chi = [...tally.values()].reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0);
  assert.ok(chi < 60, `χ² of ${chi} at ${ALPHABET.length - 1} degrees of freedom`);
});

test('F6 codes are made anew when the step or the NoSos change, and for nothing else', () => {
  const open = noso('a');
  const codes = codesOf([open]);
  const code = codes.at(open, start);
  const look = (typed: string, at: number) => {
    const before = codes.asked();
    return [codes.lookUp(typed, at), codes.asked() - before];
  };
  assert.equal(look('no code', start), [null, 0], 'what is none is not looked for');
  assert.equal(look(code, start), ['a', 1]);
  assert.equal(look(code, start + STEP - 1), ['a', 0]);
  assert.equal(look('MMM-MMM-MMM', start + STEP - 1), [null, 0]);
  assert.equal(look(code, start + STEP), ['a', 1]);
  codes.set([open, noso('b')]);
  assert.equal(look(code, start + STEP), ['a', 1]);
  const before = codes.asked();
  assert.is(codes.lookUpPast('no code', start), null);
  assert.is(codes.asked(), before);
});

test('A7 a code shows for 15 s', () => {
  assert.is(STEP_SECONDS, 15);
});
