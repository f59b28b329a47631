import { parse, serialize } from 'cookie';
import { KEPT } from '../domain/kept.js';
import type { PhonePage } from '../protocol/phonePage.js';

/** What is kept in browsers, under the names of the table of what is kept. */
export type CookieName = 'token' | 'passing' | 'pass' | 'entry' | 'language' | 'organizer';

/**
 * Tokens and the entry pass are out of reach of scripts. The seat's pass is not: the page's script
 * writes it, and it is worth nothing without the token.
 */
const READABLE: readonly CookieName[] = ['pass'];
/** An organizer's key goes with no other site's request, not even with a link from it. */
const STRICT: readonly CookieName[] = ['organizer'];

/** The most seconds that something is kept in a browser. */
const ageOf = (name: CookieName): number => KEPT[name].until.within / 1000;

/** What a browser sent of ours, or null. */
export const readCookie = (header: string | undefined, name: CookieName): string | null =>
  parse(header ?? '')[KEPT[name].cookie] || null;

/** Whether a browser sent what a participant's page had it keep. */
export const keepsCookies = (header: string | undefined): boolean =>
  (['token', 'pass', 'entry'] as const).some((name) => readCookie(header, name) !== null);

/**
 * The `Set-Cookie` that keeps `value` for as long as the table says, or for `seconds` if that is
 * less; `null` takes it back.
 */
export function setCookie(
  name: CookieName,
  value: string | null,
  { secure, seconds = Number.POSITIVE_INFINITY }: { secure: boolean; seconds?: number },
): string {
  const maxAge = value === null ? 0 : Math.min(ageOf(name), Math.max(1, Math.ceil(seconds)));
  return serialize(KEPT[name].cookie, value ?? '', {
    maxAge,
    path: '/',
    sameSite: STRICT.includes(name) ? 'strict' : 'lax',
    httpOnly: !READABLE.includes(name),
    secure,
  });
}

/** How a page's script keeps what it may read, as the server would. */
export const scriptCookie = (name: 'pass', secure: boolean): PhonePage['keep'] => ({
  name: KEPT[name].cookie,
  age: ageOf(name),
  secure,
});

/** A number token is kept for a year or, where it is good at one NoSo alone, for a day (A8). */
export const tokenCookie = (token: string, kept: boolean, secure: boolean): string =>
  setCookie(kept ? 'token' : 'passing', token, { secure });
