import { Refusal } from '../domain/errors.js';
import type { Broadcast } from '../live/broadcast.js';
import type { Show, Stage } from '../live/stage.js';
import type { Snapshot } from '../protocol/wire.js';
import { shows } from '../service/input.js';
import type { Catalogue } from '../service/mirror.js';
import { asRefusal, failureOf } from '../service/refusals.js';
import type { Screens } from '../service/screens.js';
import { shownWall } from '../service/shownWall.js';
import { tellAll } from '../service/tellAll.js';
import { type DoorDeps, type Inside, openDoor } from './door.js';
import type { Ack, Io, SocketOf } from './io.js';
import { sayToAll, waiting } from './oneWrite.js';

/** Frames and bytes that may wait for a wall that reads slowly; then it gets the latest only (W5). */
const WAITING_FRAMES = 8;
const WAITING_BYTES = 64 * 1024;
/** After how many beats it is written down which walls are alive. */
const NOTE = 3;
/** After how many beats the other nodes are told again what walls here said of themselves. */
const REPEAT = 60;
/** How often a wall may say something between two beats: making a snapshot is work. */
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
type WallSocket = SocketOf<'/wall', Inside<WallData>>;

/**
 * `/wall`: read-only displays. A wall gets every frame of its venue once it was shown a snapshot. One
 * that reads too slowly (W5), or is to be shown all anew (W2), gets none until it has been given
 * another: no frame of another log, or of another NoSo, comes before that.
 */
