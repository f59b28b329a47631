// A server of sockets alone: whatever stands behind its doors is the test's own.
import { createServer } from 'node:http';
import { type Clock, manualClock, realClock } from '../../src/clock.js';
import type { DoorDeps } from '../../src/sockets/door.js';
import { createSockets, serveSockets } from '../../src/sockets/sockets.js';
import { listens } from './listens.js';

/** Our sockets, listening, and nothing behind them; `every` is what wakes them. */
export async function bareSockets(every: Clock['every'] = realClock.every) {
  const http = createServer();
  const io = createSockets();
  const stopPings = serveSockets(io, http, {
    outside: { isForeign: () => false },
    draining: () => false,
    every,
  });
  return { io, port: await listens(http), stopPings };
}

/** It listens, and every token is of whoever `gate` says; nothing is refused but by it. */
export async function openBare(gate: DoorDeps['gate'], clock = manualClock(1_000_000)) {
  const { io, port } = await bareSockets();
  const deps: DoorDeps = {
    jar: { read: () => null },
    gate,
    publicUrl: () => 'http://noso.example',
    callerOf: () => ({
      from: '',
      line: null,
      isGone: () => false,
      whenGone: () => () => {},
      hangUp: () => {},
    }),
    judge: async (_, refusal) => refusal,
    refused: () => {},
    onError: (error) => {
      throw error;
    },
    now: clock.now,
    after: clock.after,
    every: clock.every,
  };
  return { io, deps, url: `http://127.0.0.1:${port}` };
}
