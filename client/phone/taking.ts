import type { PhonePage } from '../../src/protocol/phonePage.js';
import type { Closed, Entered, Seat } from '../../src/protocol/wire.js';
import { type SeatAuth, sitBySocket } from './connection.js';
import { type Answer, ask, keepPass, keepToken, ownPass, ownToken } from './request.js';

/** A seat that was taken, and what lets its connection go, if it has one. */
export type TakenSeat = { seat: Seat; letGo: (() => void) | null };

/** `back`: as somebody who left and comes back (S4). */
export type How = { back: boolean; over: 'either' | 'socket' };

/** What becomes of a seat that was taken. */
export type Told = { closed: (closed: Closed) => void; dropped: () => void };

/**
 * Takes the seat once. Who has none yet comes in with the entry pass, number and all, or, where the
 * code was read before the doors were open, with the code; who comes back
 * does so by socket, and where that gets no answer at all, by plain HTTP. Sent again after silence it
 * is the same request (P3).
 */
export async function takeSeat(
  { keep, code, pass: entry }: Pick<PhonePage, 'keep' | 'code' | 'pass'>,
  { back, over }: How,
  told: Told,
): Promise<Answer<TakenSeat>> {
  const own = ownPass();
  const pass = own === '' ? entry : own;
  if (pass === null) return enter(keep, { code, id: ownId() });
  if (own === '' && !back && over === 'either') return enter(keep, { pass });
  const token = ownToken();
  const how: SeatAuth = back ? { pass, back } : { pass };
  const answer = await sitBySocket(token === undefined ? how : { ...how, token }, told);
  if (over === 'socket' || answer.is !== 'silence' || answer.retryAfter !== undefined) {
    return answer;
  }
  const seat = await ask<Seat>('PUT', '/api/presence', how);
  return seat.is === 'done' ? { is: 'done', value: { seat: seat.value, letGo: null } } : seat;
}

/** Who asks with a code is the same person, however often it is asked (P3). */
let drawnId = '';
function ownId(): string {
  if (drawnId === '') {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    drawnId = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }
  return drawnId;
}

type Way = { pass: string } | { code: string; id: string };

async function enter(keep: PhonePage['keep'], way: Way): Promise<Answer<TakenSeat>> {
  const answer = await ask<Entered>('POST', '/api/seats', way);
  if (answer.is !== 'done') return answer;
  const { seat } = answer.value;
  keepPass(keep, seat);
  keepToken(answer.value);
  return { is: 'done', value: { seat, letGo: null } };
}
