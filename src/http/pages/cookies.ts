import type { Response } from 'express';
import { KEPT } from '../../domain/kept.js';

/** What the pages keep in the phone. */
export type CookieName = 'token' | 'pass' | 'form' | 'language';

/**
 * The token is out of reach of scripts. The pass is not: the page's script writes the seat's pass
 * over the entry pass, and a pass is worth nothing without the token.
 */
const READABLE: readonly CookieName[] = ['pass'];

/**
 * Sets a cookie for as long as the table of what is kept says, or for `seconds` if that is less;
 * `null` takes it back.
 */
export function setCookie(
  response: Response,
  name: CookieName,
  value: string | null,
  { secure, seconds = Number.POSITIVE_INFINITY }: { secure: boolean; seconds?: number },
): void {
  const { cookie, until } = KEPT[name];
  const age = value === null ? 0 : Math.min(until.within / 1000, Math.max(1, Math.ceil(seconds)));
  const attributes = [`Max-Age=${age}`, 'Path=/', 'SameSite=Lax'];
  if (!READABLE.includes(name)) attributes.push('HttpOnly');
  if (secure) attributes.push('Secure');
  response.append('Set-Cookie', `${cookie}=${value ?? ''}; ${attributes.join('; ')}`);
}
