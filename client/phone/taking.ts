import type { PhonePage } from '../../src/protocol/phonePage.js';
import type { Closed, Seat } from '../../src/protocol/wire.js';
import { type SeatAuth, sitBySocket } from './connection.js';
import { type Answer, ask, readPass } from './request.js';

/** A seat that was taken, and what lets its connection go, if it has one. */
export type TakenSeat = { seat: Seat; letGo: (() => void) | null };

/** What becomes of a seat that was taken. */
export type Told = { closed: (closed: Closed) => void; dropped: () => void };

/**
 * Takes the seat once: by socket, and where that gets no answer at all, by plain HTTP. Sent again
 * after silence it is the same request (P3): the number is the cookie's, the pass this phone's.
 */
export async function takeSeat(
  keep: PhonePage['keep'],
  back: boolean,
  told: Told,
  { over }: { over: 'either' | 'socket' },
): Promise<Answer<TakenSeat>> {
  const pass = readPass(keep);
  if (pass === '') return { is: 'refused', code: 'bad_code' };
  const how: SeatAuth = back ? { pass, back } : { pass };
  const answer = await sitBySocket(how, told);
  if (over === 'socket' || answer.is !== 'silence' || answer.retryAfter !== undefined) {
    return answer;
  }
  const seat = await ask<Seat>('PUT', '/api/presence', how);
  return seat.is === 'done' ? { is: 'done', value: { seat: seat.value, letGo: null } } : seat;
}

/** Sees to it that this phone has a number; the answer sets its cookie. */
export const drawNumber = (code: string): Promise<Answer<null>> =>
  ask<null>('POST', `/j/${encodeURIComponent(code)}/number`);
