import { createHmac } from 'node:crypto';
import jwt from 'jsonwebtoken';
import * as assert from 'uvu/assert';
import { createTokens, type TokenKind } from '../../src/service/tokens.js';
import { suite } from '../support/suite.js';

const test = suite('tokens: who reads them, and what is said of their end');

const SECRET = 'a secret that is long enough for the tests to use';
const OTHER = 'another secret that is long enough for these tests';
const KID = 'pw8GYAL_';
const HOUR = 3600;
const DAY = 24 * HOUR;

const start = Date.UTC(2026, 5, 1);
let now = start;
const tokens = createTokens([SECRET], () => now);
const seconds = () => Math.floor(now / 1000);

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const mac = (body: string) => createHmac('sha256', SECRET).update(body).digest('base64url');
/** A token with this header, which we would have written otherwise, signed with our secret. */
const other = (header: object, more: object = {}) => {
  const claims = { number: 4711, iss: 'noso', aud: 'number', exp: seconds() + 60, ...more };
  const body = `${encode(header)}.${encode(claims)}`;
  return `${body}.${mac(body)}`;
};
const HEADER = { kid: KID, alg: 'HS256', typ: 'JWT' };

/** How often the library is asked to verify while `work` goes on. */
function asked(work: () => void): number {
  const { verify } = jwt;
  let count = 0;
  Object.assign(jwt, {
    verify: (...of: Parameters<typeof verify>) => {
      count += 1;
      return verify(...of);
    },
  });
  try {
    work();
  } finally {
    Object.assign(jwt, { verify });
  }
  return count;
}

test('U1 A2 the key’s id is what every release makes of the secret', () => {
  const [header = ''] = tokens.owner().split('.');
  const written = Buffer.from(header, 'base64url').toString();
  assert.is(written, `{"alg":"HS256","typ":"JWT","kid":"${KID}"}`);
});

test('F3 A2 tokens of ours are read without the library, right or wrong, and all others by it', () => {
  const both = createTokens([OTHER, SECRET], () => now);
  const token = tokens.number(4711);
  for (const [each, good, library] of [
    [token, true, 0],
    [`${token.slice(0, -2)}AA`, false, 0],
    [`${token}x`, false, 0],
    [other(HEADER), true, 1],
    [other({ ...HEADER, kid: 'unknown' }), false, 0],
    [other({ alg: 'HS256' }), false, 0],
    ['', false, 0],
    ['x.y.z', false, 0],
  ] as const) {
    for (const by of [tokens, both]) {
      const count = asked(() => assert.is(by.verify('number', each) !== null, good, each));
      assert.is(count, library, each);
    }
  }
  const again = asked(() => {
    for (let k = 0; k < 3; k += 1) assert.ok(tokens.verify('number', other(HEADER)));
  });
  assert.is(again, 3);
});

test('A2 what is signed is read to the letter: nothing beside the alphabet, no header that is no object', () => {
  const [header = '', text = ''] = tokens.number(4711).split('.');
  for (const odd of [`${text}=`, `${text}\n`, `${text} `, `${text}+`]) {
    const body = `${header}.${odd}`;
    assert.is(tokens.verify('number', `${body}.${mac(body)}`), null, JSON.stringify(odd));
  }
  for (const head of ['5', 'null', '"kid"', '[]', '{}', '{"kid":5}', '{"kid":null}', '{']) {
    const body = `${encode(head)}.${text}`;
    assert.is(tokens.verify('number', `${body}.${mac(body)}`), null, head);
  }
});

test('F4 a token is read up to 1,024 signs', () => {
  for (const [length, is] of [
    [1023, true],
    [1024, true],
    [1025, false],
    [1026, false],
  ] as const) {
    const fits = Array.from({ length: 1000 }, (_, k) => 'x'.repeat(k))
      .flatMap((x) => [other(HEADER, { x }), other({ ...HEADER, x: x.slice(0, 9) }, { x })])
      .find((each) => each.length === length);
    assert.ok(fits, `there is one of ${length}`);
    assert.is(tokens.verify('number', fits as string) !== null, is, `${length}`);
  }
});

test('A8 a number that is not kept outlives its NoSo by an hour, whether that has begun or not', () => {
  now = start + 999; // a second is not over before its end
  for (const startsAt of [now + 3 * DAY * 1000, now, now - 3 * HOUR * 1000]) {
    const claims = tokens.verify('number', tokens.numberAt(4711, 'noso', startsAt));
    const from = Math.max(startsAt, now);
    assert.is(claims?.exp, Math.floor(from / 1000) + 25 * HOUR);
    assert.is(claims?.iat, Math.floor(now / 1000));
  }
  now = start;
});

test('F8 what was good once has expired, of whatever kind; what never was has not', () => {
  const made: Record<TokenKind, string> = {
    number: tokens.number(4711),
    owner: tokens.owner(),
    link: tokens.link('id'),
  };
  const lasts: Record<TokenKind, number> = { number: 365 * DAY, owner: 12 * HOUR, link: 15 * 60 };
  for (const kind of ['number', 'owner', 'link'] as const) {
    const token = made[kind];
    for (const [after, is] of [
      [0, false],
      [lasts[kind] * 1000 - 1, false],
      [lasts[kind] * 1000, true],
      [lasts[kind] * 3000, true],
    ] as const) {
      now = start + after;
      assert.is(tokens.hasExpired(token), is, `${kind} after ${after}`);
      assert.is(tokens.hasExpired(`${token.slice(0, -2)}AA`), false);
      assert.is(createTokens([OTHER], () => now).hasExpired(token), false, 'not one of theirs');
    }
    now = start;
  }
  for (const odd of ['', 'x', 'a.b.c', other(HEADER, { exp: undefined })]) {
    assert.is(tokens.hasExpired(odd), false);
  }
  assert.is(tokens.hasExpired(other(HEADER, { exp: seconds() - 1 })), true);
  assert.is(tokens.hasExpired(other(HEADER, { exp: seconds() - 1, iss: 'else' })), false);
});

test('A8 a tenth of its year is a tenth', () => {
  const claims = { exp: seconds() + 365 * DAY };
  for (const [days, is] of [
    [0, false],
    [36.5, false],
    [36.5 + 1 / DAY, true],
    [400, true],
  ] as const) {
    now = start + days * DAY * 1000;
    assert.is(tokens.worthRenewing(claims), is, `${days}`);
    assert.is(tokens.worthRenewing({ ...claims, noso: 'one' }), false);
  }
  now = start;
});
