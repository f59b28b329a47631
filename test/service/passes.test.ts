import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createPasses } from '../../src/service/passes.js';
import { createTokens } from '../../src/service/tokens.js';
import { suite } from '../support/suite.js';

const test = suite('passes');

const SECRET = 'a secret that is long enough for the tests to use';
const OTHER = 'another secret that is long enough for these tests';
const DAY = 86_400_000;

let now = Date.UTC(2026, 5, 1);
const passes = createPasses([SECRET], () => now);

/** These fields with a MAC that fits. */
function forge(fields: string, secret = SECRET): string {
  const key = createHmac('sha256', secret).update('pass').digest();
  return `${fields}.${createHmac('sha256', key).update(fields).digest('base64url').slice(0, 22)}`;
}

test('a pass says what it was made of: the NoSo, and the seat it is of', () => {
  const { key, ...entry } = passes.read(passes.entry('noso', now - 5, now)) ?? {};
  assert.equal(entry, {
    noso: 'noso',
    proof: { kind: 'entry', issuedAt: now - 5 },
    number: null,
  });
  assert.match(key as string, /^[\w-]{22}$/);
  assert.equal(passes.read(passes.seat('noso', 4711, 2, now)), {
    noso: 'noso',
    proof: { kind: 'seat', sitting: 2 },
    number: 4711,
    key: null,
  });
  assert.equal(passes.read(forge(`s.noso.4711.2.${now + 1}`))?.number, 4711, 'as others vary it');
});

test('P8 A8 each entry pass is another, and is known to a store by a digest alone', () => {
  const [one, two] = [passes.entry('noso', now, now), passes.entry('noso', now, now)];
  const keyOf = (pass: string, by = passes) => by.read(pass)?.key as string;
  assert.is.not(one, two, 'of the same instant');
  assert.is.not(keyOf(one), keyOf(two));
  assert.is(keyOf(one), keyOf(one));
  assert.not.ok(one.includes(keyOf(one)) || keyOf(one).includes(one.slice(-22)));
  assert.is.not(passes.keyOfId('noso', 'x'.repeat(16)), passes.keyOfId('other', 'x'.repeat(16)));
  // Amidst a rotation nodes agree: those that sign with the new secret, and those that do not know it.
  const rotated = createPasses([OTHER, SECRET], () => now);
  assert.is(keyOf(one, rotated), keyOf(one));
  assert.is(rotated.keyOfId('noso', 'an id of my own'), passes.keyOfId('noso', 'an id of my own'));
  // Version 1's had no id.
  const old = forge(`e.noso.${now}.${now + 1}`);
  assert.match(keyOf(old), /^[\w-]{22}$/);
});

test('A2 no pass is good as one of another kind, nor a token as a pass', () => {
  const later = now + DAY;
  for (const fields of [
    `e.noso.4711.2.3.${later}`,
    `s.noso.4711.${later}`,
    `x.noso.4711.${later}`,
    `e.noso.${later}`,
    `e.${later}`,
    '',
    'e',
    'e.noso',
    `e.noso.${now}.never`,
    `e.noso.${now}.`,
  ]) {
    assert.is(passes.read(forge(fields)), null, fields);
  }
  assert.is(passes.read(createTokens([SECRET], () => now).number(4711)), null);
});

test('A2 secrets rotate: the first signs, all read, and one that is gone reads nothing', () => {
  const rotated = createPasses([OTHER, SECRET], () => now);
  const old = passes.entry('noso', now, now);
  assert.is(rotated.read(old)?.noso, 'noso');
  const fresh = rotated.entry('noso', now, now);
  assert.is(passes.read(fresh), null);
  assert.is(createPasses([OTHER], () => now).read(fresh)?.noso, 'noso');
  assert.is(createPasses([OTHER], () => now).read(old), null);
  assert.throws(() => createPasses([], () => now));
});

test('passes outlive the longest NoSo, whatever happens to its end, and then expire', () => {
  const start = now;
  const seat = passes.seat('noso', 4711, 1, start);
  const entry = passes.entry('noso', start, start + DAY);
  now = start + DAY;
  assert.ok(passes.read(seat));
  now = start + 2 * DAY;
  assert.is(passes.read(seat), null);
  assert.ok(passes.read(entry));
  now = start + 3 * DAY;
  assert.is(passes.read(entry), null);
  now = start;
});

test('A2 F4 whatever text is shown for a pass, reading says no and does not throw', () => {
  const good = passes.seat('noso', 4711, 1, now);
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'binary', minLength: 22, maxLength: 22 }).map((mac) => `e.noso.1.2.${mac}`),
    // One letter of a good pass changed, or some left out.
    fc
      .tuple(fc.nat(good.length - 1), fc.constantFrom('A', '1', '_', '.', '=', ' ', '\n', 'é', ''))
      .map(([at, by]) => good.slice(0, at) + by + good.slice(at + 1))
      .filter((each) => each !== good),
  );
  fc.assert(
    fc.property(text, (each) => {
      assert.is(passes.read(each), null, each);
    }),
    { seed: 20260601, numRuns: 5000 },
  );
  const began = process.cpuUsage();
  for (let k = 0; k < 2000; k += 1) passes.read(`${'x'.repeat(1_000_000)}.y`);
  assert.ok(process.cpuUsage(began).user < 2_000_000);
});

test('F4 a pass is read up to 256 signs, and to the very end of its time', () => {
  const long = (length: number) => {
    const bare = passes.entry('', now, now).length;
    return passes.entry('x'.repeat(length - bare), now, now);
  };
  for (const [length, is] of [
    [256, true],
    [257, false],
  ] as const) {
    assert.is(long(length).length, length);
    assert.is(passes.read(long(length)) !== null, is, `${length}`);
  }
  for (const [until, is] of [
    [now + 1, true],
    [now, false],
    [now - 1, false],
  ] as const) {
    assert.is(passes.read(forge(`s.noso.4711.2.${until}`)) !== null, is);
    assert.is(passes.read(forge(`e.noso.${now}.id.${until}`)) !== null, is);
  }
  assert.throws(() => createPasses([], () => now), /a secret is needed/);
});

test('A8 P10 what a store and people remember is of one NoSo, door, number and sitting each', () => {
  const { keyOfId, keyOfClick, returnCode } = passes;
  const all = [
    ...[keyOfId('a', 'x'), keyOfId('b', 'x'), keyOfId('a', 'y')],
    ...[keyOfClick('a', 'd', 'x'), keyOfClick('b', 'd', 'x'), keyOfClick('a', 'e', 'x')],
    ...[keyOfClick('a', 'd', 'y'), returnCode('a', 4711, 1), returnCode('b', 4711, 1)],
    ...[returnCode('a', 4712, 1), returnCode('a', 4711, 2)],
  ];
  assert.is(new Set(all).size, all.length);
  const again = createPasses([OTHER, SECRET], () => now);
  assert.is(
    again.keyOfId('a', 'x'),
    all[0],
    'by the last secret, so that nodes amidst a rotation agree',
  );
  assert.is.not(createPasses([OTHER], () => now).keyOfId('a', 'x'), all[0]);
});
