import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { KEPT } from '../domain/kept.js';
import { createMac, isSame, type Mac } from './mac.js';

const DAY = 86_400;
const YEAR = KEPT.token.until.within / 1000;
/** Longer than any token of ours; a longer one is not looked at. */
const LONGEST_TOKEN = 1024;
/** What is signed of a token is in this alphabet (RFC 4648, 5). */
const BASE64URL = /^[\w-]+$/;

/** What each kind of token says. Its audience is its kind, so that none passes for another. */
export type Claims = {
  /** A participant's: whoever holds it is that number; one that is not kept is so at `noso` alone. */
  number: { number: number; noso?: string };
  /** An owner's, from the command line or a sign-in link; no two of them are the same. */
  owner: { session?: string };
  /** A sign-in link, good once. */
  link: { id: string };
};
export type TokenKind = keyof Claims;
const KINDS: readonly TokenKind[] = ['number', 'owner', 'link'];

export type Tokens = ReturnType<typeof createTokens>;

/**
 * Signs and verifies. Keys are `KeyObject`s made once: verifying with a string costs fifty times
 * as much. The algorithm, issuer, audience and an expiry are demanded; `kid` is looked up in a map.
 *
 * A token whose header is to the letter the one that we write, as those of all tokens of ours are, is read
 * here: that takes a fifth of the time. The library is the judge of all others, and tokens.test.ts holds
 * this reading to its own.
 */
export function createTokens(secrets: readonly string[], now: () => number) {
  const keys = new Map<string, KeyObject>();
  for (const secret of secrets) {
    keys.set(keyId(secret), createSecretKey(Buffer.from(secret)));
  }
  const first = keys.entries().next().value;
  if (!first) throw new Error('a secret is needed');
  const [keyid, key] = first;

  const seconds = () => Math.floor(now() / 1000);

  /** The header that we write with each key. */
  const written = new Map<string, { key: KeyObject; mac: Mac }>();
  for (const [id, each] of keys) {
    const [header = ''] = jwt.sign({}, each, { algorithm: 'HS256', keyid: id }).split('.');
    written.set(header, { key: each, mac: createMac(each.export()) });
  }

  /** Signs a token good until `expires` (seconds since the epoch). */
  function sign<K extends TokenKind>(kind: K, claims: Claims[K], expires: number): string {
    const payload = { iss: 'noso', aud: kind, exp: expires, iat: seconds(), ...claims };
    return jwt.sign(payload, key, { algorithm: 'HS256', keyid });
  }

  /** What a token of this kind says; null if it is none, not ours, or (unless `late`) expired. */
  function verify<K extends TokenKind>(
    kind: K,
    token: string,
    late = false,
  ): (Claims[K] & { exp: number; iat?: number }) | null {
    if (token.length > LONGEST_TOKEN) return null;
    const header = token.slice(0, Math.max(0, token.indexOf('.')));
    const own = written.get(header);
    const verifier = own?.key ?? keys.get(kidOf(header));
    if (!verifier) return null;
    try {
      const read = own && readOwn(token, header.length, own.mac, late ? null : seconds());
      if (read === null) return null;
      const payload =
        read ??
        jwt.verify(token, verifier, {
          algorithms: ['HS256'],
          issuer: 'noso',
          audience: kind,
          clockTimestamp: seconds(),
          ignoreExpiration: late,
        });
      // An expiry that is no time (1e999, half a second) never comes.
      if (typeof payload !== 'object' || !Number.isSafeInteger(payload.exp)) return null;
      // The library takes a token for several audiences as well.
      if (payload.aud !== kind || !CHECKS[kind](payload as Record<string, unknown>)) return null;
      return payload as unknown as Claims[K] & { exp: number; iat?: number };
    } catch {
      // Besides its own errors the library throws whatever a payload that is no object, or no JSON,
      // makes it trip over. All of it says the same.
      return null;
    }
  }

  return {
    /** A number token that is kept: it lasts a year. */
    number: (number: number) => sign('number', { number }, seconds() + YEAR),
    /** One that is good at `noso` alone, and outlives the longest NoSo by a little (A8). */
    numberAt: (number: number, noso: string, startsAt: number) => {
      const end = Math.floor(Math.max(startsAt, now()) / 1000) + KEPT.pass.until.within / 1000;
      return sign('number', { number, noso }, end);
    },
    owner: () =>
      sign('owner', { session: randomBytes(9).toString('base64url') }, seconds() + DAY / 2),
    link: (id: string) => sign('link', { id }, seconds() + KEPT.links.until.within / 1000),
    verify: <K extends TokenKind>(kind: K, token: string) => verify(kind, token),
    /** Whether this was a token of ours, and good, once. */
    hasExpired: (token: string): boolean =>
      KINDS.some((kind) => {
        const claims = verify(kind, token, true);
        return claims !== null && claims.exp <= seconds();
      }),
    /** True once a number token that is kept has lived a tenth of its year, so that use renews it. */
    worthRenewing: (claims: { exp: number; noso?: string }) =>
      claims.noso === undefined && claims.exp - seconds() < YEAR * 0.9,
  };
}

/**
 * What a token says whose header is ours, so long; null if it was not signed with `mac`, or is not good
 * at `now` (s; null: whenever); undefined where there is anything to it that the library should judge.
 */
function readOwn(
  token: string,
  header: number,
  mac: Mac,
  now: number | null,
): jwt.JwtPayload | null | undefined {
  const end = token.lastIndexOf('.');
  const text = token.slice(header + 1, end);
  if (!BASE64URL.test(text)) return undefined;
  if (!isSame(token.slice(end + 1), mac(token.slice(0, end)))) return null;
  const payload: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
  if (typeof payload !== 'object' || payload === null || 'nbf' in payload) return undefined;
  const { exp, iss } = payload as jwt.JwtPayload;
  const good = typeof exp === 'number' && (now === null || now < exp);
  return good && iss === 'noso' ? payload : null;
}

const keyId = (secret: string) =>
  createHash('sha256').update(`kid:${secret}`).digest('base64url').slice(0, 8);

/** The key id in a token's header; '' where there is none. */
function kidOf(header: string): string {
  try {
    const read = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid?: unknown };
    // What must be understood (RFC 7515, 4.1.11), and is not, makes it no token of ours.
    if ('crit' in read) return '';
    return typeof read.kid === 'string' ? read.kid : '';
  } catch {
    return ''; // not a token at all, which is the answer
  }
}

const isText = (x: unknown): x is string => typeof x === 'string';
const isNumber = (x: unknown): x is number => Number.isSafeInteger(x);

const CHECKS: { [K in TokenKind]: (claims: Record<string, unknown>) => boolean } = {
  number: (c) => isNumber(c.number) && (c.noso === undefined || isText(c.noso)),
  owner: () => true,
  link: (c) => isText(c.id),
};
