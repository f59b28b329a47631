import type { PhonePage } from '../../src/protocol/phonePage.js';
import type { Closed, Seat } from '../../src/protocol/wire.js';
import { type SeatAuth, sitBySocket } from './connection.js';
import { type Answer, ask, keepPass, keepToken, readPass } from './request.js';

/** A seat that was taken, and what lets its connection go, if it has one. */
export type TakenSeat = { seat: Seat; letGo: (() => void) | null };

/** What becomes of a seat that was taken. */
export type Told = { closed: (closed: Closed) => void; dropped: () => void };

/**
 * Takes the seat once. Who has none yet comes in with the entry pass, number and all; who comes back
 * does so by socket, and where that gets no answer at all, by plain HTTP. Sent again after silence it
 * is the same request (P3).
 */
export async function takeSeat(
  { keep, pass: entry }: Pick<PhonePage, 'keep' | 'pass'>,
  back: boolean,
  told: Told,
  { over }: { over: 'either' | 'socket' },
): Promise<Answer<TakenSeat>> {
  const own = readPass(keep);
  const pass = own === '' ? entry : own;
  if (pass === null) return { is: 'refused', code: 'bad_code' };
  if (own === '' && !back && over === 'either') return enter(keep, pass);
  const how: SeatAuth = back ? { pass, back } : { pass };
  const answer = await sitBySocket(how, told);
  if (over === 'socket' || answer.is !== 'silence' || answer.retryAfter !== undefined) {
    return answer;
  }
  const seat = await ask<Seat>('PUT', '/api/presence', how);
  return seat.is === 'done' ? { is: 'done', value: { seat: seat.value, letGo: null } } : seat;
}

async function enter(keep: PhonePage['keep'], pass: string): Promise<Answer<TakenSeat>> {
  const answer = await ask<{ token: string; seat: Seat }>('POST', '/api/seats', { pass });
  if (answer.is !== 'done') return answer;
  const { token, seat } = answer.value;
  keepPass(keep, seat);
  keepToken(keep, token);
  return { is: 'done', value: { seat, letGo: null } };
}
