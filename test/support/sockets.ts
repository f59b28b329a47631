// Walls and phones over socket.io-client, as a client of somebody else's would be.

import { io, type Socket } from 'socket.io-client';
import type { Closed, Code, Count, Numbers, Seat, Snapshot } from '../../src/protocol/wire.js';
import { machineTime } from './machineTime.js';
import { until } from './wait.js';

const OPTIONS = {
  ...{ transports: ['websocket'], forceNew: true, reconnection: false },
  // One that comes back by itself would keep a file whose test failed from ever ending.
  autoUnref: true,
};

export type TestWall = {
  socket: Socket;
  /** The latest of each, as a wall would hold them. */
  snapshot: Snapshot | null;
  count: number | null;
  numbers: Set<string> | null;
  /** `at`: by the clock on the wall; `given`: in the machine's time. */
  frames: { at: number; given: number; event: string; frame: Count | Numbers | Code | Snapshot }[];
  /** Frames whose `from` was not what is held. */
  gaps: number;
  shows: (count: number, deadline?: number) => Promise<void>;
  close: () => void;
};

/** A wall that keeps what it is shown. */
export function openWall(url: string, token: string, options: object = {}): TestWall {
  const socket = io(`${url}/wall`, { ...OPTIONS, auth: { token }, ...options });
  let numbersSeq = -1;
  const wall: TestWall = {
    socket,
    snapshot: null,
    count: null,
    numbers: null,
    frames: [],
    gaps: 0,
    shows: async (count, deadline = 5000) => {
      await until(() => wall.count === count, {
        what: `a wall to show ${count}, not ${wall.count}`,
        deadline,
        every: 5,
      });
    },
    close: () => void socket.disconnect(),
  };
  const keep = (event: string, frame: Count | Numbers | Code | Snapshot) =>
    wall.frames.push({ at: Date.now(), given: machineTime(), event, frame });
  socket.on('snapshot', (frame: Snapshot) => {
    keep('snapshot', frame);
    wall.snapshot = frame;
    wall.count = frame.count;
    wall.numbers = frame.numbers && new Set(frame.numbers);
    numbersSeq = frame.numbersSeq;
  });
  socket.on('count', (frame: Count) => {
    keep('count', frame);
    wall.count = frame.count;
  });
  socket.on('code', (frame: Code) => keep('code', frame));
  socket.on('numbers', (frame: Numbers) => {
    keep('numbers', frame);
    if (frame.from !== numbersSeq) wall.gaps += 1;
    numbersSeq = frame.seq;
    for (const number of frame.gone) wall.numbers?.delete(number);
    for (const number of frame.seated) wall.numbers?.add(number);
  });
  return wall;
}

export type TestPhone = {
  socket: Socket;
  seat: Seat | null;
  closed: Closed | null;
  error: { code: string; retryAfter?: number } | null;
  disconnected: boolean;
};

/** Connects a phone; resolves once it is seated or refused. */
export async function openPhone(
  url: string,
  auth: Record<string, unknown>,
  options: object = {},
): Promise<TestPhone> {
  const socket = io(`${url}/phone`, { ...OPTIONS, auth, ...options });
  const phone: TestPhone = { socket, seat: null, closed: null, error: null, disconnected: false };
  socket.on('seated', (seat: Seat) => {
    phone.seat = seat;
  });
  socket.on('closed', (closed: Closed) => {
    phone.closed = closed;
  });
  socket.on('disconnect', () => {
    phone.disconnected = true;
  });
  socket.on('connect_error', (error) => {
    const { data } = error as Error & { data?: TestPhone['error'] };
    phone.error = data ?? { code: error.message };
  });
  await until(() => phone.seat ?? phone.error, { what: 'a phone to be answered', every: 2 });
  return phone;
}
