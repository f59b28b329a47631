import type { Server } from 'node:http';
import { NAMESPACES } from '../service/access.js';
import { type Random, shuffled } from '../service/chance.js';
import { type Io, type Name, namespaceOf } from './io.js';

/** Everybody is moved within this long, a batch at a time, in an order that nobody can foresee. */
const MOVING = 4000;
const STEPS = 20;
/** How long requests that are under way may still take. */
const GRACE = 1500;

/**
 * Drains a server (F2): accepts nobody any more, then closes the connections of phones and walls
 * in jittered batches, so that they come back elsewhere without a stampede. Closing the transport,
 * rather than disconnecting the socket, is what makes a client come back.
 */
export async function drain(
  http: Server,
  io: Io,
  by: { random: Random; wait: (ms: number) => Promise<void> },
): Promise<void> {
  const { random, wait } = by;
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  http.closeIdleConnections();
  const names = Object.keys(NAMESPACES) as Name[];
  const all = names.flatMap((name) => [...namespaceOf(io, name).sockets.values()]);
  const sockets = shuffled(all, random);
  const batch = Math.max(1, Math.ceil(sockets.length / STEPS));
  const pause = sockets.length > STEPS ? MOVING / STEPS : 0;
  while (sockets.length > 0) {
    for (const socket of sockets.splice(0, batch)) socket.conn.close();
    if (sockets.length > 0) await wait(pause);
  }
  await Promise.race([closed, wait(GRACE)]);
  http.closeAllConnections();
  await io.close();
  await closed;
}
