import type { Socket } from 'socket.io';
import type { Clock, Stop } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import type { Engine } from '../engine/engine.js';
import type { Broadcast } from '../live/broadcast.js';
import { createStage, type Stage } from '../live/stage.js';
import type { Codes } from '../service/codes.js';
import type { Identify } from '../service/identity.js';
import { demand, tokenAuth } from '../service/input.js';
import type { Catalogue } from '../service/mirror.js';
import { asRefusal, failureOf } from '../service/refusals.js';
import { tellAll } from '../service/tellAll.js';
import { type DoorDeps, door, type Io } from './sockets.js';

/** Frames and bytes that may wait for a wall that reads slowly; then it gets the latest only (W5). */
const WAITING_FRAMES = 8;
const WAITING_BYTES = 64 * 1024;
/** How often it is written down which walls are alive. */
const NOTE = 3000;

/** How often a wall may ask for a snapshot between two beats: making one is work. */
const MOST_SYNCS = 10;

type WallData = {
  wall: string;
  venue: string;
  /** How often it asked since the last beat. */
  syncs: number;
  /** Whether it was ever given a snapshot, and whether one is on its way. */
  shown: boolean;
  asked: boolean;
};

/**
 * `/wall`: read-only displays. A wall is in the room of its venue and gets every frame there. One
 * that reads too slowly (W5), or is to be shown all anew (W2), is taken out until it has been given
 * a snapshot: no frame of another log, or of another NoSo, comes before that.
 */
