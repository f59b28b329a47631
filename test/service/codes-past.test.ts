import * as assert from 'uvu/assert';
import type { Lifecycle, Noso } from '../../src/domain/noso.js';
import { createCodes } from '../../src/service/codes.js';
import { suite } from '../support/suite.js';

const test = suite('codes that have gone by');

const STEP = 15_000;
const start = Math.ceil(Date.UTC(2026, 5, 1, 14) / STEP) * STEP;

const noso = (id: string, more: Partial<Noso> = {}) =>
  ({
    ...{ id, endsAt: start + 3_600_000, entry: 'code' },
    life: { is: 'open', openedAt: start, effectiveAt: start, digits: 6 },
    ...more,
  }) as Noso;

/** Codes over these NoSos; `set` replaces them. */
function codesOf(nosos: Noso[], secrets = ['one secret']) {
  let held = nosos;
  let revision = 1;
  const codes = createCodes({
    secrets,
    publicUrl: () => 'http://noso.example',
    nosos: () => held,
    revision: () => revision,
  });
  return {
    ...codes,
    at: (of: Noso, at: number) => codes.shown(of, at)?.code as string,
    set(next: Noso[]) {
      held = next;
      revision += 1;
    },
  };
}

const closedAt = (closedAt: number): Lifecycle => ({
  ...{ is: 'closed', openedAt: start, beganAt: start, closedAt, effectiveAt: closedAt },
  totals: { peak: 0, total: 0, personMinutes: 0, series: [] },
});
const voided = (until: number): Noso =>
  noso('a', {
    life: {
      ...{ is: 'open', openedAt: start, effectiveAt: start, digits: 6 },
      voids: [{ since: start, until, freed: 0 }],
    },
  });

test('P3 P8 a code that has gone by is known by its NoSo since the opening, and by no other', () => {
  const [a, b] = [noso('a'), noso('b')];
  const codes = codesOf([a, b]);
  const late = start + 100 * STEP;
  for (const k of [0, 1, 2, 50, 99, 100]) {
    const code = codes.at(b, start + k * STEP);
    assert.is(codes.lookUpPast(code, late), 'b', `${k}`);
    assert.equal([codes.isOf(b, code, late), codes.isOf(a, code, late)], [true, false], `${k}`);
  }
  for (const k of [-1, 101]) {
    const code = codes.at(b, start + k * STEP);
    assert.is(codes.lookUpPast(code, late), null, 'before the opening, or still to come');
    assert.is(codes.isOf(b, code, late), false);
  }
  const first = codes.at(a, start);
  codes.set([noso('a', { life: { is: 'scheduled' } }), b]);
  assert.is(codes.lookUpPast(first, late), null, 'of what is open alone');
  assert.is(codes.isOf(noso('a', { life: { is: 'scheduled' } }), first, late), false);
  const cancelled: Lifecycle = { is: 'cancelled', cancelledAt: start, effectiveAt: start };
  assert.is(codes.isOf(noso('a', { life: cancelled }), first, late), false);
  assert.is(codes.isOf(a, 'no code', late), false);
  const old = codesOf([a], ['old']);
  assert.is(codesOf([a], ['new', 'old']).lookUpPast(old.at(a, start), late), 'a', 'by any secret');
  assert.is(codesOf([a], ['new', 'old']).lookUpPast(first, late), null);
});

test('P8 of a closed NoSo it is those that it showed until the close', () => {
  const codes = codesOf([]);
  const past = noso('a', { life: closedAt(start + 10 * STEP) });
  const at = (k: number) => codes.at(noso('a'), start + k * STEP);
  const late = start + 20 * STEP;
  assert.equal(
    [0, 10, 11, 20].map((k) => codes.isOf(past, at(k), late)),
    [true, true, false, false],
  );
});

test('P8 once seats were taken back the codes until then are no good, and are known as its own', () => {
  const before = noso('a');
  const after = voided(start + STEP);
  const codes = codesOf([before]);
  const first = codes.at(before, start);
  assert.is(codes.lookUp(first, start), 'a');
  codes.set([after]);
  assert.is(codes.lookUp(first, start), null);
  assert.is(codes.lookUpPast(first, start), 'a');
  assert.is(codes.isOf(after, first, start), true);
  const second = codes.at(after, start);
  assert.is.not(second, first, 'walls show another');
  assert.is(codes.lookUp(second, start), 'a');
  assert.is(codes.lookUpPast(second, start), 'a');
  assert.is.not(codes.at(voided(start + 2 * STEP), start), second, 'and another after each');
});

test('F6 how far back it is looked is bounded: 20,000 codes in all, 2,000 of one', () => {
  const open = noso('a', { endsAt: start + 1_000_000 * STEP });
  const late = start + 30_000 * STEP;
  const codes = codesOf([open]);
  const at = (back: number) => codes.at(open, late - back * STEP);
  assert.is(codes.lookUpPast(at(20_000), late), 'a');
  assert.is(codes.lookUpPast(at(20_001), late), null);
  assert.is(codes.isOf(open, at(2000), late), true);
  assert.is(codes.isOf(open, at(2001), late), false);
  const two = codesOf([open, noso('b')], ['one secret', 'another']);
  assert.is(two.lookUpPast(at(5000), late), 'a', 'shared among NoSos and secrets');
  assert.is(two.lookUpPast(at(5001), late), null);
});
