import { io, type Socket } from 'socket.io-client';
import type { EntryPass, Failure, Seat } from '../../protocol/wire.js';

/** A handshake that takes longer is given up; the same request may be made again. */
const PATIENCE = 10_000;

export type Phone = {
  /** Where it stands. `at` is when it left, ms; `returns`, how often it came back. */
  state: () => 'away' | 'asleep' | 'awake';
  leftAt: () => number;
  returns: () => number;
  /** Types the code of the wall and takes a seat, under a number of its own. */
  arrive: (code: string) => Promise<void>;
  /** Comes back to its seat, as a page does when its phone is unlocked. */
  wake: () => Promise<void>;
  /** Closes its connection and keeps its seat. */
  sleep: () => void;
  leave: () => Promise<void>;
  /** Forgets its number: whoever holds this phone next is someone else. */
  forget: () => void;
};

/**
 * A phone as the contract allows it to be: a code off the wall, a pass for it, a number, and a
 * seat by connecting. What is refused is thrown, and leaves the phone as it was.
 */
export function newPhone(url: string, now: () => number): Phone {
  let token: string | null = null;
  let pass: string | null = null;
  let socket: Socket | null = null;
  let leftAt = 0;
  let returns = 0;

  async function post<T>(path: string, body: object): Promise<T> {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return (await response.json()) as T;
  }

  /** Connecting is taking the seat: resolves once `seated` has come. */
  function sit(auth: object): Promise<void> {
    const opened = io(`${url}/phone`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: PATIENCE,
      auth: { token, ...auth },
    });
    return new Promise((resolve, reject) => {
      opened.on('seated', (seat: Seat) => {
        pass = seat.pass;
        socket = opened;
        resolve();
      });
      opened.on('closed', () => {
        pass = null;
      });
      opened.on('disconnect', () => {
        if (socket === opened) socket = null;
        reject(new Error('disconnected'));
      });
      opened.on('connect_error', (error) => {
        opened.disconnect();
        reject(error);
      });
    });
  }

  const phone: Phone = {
    state: () => (pass === null ? 'away' : socket ? 'awake' : 'asleep'),
    leftAt: () => leftAt,
    returns: () => returns,
    async arrive(code) {
      const entry = await post<EntryPass>('/api/passes', { code });
      const back = token !== null;
      token ??= (await post<{ token: string }>('/api/numbers', { pass: entry.pass })).token;
      await sit({ pass: entry.pass, ...(back ? { back } : {}) });
      if (back) returns += 1;
    },
    async wake() {
      if (!socket) await sit({ pass });
    },
    sleep() {
      socket?.disconnect();
    },
    async leave() {
      await phone.wake();
      const answer: { ok: true } | Failure = await socket?.timeout(PATIENCE).emitWithAck('leave');
      if (!answer?.ok) return;
      pass = null;
      leftAt = now();
    },
    forget() {
      token = null;
      returns = 0;
    },
  };
  return phone;
}
