import { createHmac, createSecretKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import jwt from 'jsonwebtoken';
import * as assert from 'uvu/assert';
import { createTokens, type TokenKind } from '../../src/service/tokens.js';
import { suite } from '../support/suite.js';

const test = suite('tokens');

const SECRET = 'a secret that is long enough for the tests to use';
const OTHER = 'another secret that is long enough for these tests';
const KINDS: TokenKind[] = ['number', 'owner', 'link'];
const DAY = 86_400_000;

let now = Date.UTC(2026, 5, 1);
const tokens = createTokens([SECRET], () => now);
const some: { [K in TokenKind]: () => string } = {
  number: () => tokens.number(4711),
  owner: () => tokens.owner(),
  link: () => tokens.link('id'),
};

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString());

/** A token with this header and payload, signed with `secret` by HMAC-SHA-256. */
function forge(header: unknown, payload: unknown, secret = SECRET): string {
  const body = `${encode(header)}.${encode(payload)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
}

const { kid } = headerOf(tokens.number(4711));
const header = { alg: 'HS256', typ: 'JWT', kid };
const payload = () => ({
  number: 4711,
  iss: 'noso',
  aud: 'number',
  iat: Math.floor(now / 1000),
  exp: Math.floor(now / 1000) + 60,
});

test('A2 a token of one kind is no token of another', () => {
  for (const made of KINDS) {
    for (const asked of KINDS) {
      const read = tokens.verify(asked, some[made]());
      assert.is(read !== null, made === asked, `${made} as ${asked}`);
    }
  }
});

test('A2 the forgery that the other tests vary is a good token', () => {
  assert.is(tokens.verify('number', forge(header, payload()))?.number, 4711);
});

test('A2 only HS256 counts: neither none, nor other lengths, nor an asymmetric algorithm', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const confused = createTokens([pem], () => now);
  const signed = jwt.sign(payload(), privateKey, { algorithm: 'RS256', keyid: kid });
  const confusedKid = headerOf(confused.number(1)).kid;
  const forgeries = {
    none: `${encode({ ...header, alg: 'none' })}.${encode(payload())}.`,
    None: `${encode({ ...header, alg: 'None' })}.${encode(payload())}.`,
    'none with a signature': forge({ ...header, alg: 'none' }, payload()),
    'no algorithm': forge({ typ: 'JWT', kid }, payload()),
    HS512: jwt.sign(payload(), SECRET, { algorithm: 'HS512', keyid: kid }),
    'RS256 in name': forge({ ...header, alg: 'RS256' }, payload()),
    RS256: signed,
    ES256: forge({ ...header, alg: 'ES256' }, payload()),
  };
  for (const [name, token] of Object.entries(forgeries)) {
    assert.is(tokens.verify('number', token), null, name);
  }
  const asRsa = jwt.sign(payload(), privateKey, { algorithm: 'RS256', keyid: confusedKid });
  assert.is(confused.verify('number', asRsa), null, 'signed with the private half of the secret');
});

test('A2 issuer, audience and an expiry are demanded, and the claims are of their types', () => {
  const { exp: _, ...endless } = payload();
  const seconds = Math.floor(now / 1000);
  const bad: Record<string, unknown> = {
    'another issuer': { ...payload(), iss: 'else' },
    'no issuer': { ...payload(), iss: undefined },
    'another audience': { ...payload(), aud: 'seat' },
    'several audiences': { ...payload(), aud: ['number', 'owner'] },
    'no expiry': endless,
    'an expiry in words': { ...payload(), exp: 'never' },
    'an expiry that never comes': JSON.stringify(payload()).replace(/"exp":\d+/, '"exp":1e999'),
    'an expiry between two seconds': { ...payload(), exp: seconds + 60.5 },
    'an expiry below zero': { ...payload(), exp: -1 },
    expired: { ...payload(), exp: seconds },
    'not yet': { ...payload(), nbf: seconds + 60 },
    'a number in words': { ...payload(), number: '4711' },
    'half a number': { ...payload(), number: 4711.5 },
    'no number': { ...payload(), number: undefined },
    'a list': [],
    'a text': '"4711"',
    nothing: 'null',
    'not JSON': '{"number":',
    'a number alone': '4711',
  };
  for (const [name, claims] of Object.entries(bad)) {
    assert.is(tokens.verify('number', forge(header, claims)), null, name);
  }
});

test('A2 a key that is not ours, or not named, opens nothing', () => {
  const good = tokens.number(4711);
  for (const [name, head] of Object.entries({
    unknown: { ...header, kid: 'unknown' },
    none: { alg: 'HS256', typ: 'JWT' },
    'of a prototype': { ...header, kid: '__proto__' },
    'a number': { ...header, kid: 1 },
    'a path': { ...header, kid: '../../dev/null' },
    'with something critical': { ...header, crit: ['b64'], b64: false },
    'with nothing critical': { ...header, crit: [] },
  })) {
    assert.is(tokens.verify('number', forge(head, payload())), null, name);
  }
  assert.is(createTokens([OTHER], () => now).verify('number', good), null);
  assert.is(tokens.verify('number', forge(header, payload(), OTHER)), null);
});

test('A2 secrets rotate: the first signs, all verify, and one that is gone verifies nothing', () => {
  const rotated = createTokens([OTHER, SECRET], () => now);
  const old = tokens.number(4711);
  assert.is(rotated.verify('number', old)?.number, 4711);
  const fresh = rotated.number(1234);
  assert.is.not(headerOf(fresh).kid, kid);
  assert.is(tokens.verify('number', fresh), null);
  assert.is(createTokens([OTHER], () => now).verify('number', fresh)?.number, 1234);
  assert.throws(() => createTokens([], () => now), /a secret is needed/);
});

test('A2 F4 a token past 1 KiB is not looked at', () => {
  assert.is(tokens.verify('number', forge(header, { ...payload(), x: 'x'.repeat(1000) })), null);
  const began = process.cpuUsage();
  for (let k = 0; k < 2000; k += 1) tokens.verify('number', `${'x'.repeat(1_000_000)}.y.z`);
  const { user } = process.cpuUsage(began);
  assert.ok(user < 2_000_000, `${user} µs`);
});

test('A2 tokens last as long as the contract says, by the clock that is given', () => {
  const start = now;
  const lasts = (kind: TokenKind, ms: number) => {
    now = start;
    const token = some[kind]();
    now = start + ms - 1000;
    assert.ok(tokens.verify(kind, token), `${kind} before its end`);
    now = start + ms;
    assert.is(tokens.verify(kind, token), null, `${kind} at its end`);
    now = start;
  };
  lasts('number', 365 * DAY);
  lasts('owner', DAY / 2);
  lasts('link', 15 * 60_000);
  const claims = tokens.verify('number', tokens.number(4711));
  assert.is(claims && tokens.worthRenewing(claims), false, 'a fresh one is good for long');
  const token = tokens.number(4711);
  now += 40 * DAY;
  const older = tokens.verify('number', token);
  assert.is(older && tokens.worthRenewing(older), true, 'one in use is renewed');
  now = start;
});

test('A8 a number that is not kept names its NoSo, and is not renewed', () => {
  const start = now;
  const claims = tokens.verify('number', tokens.numberAt(4711, 'noso', now + DAY));
  assert.equal([claims?.number, claims?.noso], [4711, 'noso']);
  assert.is(claims && tokens.worthRenewing(claims), false);
  assert.is(tokens.verify('number', tokens.number(4711))?.noso, undefined);
  const token = tokens.numberAt(4711, 'noso', now);
  now = start + DAY;
  assert.ok(tokens.verify('number', token), 'as long as a NoSo lasts at most');
  now = start + DAY + 3_600_000;
  assert.is(tokens.verify('number', token), null);
  now = start;
  assert.is(tokens.verify('number', forge(header, { ...payload(), noso: 1 })), null);
});

/** What the library alone says of a token. */
function byTheLibrary(token: string): unknown {
  try {
    const read = jwt.verify(token, createSecretKey(Buffer.from(SECRET)), {
      ...{ algorithms: ['HS256'], issuer: 'noso', audience: 'number' },
      clockTimestamp: Math.floor(now / 1000),
    });
    if (typeof read !== 'object' || !Number.isSafeInteger(read.exp)) return null;
    return read.aud === 'number' && Number.isSafeInteger(read.number) ? read : null;
  } catch {
    return null;
  }
}

test('A2 tokens with our own header are read as the library reads them, whatever they say', () => {
  const seconds = Math.floor(now / 1000);
  const times = fc.constantFrom<unknown>(
    ...[seconds - 1, seconds, seconds + 1, seconds + 60, seconds + 0.5, -1, null, '9', true, 1e300],
  );
  const claims = fc.record(
    {
      number: fc.constantFrom<unknown>(4711, '4711', 0.5, null),
      iss: fc.constantFrom<unknown>('noso', 'noso', 'noso', 'else', ['noso'], null),
      aud: fc.constantFrom<unknown>('number', 'number', 'owner', ['number'], [], null),
      exp: fc.oneof(fc.constant(seconds + 60), times),
      nbf: times,
      iat: times,
    },
    { requiredKeys: [] },
  );
  const said = fc.oneof(
    // As ours are but for one claim.
    fc
      .tuple(claims, fc.constantFrom('number', 'iss', 'aud', 'exp', 'nbf', 'iat'))
      .map(([each, name]) =>
        encode({ ...payload(), ...(name in each ? { [name]: each[name as 'exp'] } : {}) }),
      ),
    claims.map(encode),
    fc.json().map(encode),
    fc.constantFrom('', 'e30', 'e30=', 'e30\n', 'e30.e30', '****', encode('{"a":')),
  );
  const mac = (body: string, secret = SECRET) =>
    createHmac('sha256', secret).update(body).digest('base64url');
  const token = fc.tuple(said, fc.nat(23)).map(([text, how]) => {
    const body = `${encode(header)}.${text}`;
    const right = mac(body);
    const others = [
      mac(body, OTHER),
      '',
      right.slice(1),
      `${right}=`,
      `${right}.`,
      right.toUpperCase(),
    ];
    return `${body}.${others[how] ?? right}`;
  });
  let good = 0;
  fc.assert(
    fc.property(token, (each) => {
      const read = tokens.verify('number', each);
      if (read) good += 1;
      assert.equal(read, byTheLibrary(each));
    }),
    { numRuns: 1000 },
  );
  assert.ok(good > 20, `${good} were good`);
});

test('F4 whatever text is shown for a token, verifying says no and does not throw', () => {
  const good = forge(header, payload());
  const parts = good.split('.') as [string, string, string];
  const part = fc.oneof(
    fc.constantFrom(...parts, '', '.', 'e30', 'bnVsbA', encode('[1]'), encode('"x"')),
    fc.string({ maxLength: 60 }),
    fc.json().map(encode),
    fc.string({ unit: 'binary', maxLength: 60 }).map(encode),
  );
  const token = fc.oneof(
    fc.array(part, { minLength: 1, maxLength: 5 }).map((all) => all.join('.')),
    fc.string({ unit: 'binary', maxLength: 200 }),
    // One letter of a good token changed.
    fc
      .tuple(fc.nat(good.length - 1), fc.constantFrom('A', 'z', '_', '.', '=', ' ', '\n', 'é'))
      .map(([at, by]) => good.slice(0, at) + by + good.slice(at + 1))
      .filter((each) => Buffer.from(each).compare(Buffer.from(good)) !== 0),
    // A signature that fits, over a payload that does not.
    fc.oneof(fc.json(), fc.string({ maxLength: 40 })).map((each) => forge(header, each)),
  );
  fc.assert(
    fc.property(token, (each) => {
      const read = tokens.verify('number', each);
      if (each !== good) assert.ok(read === null || each.startsWith(good.slice(0, -2)), each);
    }),
    { seed: 20260601, numRuns: 5000 },
  );
});