export function wallNamespace(
  io: Io,
  deps: DoorDeps & {
    catalogue: Catalogue;
    broadcast: Broadcast;
    /** What the walls of a venue show; it is shown by `show`. */
    stageOf: (venue: string, show: Show) => Stage;
    /** Notes that these walls were sent a beat now. */
    alive: (walls: string[]) => Promise<void>;
    screens: Pick<Screens, 'note' | 'repeat'>;
  },
): {
  identify: (wall: string, until: number) => void;
  showAnew: () => void;
  /** Tells the other nodes again what walls here said of themselves. */
  repeat: () => void;
  count: () => number;
  stop: () => void;
} {
  const { catalogue, broadcast, onError } = deps;
  const stages = new Map<string, { stage: Stage; walls: Set<WallSocket> }>();
  const behind = new Set<WallSocket>();

  const door = openDoor<'/wall', WallData>(io, '/wall', deps, {
    admit({ who, auth }) {
      const wall = catalogue.wall(who.id);
      if (!wall || !catalogue.venue(wall.venue)) {
        throw new Refusal('unauthorized.revoked', 'this wall is no more');
      }
      if (auth.screen) deps.screens.note(wall.id, auth.screen);
      return { wall: wall.id, venue: wall.venue, syncs: 0, shown: false, asked: false };
    },
    welcome(socket) {
      const { venue } = socket.data;
      enter(socket, venue);
      socket.on('disconnect', () => leave(socket, venue));
      sendSnapshot(socket).catch(onError);
    },
    hear: {
      sync(socket, [said], ack) {
        const { shows: word } = shows.parse(said);
        socket.data.syncs += 1;
        const often = socket.data.syncs > MOST_SYNCS;
        if (word !== undefined && !often) deps.screens.note(socket.data.wall, { shows: word });
        if (ack) sync(socket, ack).catch(onError);
      },
    },
  });

  function enter(socket: WallSocket, venue: string): void {
    const entry = stages.get(venue) ?? open(venue);
    stages.set(venue, entry);
    entry.walls.add(socket);
  }

  function open(venue: string): { stage: Stage; walls: Set<WallSocket> } {
    const walls = new Set<WallSocket>();
    const stage = deps.stageOf(venue, {
      all(event, ...frame) {
        for (const socket of walls) if (slow(socket)) fallBehind(socket);
        const current = [...walls].filter((socket) => socket.data.shown && !behind.has(socket));
        sayToAll(current, '/wall', [event, ...frame], (socket) => socket.emit(event, ...frame));
      },
      snapshot: () => showAnew(walls),
    });
    return { stage, walls };
  }

  /** Each wall is told of itself besides what all are. */
  const own = (socket: WallSocket, snapshot: Snapshot): Snapshot => ({
    ...snapshot,
    wall: shownWall(catalogue, socket.data.wall),
  });

  function showAnew(walls: Iterable<WallSocket>): void {
    for (const socket of walls) {
      if (behind.has(socket)) continue;
      fallBehind(socket);
      sendSnapshot(socket).catch(onError);
    }
  }

  function leave(socket: WallSocket, venue: string): void {
    behind.delete(socket);
    const entry = stages.get(venue);
    entry?.walls.delete(socket);
    if (!entry || entry.walls.size > 0) return;
    entry.stage.stop();
    stages.delete(venue);
  }

  /** A wall is told what is new only with a snapshot in hand, so that no frame comes before it. */
  async function sendSnapshot(socket: WallSocket): Promise<void> {
    const { data } = socket;
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
        socket.emit('snapshot', own(socket, snapshot));
        behind.delete(socket);
        Object.assign(data, { shown: true, asked: false });
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

  async function sync(socket: WallSocket, ack: Ack<'/wall', 'sync'>): Promise<void> {
    // A wall that asks without reading the answers gets one once it has read what waits for it.
    const answer: typeof ack = (what) => (slow(socket) ? fallBehind(socket) : ack(what));
    try {
      const { data } = socket;
      if (data.syncs > MOST_SYNCS) throw new Refusal('rate_limited.syncs', undefined, 1);
      await stages.get(data.venue)?.stage.snapshot((snapshot) => answer(own(socket, snapshot)));
    } catch (error) {
      answer(failureOf(asRefusal(error, onError)));
    }
  }

  /** From here on this wall gets nothing but the pings, until it is given a snapshot. */
  function fallBehind(socket: WallSocket): void {
    if (!socket.connected || behind.has(socket)) return;
    behind.add(socket);
  }

  /** Once it has read what waits for it. */
  function catchUp(): void {
    for (const socket of behind) {
      if (waiting(socket).frames === 0) sendSnapshot(socket).catch(onError);
    }
  }

  let beats = 0;
  function beat(): void {
    beats += 1;
    if (beats % NOTE === 0) noteBeats().catch(onError);
    if (beats % REPEAT === 0) repeat();
    catchUp();
    tellAll(
      stages.values(),
      ({ stage, walls }) => {
        for (const socket of walls) socket.data.syncs = 0;
        stage.beat();
      },
      onError,
    );
  }

  /** Walls whose token was revoked, or whose venue is gone, are let go (W8). */
  function expel(): void {
    for (const socket of here()) {
      const { wall, venue } = socket.data;
      if (!catalogue.wall(wall) || !catalogue.venue(venue)) socket.disconnect(true);
    }
  }

  const here = (): WallSocket[] => [...stages.values()].flatMap(({ walls }) => [...walls]);
  const repeat = (): void => deps.screens.repeat(here().map(({ data }) => data.wall));

  async function noteBeats(): Promise<void> {
    const alive = here().flatMap((socket) => (behind.has(socket) ? [] : [socket.data.wall]));
    if (alive.length > 0) await deps.alive(alive);
  }

  const stops = [
    broadcast.onBeat(beat),
    catalogue.onChange((changes) => {
      expel();
      tellAll(stages.values(), ({ stage }) => stage.changed(), onError);
      // A wall that is renamed or measured anew; and its venue may have one more, or less.
      if (changes.some(({ kind }) => kind === 'wall')) showAnew(here());
    }),
  ];
  return {
    /** Has a wall show its name, if it is connected here. */
    identify(wall: string, until: number): void {
      for (const socket of here())
        if (socket.data.wall === wall) socket.emit('identify', { until });
    },
    /** Has all walls show what they show anew: the address that their codes say is another. */
    showAnew: () => showAnew(here()),
    repeat,
    count: () => door.namespace.sockets.size,
    stop() {
      door.stop();
      for (const stop of stops) stop();
      for (const { stage } of stages.values()) stage.stop();
    },
  };
}

function slow(socket: WallSocket): boolean {
  const { frames, bytes } = waiting(socket);
  return frames > WAITING_FRAMES || bytes > WAITING_BYTES;
}
