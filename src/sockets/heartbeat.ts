import type { Io } from './io.js';
import { writeStraight } from './oneWrite.js';

/*
 * The library sets and clears two timers for each connection, and each ping goes through all of its
 * layers: twice what the ping itself costs. Here one timer serves all connections. It is reached from
 * outside, as lean.ts does; test/sockets/heartbeat.test.ts fails if the library changes underneath.
 */

/** The parts of engine.io's connection that a ping goes through. */
type Connection = {
  /** Those that are pinged together with it. */
  [PLACE]?: Set<Connection>;
  readonly readyState: string;
  on(event: 'close', listener: (this: Connection) => void): void;
  pingIntervalTimer: NodeJS.Timeout | null;
  /** Null once the pong is there. */
  pingTimeoutTimer: typeof AWAITED | null;
  /** Something else than a pong came since the ping. */
  hasRefreshedPingTimeout: boolean;
  sendPacket(type: 'ping'): void;
  onClose(reason: 'ping timeout'): void;
};

/** Stands where the library has a timer, which it refreshes when anything comes, and clears. */
const AWAITED = { refresh(): void {} };

/** Engine.IO's ping as a WebSocket frame: a text of one character, "2". */
const PING = Buffer.from([0x81, 0x01, 0x32]);

const TURN = 1000;

const PLACE = Symbol('place');

function leavePlace(this: Connection): void {
  this[PLACE]?.delete(this);
}

/** Calls `work` every `ms` milliseconds, until what it returns is called. */
export type Every = (ms: number, work: () => void) => () => void;

/**
 * Pings every connection each `interval`, and closes those of which nothing came for `timeout`
 * since (both ms, whole seconds; `timeout` less than half of `interval`); of which something came, but
 * no pong, after two. What counts is how often the timer went, not what time it is: a process that
 * was stopped finds what came meanwhile before it closes anything.
 */
export function keepAlive(
  io: Io,
  { every, interval, timeout }: { every: Every; interval: number; timeout: number },
): () => void {
  const places = interval / TURN;
  const patience = timeout / TURN;
  /** Those that are pinged at each second of an interval. */
  const wheel = Array.from({ length: places }, () => new Set<Connection>());
  const placeOf = (turn: number) => wheel[(turn + places) % places] as Set<Connection>;
  let turn = 0;

  (io.engine as unknown as NodeJS.EventEmitter).on('connection', (connection: Connection) => {
    if (!('pingIntervalTimer' in connection && 'hasRefreshedPingTimeout' in connection)) {
      throw new Error('engine.io changed: its pings cannot be gathered');
    }
    clearTimeout(connection.pingIntervalTimer ?? undefined);
    connection.pingIntervalTimer = null;
    const place = placeOf(turn);
    place.add(connection);
    connection[PLACE] = place;
    connection.on('close', leavePlace);
  });

  return every(TURN, () => {
    turn = (turn + 1) % places;
    for (const connection of placeOf(turn - patience)) closeIfSilent(connection, false);
    for (const connection of placeOf(turn - 2 * patience)) closeIfSilent(connection, true);
    for (const connection of placeOf(turn)) ping(connection);
  });
}

function ping(connection: Connection): void {
  connection.hasRefreshedPingTimeout = false;
  connection.pingTimeoutTimer = AWAITED;
  // As long as nothing waits in the layers between, it may pass them by.
  if (!writeStraight(connection, PING)) connection.sendPacket('ping');
}

function closeIfSilent(connection: Connection, whateverCame: boolean): void {
  if (connection.pingTimeoutTimer !== AWAITED) return;
  if (whateverCame || !connection.hasRefreshedPingTimeout) connection.onClose('ping timeout');
}
