import { setTimeout as pause } from 'node:timers/promises';
import type { Seat } from '../../src/protocol/wire.js';
import { machineTime } from '../support/machineTime.js';
import type { Chance } from './chance.js';
import type { History } from './history.js';
import { type Line, openLine } from './line.js';

/** A client gives up after this long, in ms: it is unknown then whether it was done. */
const PATIENCE = 4000;
/** Everybody is answered this long after all faults are over, ms of the machine's time. */
const AT_LAST = 40_000;
/** So often one asks again at once; then more and more seldom, as pages do, up to so many times. */
const EAGER = 5;
const SELDOM = 6;

/** `unknown`: unavailable, cut off, or not read or answered in time; `no`: refused, and that is final. */
export type Answer<T> =
  | { is: 'yes'; body: T }
  | { is: 'unknown'; code: string }
  | { is: 'no'; code: string };

/** Asks over HTTP. */
export async function ask<T>(
  url: string,
  method: string,
  path: string,
  options: { token?: string; body?: object } = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (options.token) headers.authorization = `Bearer ${options.token}`;
  try {
    const response = await fetch(url + path, {
      method,
      headers,
      signal: AbortSignal.timeout(PATIENCE),
      ...(options.body ? { body: JSON.stringify(options.body) } : {}),
    });
    const text = await response.text();
    const body = (text === '' ? {} : JSON.parse(text)) as T & { code?: string };
    if (response.ok) return { is: 'yes', body };
    const code = body.code ?? String(response.status);
    // 408: a line that was opened long before, to a node that was stopped, and is closed unread.
    return { is: response.status === 503 || response.status === 408 ? 'unknown' : 'no', code };
  } catch {
    return { is: 'unknown', code: 'cut off' };
  }
}

/** Takes the seat by connecting. `ended` is called when the line of a seated phone ends. */
export function connect(
  url: string,
  auth: object,
  ended: () => void,
): Promise<{ answer: Answer<Seat>; line: Line }> {
  return new Promise((resolve) => {
    let seated = false;
    const line = openLine(url, '/phone', auth, {
      event(name, payload) {
        if (name !== 'seated') return;
        seated = true;
        resolve({ answer: { is: 'yes', body: payload as Seat }, line });
      },
      end(code) {
        if (seated) ended();
        else if (code === null) resolve({ answer: { is: 'unknown', code: 'cut off' }, line });
        else resolve({ answer: { is: code === 'unavailable' ? 'unknown' : 'no', code }, line });
      },
    });
  });
}

/**
 * Asks until there is an answer; null for one of the `expected` refusals. Any other refusal is
 * written down as wrong, and so is an answer that never comes.
 */
export async function insist<T>(
  attempt: () => Promise<Answer<T>>,
  options: {
    history: History;
    chance: Chance;
    ending: AbortSignal;
    expected: readonly string[];
    who: string;
  },
): Promise<T | null> {
  const { history, chance, ending, expected, who } = options;
  let end = Number.POSITIVE_INFINITY;
  for (let asked = 1; ; asked += 1) {
    const answer = await attempt();
    if (answer.is === 'yes') return answer.body;
    if (answer.is === 'no') {
      if (!expected.includes(answer.code))
        history.wrong.push(`P1 P3 ${who} was told ${answer.code}`);
      return null;
    }
    if (ending.aborted && end === Number.POSITIVE_INFINITY) end = machineTime() + AT_LAST;
    if (machineTime() > end) {
      history.wrong.push(`F1 ${who} was never answered`);
      return null;
    }
    const seldom = Math.min(SELDOM, Math.max(1, asked - EAGER));
    await pause(chance.between(100, 600) * seldom);
  }
}
