import type { PhonePage } from '../../src/protocol/phonePage.js';
import type { Entered, Refused, Seat } from '../../src/protocol/wire.js';
import { fetchInTime } from '../shared/fetchInTime.js';

/** What became of a request. `silence`: nobody knows whether it was done. */
export type Answer<T> =
  | { is: 'done'; value: T }
  | { is: 'refused'; code: string; reason?: string; at?: string; retryAfter?: number }
  | { is: 'silence'; retryAfter?: number };

const PATIENCE = 5000;

/** One request of our own server, with our cookies. Never rejects. */
export async function ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
  const answer = await fetchInTime(method, path, {
    body,
    patience: PATIENCE,
    token: ownToken(),
  });
  if (!answer) return { is: 'silence' };
  return answer.ok ? { is: 'done', value: answer.body as T } : refusal(answer.body);
}

/** A problem of the contract's error table, as an answer. */
export function refusal(problem: unknown): Answer<never> {
  const { code, reason, at, retryAfter } = (problem ?? {}) as Partial<Refused> & { at?: string };
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

/** Where this phone keeps its pass, as the server says. */
type Keep = PhonePage['keep'];

/** What this page keeps by itself where the browser keeps nothing (P10). */
const memory = { token: '', pass: '' };

/** The token that goes with a request, where no cookie has it. */
export const ownToken = (): string | undefined => memory.token || undefined;

/** Whether this browser was seen to keep nothing. */
export const keepsNothing = (): boolean => memory.token !== '';

/** The pass of the seat that was taken on this page. Empty without one. */
export const ownPass = (): string => memory.pass;

/** The pass goes with its number, which was forgotten. */
export const forgetPass = (): void => {
  memory.pass = '';
};

/** Keeps the seat's pass, so that this phone can come back to its seat (P1). */
export function keepPass({ name, age, secure }: Keep, { pass }: Seat): void {
  memory.pass = pass;
  try {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store came to Safari in 18.4
    document.cookie = `${name}=${pass}; Max-Age=${age}; Path=/; SameSite=Lax${secure ? '; Secure' : ''}`;
  } catch {
    // Some browsers throw where others keep nothing: it is in this page, while that is open.
  }
}

/**
 * Keeps the number's token where the browser did not keep what it was given. A cookie that a script
 * writes and reads proves nothing: what counts is what the server saw of it.
 */
export function keepToken({ token, keeps = true }: Entered): void {
  if (!keeps) memory.token = token;
}
