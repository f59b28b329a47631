import type { PhonePage } from '../../src/protocol/phonePage.js';
import type { Refused, Seat } from '../../src/protocol/wire.js';
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
    token: memory.token || undefined,
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

/** What this page keeps by itself where the browser keeps nothing. */
const memory = { token: '', pass: '' };

const inCookie = ({ name }: Keep): string =>
  document.cookie
    .split('; ')
    .find((each) => each.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? '';

/** The pass of this phone's seat. Empty without one. */
export const readPass = (keep: Keep): string => inCookie(keep) || memory.pass;

/** Keeps the seat's pass, so that this phone can come back to its seat (P1). */
export function keepPass({ name, age, secure }: Keep, { pass }: Seat): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store came to Safari in 18.4
  document.cookie = `${name}=${pass}; Max-Age=${age}; Path=/; SameSite=Lax${secure ? '; Secure' : ''}`;
  memory.pass = pass;
}

/** Keeps the number's token where the browser did not keep it as the answer's cookie (P10). */
export function keepToken(keep: Keep, token: string): void {
  if (inCookie(keep) === '') memory.token = token;
}
