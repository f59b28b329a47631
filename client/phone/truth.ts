import type { Noso, NosoState, Seat } from '../../src/protocol/wire.js';
import { ask } from './request.js';

/** How things stand for this phone, as the server says. Times in milliseconds. */
export type Truth =
  | { is: 'seated'; seat: Seat }
  | { is: 'left' }
  | { is: 'lapsed'; at: number }
  | { is: 'voided' }
  /** No seat that the server knows of, at a NoSo that is in this state. */
  | { is: 'unseated'; state: NosoState }
  /** The NoSo itself is no more. */
  | { is: 'gone' }
  | { is: 'silence' };

export const seatPath = (noso: string): string => `/api/presence/${encodeURIComponent(noso)}`;

const nosoPath = (noso: string): string => `/api/nosos/${encodeURIComponent(noso)}`;

/** The NoSo as it stands; null where there is no answer to that. */
export async function askNoso(noso: string): Promise<Noso | null> {
  const found = await ask<Noso>('GET', nosoPath(noso));
  return found.is === 'done' ? found.value : null;
}

/** Asks for the truth. `numbered`: this phone has a number, which may be seated. */
export async function askTruth(noso: string, numbered: boolean): Promise<Truth> {
  if (numbered) {
    const seat = await ask<Seat>('GET', seatPath(noso));
    if (seat.is === 'done') return { is: 'seated', seat: seat.value };
    if (seat.is === 'silence') return { is: 'silence' };
    if (seat.reason === 'left' || seat.reason === 'voided') return { is: seat.reason };
    if (seat.reason === 'lapsed') return { is: 'lapsed', at: Date.parse(seat.at ?? '') };
  }
  const found = await ask<Noso>('GET', nosoPath(noso));
  if (found.is === 'done') return { is: 'unseated', state: found.value.state };
  return { is: found.is === 'silence' ? 'silence' : 'gone' };
}
