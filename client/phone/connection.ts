import type { Closed, PhoneAuth, Refused, Seat } from '../../src/protocol/wire.js';
import { loadScript } from '../shared/loadScript.js';
import { type Answer, refusal } from './request.js';

/** What a connection tells. `refused` gets the contract's `{ code, … }`, or nothing at all. */
export type Told = {
  seated: (seat: Seat) => void;
  closed: (closed: Closed) => void;
  refused: (problem: Partial<Refused> | undefined) => void;
  /** Once seated: the connection is gone. */
  dropped: () => void;
};
/** What this page shows besides its cookies: it has exchanged its code by then. */
export type SeatAuth = Exclude<PhoneAuth, { code: string }>;
/** Connects to `/phone`; returns what lets the connection go. */
export type Connect = (auth: SeatAuth, told: Told) => () => void;

declare global {
  interface Window {
    nosoConnect?: Connect;
  }
}

const PATIENCE = 5000;
/** The connection's script, once: null where it cannot be had (it is asked for again next time). */
export const load = loadScript('/assets/phone/socket.page.js', () => window.nosoConnect);

/**
 * Takes the seat by connecting. Resolves with the seat and the way to let go, or with what was
 * answered in its place; never rejects. Afterwards `told` hears of what becomes of it.
 */
export async function sitBySocket(
  auth: SeatAuth,
  told: { closed: (closed: Closed) => void; dropped: () => void },
): Promise<Answer<{ seat: Seat; letGo: () => void }>> {
  const connect = await load();
  if (!connect) return { is: 'silence' };
  return new Promise((resolve) => {
    let seated = false;
    const late = setTimeout(() => fail({ is: 'silence' }), PATIENCE);
    const letGo = connect(auth, {
      seated(seat) {
        seated = true;
        clearTimeout(late);
        resolve({ is: 'done', value: { seat, letGo } });
      },
      closed: told.closed,
      refused: (problem) => !seated && fail(refusal(problem)),
      dropped: () => (seated ? told.dropped() : fail({ is: 'silence' })),
    });
    function fail(answer: Answer<never>): void {
      clearTimeout(late);
      letGo();
      resolve(answer);
    }
  });
}
