import { createHmac, randomBytes } from 'node:crypto';
import { KEPT } from '../domain/kept.js';
import type { Proof } from '../domain/seating.js';
import { returnCodeOf } from '../protocol/spelling.js';
import { createMac, isSame, type Mac } from './mac.js';

/** 128 bits of the MAC, in base64url. */
const MAC = 22;
/** Longer than any pass of ours; a longer one is not looked at. */
const LONGEST_PASS = 256;

/** What a pass proves, and for which NoSo. A seat's pass is its number's alone. */
export type Pass = { noso: string } & (
  | { proof: Proof & { kind: 'entry' }; number: null; key: string }
  | { proof: Proof & { kind: 'seat' }; number: number; key: null }
);

export type Passes = ReturnType<typeof createPasses>;

/**
 * Makes and reads passes: computed, never stored. A pass is its fields and a MAC over them, joined
 * by dots:
 *
 *     e.<NoSo>.<issued, ms>.<id>.<expires, ms>.<MAC>           an entry pass
 *     s.<NoSo>.<number>.<sitting>.<expires, ms>.<MAC>          a seat's
 *
 * What a store remembers an entry pass by is a keyed digest of it (P8), made with the *last* secret,
 * so that nodes amidst a rotation agree. Version 1's entry passes had no id; one is as good as another.
 *
 * They are ours alone to read, so they are no JWTs: signing and verifying one for every join took a
 * tenth of it. The first secret signs, all verify; their keys are not those of tokens.
 */
export function createPasses(secrets: readonly string[], now: () => number) {
  const macs = secrets.map((secret) => macOf(secret));
  const [first] = macs;
  if (!first) throw new Error('a secret is needed');

  const sign = (fields: string) => `${fields}.${short(first, fields)}`;
  const digestOf = macOf(secrets.at(-1) as string, 'digest');
  const digest = (what: string) => short(digestOf, what);

  return {
    /** `startsAt` of its NoSo bounds an entry pass of a NoSo that is not open yet. */
    entry: (noso: string, at: number, startsAt: number): string =>
      sign(`e.${noso}.${at}.${newPassId()}.${lastEnd(Math.max(at, startsAt))}`),

    seat: (noso: string, number: number, sitting: number, startsAt: number): string =>
      sign(`s.${noso}.${number}.${sitting}.${lastEnd(Math.max(startsAt, now()))}`),

    /** What a pass says; null if it is none, not ours, or expired. */
    read(pass: string): Pass | null {
      if (pass.length > LONGEST_PASS) return null;
      const end = pass.lastIndexOf('.');
      const fields = pass.slice(0, Math.max(0, end));
      const shown = pass.slice(end + 1);
      if (shown.length !== MAC) return null;
      const good = macs.some((mac) => isSame(shown, short(mac, fields)));
      const read = good ? readFields(fields.split('.'), now()) : null;
      if (read?.number !== null) return read;
      return { noso: read.noso, proof: read.proof, number: null, key: digest(fields) };
    },

    /** What a number's sitting is known by to its own people, in another browser of theirs (P10). */
    returnCode: (noso: string, number: number, sitting: number): string =>
      returnCodeOf(Buffer.from(digestOf(`r.${noso}.${number}.${sitting}`), 'base64url')),

    /** What a store remembers a door's click by. */
    keyOfClick: (noso: string, door: string, id: string): string =>
      digest(`c.${noso}.${door}.${id}`),

    /** What a store remembers somebody by who sat down with a code and an id of their own. */
    keyOfId: (noso: string, id: string): string => digest(`i.${noso}.${id}`),
  };
}

/** Fields that a MAC has vouched for. */
function readFields([kind, noso, ...rest]: string[], now: number): Pass | null {
  const [a, b] = rest.map(Number) as [number, number];
  const good = Number(rest.at(-1)) > now;
  if (noso === undefined || !good) return null;
  if (kind === 'e' && (rest.length === 3 || rest.length === 2)) {
    return { noso, proof: { kind: 'entry', issuedAt: a }, number: null, key: '' };
  }
  if (kind === 's' && rest.length === 3) {
    return { noso, proof: { kind: 'seat', sitting: b }, number: a, key: null };
  }
  return null;
}

const newPassId = (): string => randomBytes(12).toString('base64url');

const macOf = (secret: string, use = 'pass'): Mac =>
  createMac(createHmac('sha256', secret).update(use).digest());

const short = (mac: Mac, fields: string): string => mac(fields).slice(0, MAC);

/** Passes outlive the longest NoSo by a little, whatever happens to its `endsAt`. */
const lastEnd = (startsAt: number): number => startsAt + KEPT.pass.until.within;
