// A server of sockets alone: whatever stands behind its doors is the test's own.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { manualClock, realClock } from '../../src/clock.js';
import type { DoorDeps } from '../../src/sockets/door.js';
import { createSockets, serveSockets } from '../../src/sockets/sockets.js';

/** It listens, and every token is of whoever `gate` says; nothing is refused but by it. */
export async function openBare(gate: DoorDeps['gate'], clock = manualClock(1_000_000)) {
  const http = createServer();
  const io = createSockets();
  serveSockets(io, http, {
    outside: { isForeign: () => false },
    draining: () => false,
    every: realClock.every,
  });
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
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return { io, deps, url };
}
