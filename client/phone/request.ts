import type { Seat } from '../../src/protocol/wire.js';

/** What became of a request. `silence`: nobody knows whether it was done. */
export type Answer<T> =
  | { is: 'done'; value: T }
  | { is: 'refused'; code: string; reason?: string; at?: string; retryAfter?: number }
  | { is: 'silence'; retryAfter?: number };

const PATIENCE = 5000;

/** One request of our own server, with our cookies. Never rejects. */
export async function ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(path, {
      method,
      signal: stop.signal,
      cache: 'no-store',
      credentials: 'same-origin',
      ...(body
        ? { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
        : {}),
    });
    const text = await response.text();
    if (response.ok) return { is: 'done', value: (text ? JSON.parse(text) : null) as T };
    return refusal(JSON.parse(text));
  } catch {
    return { is: 'silence' }; // no network, no answer in time, or one that is not the server's
  } finally {
    clearTimeout(timer);
  }
}

/** A problem of the contract's error table, as an answer. */
export function refusal(problem: unknown): Answer<never> {
  const { code, reason, at, retryAfter } = (problem ?? {}) as Record<string, unknown>;
  const later = typeof retryAfter === 'number' ? { retryAfter } : {};
  if (typeof code !== 'string') return { is: 'silence' };
  if (code === 'unavailable') return { is: 'silence', retryAfter: 3, ...later };
  return {
    is: 'refused',
    code,
    ...later,
    ...(typeof reason === 'string' ? { reason } : {}),
    ...(typeof at === 'string' ? { at } : {}),
  };
}

/** The pass in this phone: an entry pass, or the seat's. Empty without one. */
export const readPass = (): string => /(?:^|; *)noso_pass=([^;]*)/.exec(document.cookie)?.[1] ?? '';

/** Keeps the seat's pass for a day, so that this phone can come back to its seat (P1). */
export function keepPass(seat: Seat): void {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store came to Safari in 18.4
  document.cookie = `noso_pass=${seat.pass}; Max-Age=90000; Path=/; SameSite=Lax${secure}`;
}
