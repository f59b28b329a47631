import type { Broadcast } from '../live/broadcast.js';
import type { Feed, Follower } from '../live/feed.js';
import type { Catalogue } from '../service/mirror.js';
import { type DoorDeps, type Inside, openDoor } from './door.js';
import type { Io, SocketOf } from './io.js';

type AtDoor = { door: string; noso: string };
type DoorSocket = SocketOf<'/door', Inside<AtDoor>>;

/**
 * `/door`: counters at the entrance. They are sent the count of their NoSo, and say nothing here:
 * nothing that a participant shapes reaches them but the count.
 */
export function doorNamespace(
  io: Io,
  deps: DoorDeps & {
    catalogue: Catalogue;
    broadcast: Broadcast;
    /** How many are there now whom each door seated. */
    here: (noso: string) => Promise<Map<string, number>>;
    /** Notes that these doors are there. */
    alive: (doors: string[]) => Promise<void>;
  },
): { count: () => number; stop: () => void } {
  const { catalogue, broadcast, onError } = deps;
  const following = new Map<
    string,
    { feed: Feed; stop: () => void; sockets: Set<DoorSocket>; here: Map<string, number> }
  >();

  const door = openDoor<'/door', AtDoor>(io, '/door', deps, {
    admit: ({ who }) => ({ door: who.id, noso: who.noso }),
    welcome(socket) {
      socket.on('disconnect', () => drop(socket));
      if (!join(socket)) end(socket);
    },
    hear: {},
  });

  /** False where its NoSo is not open. */
  function join(socket: DoorSocket): boolean {
    const { noso } = socket.data;
    const entry = follow(noso);
    if (!entry) return false;
    entry.sockets.add(socket);
    entry.feed
      .ready()
      .then(() => tellAt(noso))
      .catch(onError);
    return true;
  }

  function drop(socket: DoorSocket): void {
    const { noso } = socket.data;
    const entry = following.get(noso);
    if (!entry?.sockets.delete(socket) || entry.sockets.size > 0) return;
    entry.stop();
    following.delete(noso);
  }

  /** Before its NoSo opens a door waits; after it there is none. */
  function end(socket: DoorSocket): void {
    const { door: id, noso } = socket.data;
    const life = catalogue.noso(noso)?.life.is;
    if (catalogue.door(id) && life === 'scheduled') return;
    const over = life === undefined || life === 'closed' || life === 'cancelled';
    socket.emit('closed', { noso, reason: over ? 'closed' : 'revoked' });
    socket.disconnect(true);
  }

  const follower: Follower = {
    count: (feed) => tell(feed),
    numbers: () => {},
    reset: (feed) => tell(feed),
  };

  function follow(id: string) {
    const known = following.get(id);
    if (known) return known;
    const noso = catalogue.noso(id);
    if (noso?.life.is !== 'open') return null;
    const { feed, stop } = broadcast.follow(noso, follower);
    const entry = { feed, stop, sockets: new Set<DoorSocket>(), here: new Map<string, number>() };
    following.set(id, entry);
    return entry;
  }

  /** Nothing, where nothing is held that could be told as live. */
  function tell(feed: Feed): void {
    const entry = following.get(feed.noso);
    const state = feed.state();
    const noso = catalogue.noso(feed.noso);
    if (!entry || !state || !noso || !broadcast.isLive(feed)) return;
    const { epoch, seq, count } = state;
    const { capacity } = noso;
    for (const socket of entry.sockets) {
      const here = entry.here.get(socket.data.door) ?? 0;
      socket.emit('count', { noso: noso.id, epoch, seq, count, capacity, here });
    }
  }

  async function tellAt(noso: string): Promise<void> {
    const entry = following.get(noso);
    if (!entry) return;
    entry.here = await deps.here(noso);
    tell(entry.feed);
  }

  const unlisten = catalogue.onChange(() => {
    for (const socket of door.namespace.sockets.values()) {
      const { door: id, noso } = socket.data;
      const life = catalogue.noso(noso)?.life.is;
      if (!catalogue.door(id) || (life !== 'open' && life !== 'scheduled')) end(socket);
      // Whoever waited for the opening is shown the count now.
      else if (life === 'open' && !following.get(noso)?.sockets.has(socket)) join(socket);
    }
  });
  const unbeat = broadcast.onBeat(() => {
    for (const noso of following.keys()) tellAt(noso).catch(onError);
    const alive = [...door.namespace.sockets.values()].map(({ data }) => data.door);
    if (alive.length > 0) deps.alive(alive).catch(onError);
  });

  return {
    count: () => door.namespace.sockets.size,
    stop() {
      door.stop();
      unlisten();
      unbeat();
      for (const { stop } of following.values()) stop();
    },
  };
}