export function wallNamespace(
  io: Io,
  deps: DoorDeps & {
    engine: Engine;
    clock: Clock;
    catalogue: Catalogue;
    codes: Codes;
    broadcast: Broadcast;
    random: (n: number) => number;
    identify: Identify;
  },
): { stop: Stop } {
  const { engine, clock, catalogue, broadcast, onError } = deps;
  const namespace = io.of('/wall');
  const stages = new Map<string, { stage: Stage; walls: Set<Socket> }>();
  const behind = new Set<Socket>();

  const room = (venue: string) => `venue:${venue}`;
  const dataOf = (socket: Socket) => socket.data as WallData;

  door(io, '/wall', deps, async (socket) => {
    const { token } = demand(tokenAuth, socket.handshake.auth);
    if (token === undefined)
      throw new Refusal('unauthorized.missing', 'token: a wall token is needed');
    const who = await deps.identify(token);
    if (!who) throw new Refusal('unauthorized.invalid', 'not a valid token');
    if (who.role !== 'wall') throw new Refusal('forbidden.role', `not for ${who.role}s`);
    const wall = catalogue.wall(who.id);
    if (!wall || !catalogue.venue(wall.venue))
      throw new Refusal('unauthorized.revoked', 'this wall is no more');
    const known = { wall: wall.id, venue: wall.venue, syncs: 0 };
    socket.data = { ...known, shown: false, asked: false } satisfies WallData;
  });

  namespace.on('connection', (socket: Socket) => {
    const { venue } = dataOf(socket);
    enter(socket, venue);
    socket.use((event, next) => (event[0] === 'sync' ? next() : void socket.disconnect(true)));
    socket.on('sync', (...args: unknown[]) => {
      const ack = args.pop();
      if (typeof ack !== 'function') return;
      sync(socket, ack as (answer: object) => void).catch(onError);
    });
    socket.on('disconnect', () => leave(socket, venue));
    sendSnapshot(socket).catch(onError);
  });

  function enter(socket: Socket, venue: string): void {
    const entry = stages.get(venue) ?? open(venue);
    stages.set(venue, entry);
    entry.walls.add(socket);
  }

  function open(venue: string): { stage: Stage; walls: Set<Socket> } {
    const walls = new Set<Socket>();
    const stage = createStage({
      venue,
      engine,
      clock,
      catalogue,
      codes: deps.codes,
      broadcast,
      random: deps.random,
      onError,
      show: {
        all(event, frame) {
          for (const socket of walls) if (slow(socket)) fallBehind(socket);
          namespace.local.to(room(venue)).emit(event, frame);
        },
        snapshot() {
          for (const socket of walls) {
            if (behind.has(socket)) continue;
            fallBehind(socket);
            sendSnapshot(socket).catch(onError);
          }
        },
      },
    });
    return { stage, walls };
  }

  function leave(socket: Socket, venue: string): void {
    behind.delete(socket);
    const entry = stages.get(venue);
    entry?.walls.delete(socket);
    if (!entry || entry.walls.size > 0) return;
    entry.stage.stop();
    stages.delete(venue);
  }

  /** A wall joins its room only with a snapshot in hand, so that no frame comes before it. */
  async function sendSnapshot(socket: Socket): Promise<void> {
    const data = dataOf(socket);
    const stage = stages.get(data.venue)?.stage;
    if (!stage || !socket.connected || data.asked) return;
    if (slow(socket)) {
      fallBehind(socket);
      return;
    }
    data.asked = true;
    try {
      await stage.snapshot((snapshot) => {
        if (!socket.connected) return;
        socket.emit('snapshot', snapshot);
        behind.delete(socket);
        Object.assign(data, { shown: true, asked: false });
        socket.join(room(data.venue));
      });
    } catch (error) {
      // The engine does not answer: a wall that is shown nothing yet tries again, maybe elsewhere;
      // the others say how old it is what they show, and are given a snapshot at a later beat.
      onError(error);
      if (data.shown) fallBehind(socket);
      else socket.conn.close();
    } finally {
      data.asked = false;
    }
  }

  async function sync(socket: Socket, ack: (answer: object) => void): Promise<void> {
    // A wall that asks without reading the answers gets one once it has read what waits for it.
    const answer = (what: object) => (slow(socket) ? fallBehind(socket) : ack(what));
    try {
      const data = dataOf(socket);
      data.syncs += 1;
      if (data.syncs > MOST_SYNCS) throw new Refusal('rate_limited.syncs', undefined, 1);
      await stages.get(data.venue)?.stage.snapshot(answer);
    } catch (error) {
      answer(failureOf(asRefusal(error, onError)));
    }
  }

  /** From here on this wall gets nothing but the pings, until it is given a snapshot. */
  function fallBehind(socket: Socket): void {
    if (!socket.connected || behind.has(socket)) return;
    behind.add(socket);
    socket.leave(room(dataOf(socket).venue));
  }

  /** Once it has read what waits for it. */
  function catchUp(): void {
    for (const socket of behind) {
      if (waiting(socket).frames === 0) sendSnapshot(socket).catch(onError);
    }
  }

  function beat(): void {
    catchUp();
    tellAll(
      stages.values(),
      ({ stage, walls }) => {
        for (const socket of walls) dataOf(socket).syncs = 0;
        stage.beat();
      },
      onError,
    );
  }

  /** Walls whose token was revoked, or whose venue is gone, are let go (W8). */
  function expel(): void {
    for (const { walls } of [...stages.values()]) {
      for (const socket of [...walls]) {
        const { wall, venue } = dataOf(socket);
        if (!catalogue.wall(wall) || !catalogue.venue(venue)) socket.disconnect(true);
      }
    }
  }

  async function noteBeats(): Promise<void> {
    const alive = [...stages.values()].flatMap(({ walls }) =>
      [...walls].filter((s) => !behind.has(s)).map((s) => dataOf(s).wall),
    );
    if (alive.length > 0) await engine.beat(alive);
  }

  const stops = [
    broadcast.onBeat(beat),
    clock.every(NOTE, () => noteBeats().catch(onError)),
    catalogue.onChange(() => {
      expel();
      tellAll(stages.values(), ({ stage }) => stage.changed(), onError);
    }),
  ];
  return {
    stop() {
      for (const stop of stops) stop();
      for (const { stage } of stages.values()) stage.stop();
    },
  };
}

/** What waits in the process for a reader: packets not yet handed to its TCP socket. */
function waiting(socket: Socket): { frames: number; bytes: number } {
  const { writeBuffer, transport } = socket.conn as unknown as {
    writeBuffer: { data?: unknown }[];
    transport: { writable: boolean; socket?: { bufferedAmount?: number } };
  };
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) if (typeof data === 'string') bytes += data.length;
  return { frames: writeBuffer.length + (transport.writable ? 0 : 1), bytes };
}

function slow(socket: Socket): boolean {
  const { frames, bytes } = waiting(socket);
  return frames > WAITING_FRAMES || bytes > WAITING_BYTES;
}
