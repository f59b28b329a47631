import { fetchInTime } from '../shared/fetchInTime.js';

/** Milliseconds. */
const TIMEOUT = 8000;

export type Answer = { status: number; body: unknown; retryAfter: number | null };

/** Asks the server, or null if it did not answer in time. Never throws. */
export async function ask(path: string, post?: object): Promise<Answer | null> {
  const answer = await fetchInTime(post ? 'POST' : 'GET', path, { body: post, patience: TIMEOUT });
  if (!answer) return null;
  const { status, body, headers } = answer;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return { status, body, retryAfter: Number.isFinite(seconds) ? seconds : null };
}

/** A text field of an answer's body, or null. */
export function textIn(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' ? value : null;
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
