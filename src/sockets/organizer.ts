import type { Socket } from 'socket.io';
import type { Stop } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import type { Noso } from '../domain/noso.js';
import type { Engine } from '../engine/engine.js';
import type { Broadcast } from '../live/broadcast.js';
import type { Feed, Follower } from '../live/feed.js';
import { COOKIES, cookie, cookiesCount, type Identify } from '../service/identity.js';
import { demand, tokenAuth } from '../service/input.js';
import type { Catalogue } from '../service/mirror.js';
import { viewNoso } from '../service/present.js';
import { type DoorDeps, door, type Io } from './sockets.js';

/** Consoles are sent what is to come, what is on, and what ended less than this long ago. */
const RECENT = 24 * 3_600_000;
const CONSOLES = 'consoles';

/** `/organizer`: consoles. They are sent the programme and the counts, and say nothing. */
export function organizerNamespace(
  io: Io,
  deps: DoorDeps & {
    engine: Engine;
    catalogue: Catalogue;
    broadcast: Broadcast;
    identify: Identify;
    publicUrl: () => string;
  },
): { stop: Stop } {
  const { engine, catalogue, broadcast } = deps;
  const namespace = io.of('/organizer');
  const following = new Map<string, { feed: Feed; stop: Stop }>();

  door(io, '/organizer', deps, async (socket) => {
    const auth = demand(tokenAuth, socket.handshake.auth);
    const own = socket.request.headers.origin && cookiesCount(socket.request, deps.publicUrl());
    const kept = own ? cookie(socket.request.headers.cookie, COOKIES.organizer) : null;
    const token = auth.token ?? kept;
    if (token === null)
      throw new Refusal('unauthorized.missing', 'token: an organizer’s is needed');
    const who = await deps.identify(token);
    if (!who) throw new Refusal('unauthorized.invalid', 'not a valid token');
    if (who.role !== 'organizer' && who.role !== 'owner') {
      throw new Refusal('forbidden.role', `not for ${who.role}s`);
    }
    socket.data = { organizer: who.role === 'organizer' ? who.id : null };
  });

  const countOf = (noso: Noso) => {
    const feed = following.get(noso.id)?.feed;
    return feed && broadcast.isLive(feed) ? (feed.state()?.count ?? null) : null;
  };

  const programme = () => {
    const now = engine.now();
    const nosos = [...catalogue.nosos()]
      .filter((n) => n.life.is === 'open' || n.endsAt > now - RECENT)
      .sort((a, b) => a.startsAt - b.startsAt)
      .flatMap((noso) => {
        const venue = catalogue.venue(noso.venue);
        return venue ? [viewNoso(noso, venue, countOf(noso))] : [];
      });
    return { nosos, serverTime: now };
  };

  const sendCount = (feed: Feed, to: Pick<Socket, 'emit'> = namespace.local.to(CONSOLES)) => {
    const state = feed.state();
    if (!state) return;
    const { epoch, seq, count, peak } = state;
    to.emit('count', { noso: feed.noso, epoch, seq, count, peak });
  };
  const follower: Follower = {
    count: (feed) => sendCount(feed),
    numbers: () => {},
    reset: (feed) => sendCount(feed),
  };

  /** Follows every open NoSo while a console is connected here, and none otherwise. */
  function follow(): void {
    const wanted = new Map<string, Noso>();
    if (namespace.sockets.size > 0) {
      for (const noso of catalogue.nosos()) if (noso.life.is === 'open') wanted.set(noso.id, noso);
    }
    for (const [id, { stop }] of following) {
      if (wanted.has(id)) continue;
      stop();
      following.delete(id);
    }
    for (const [id, noso] of wanted) {
      if (!following.has(id)) following.set(id, broadcast.follow(noso, follower));
    }
  }

  namespace.on('connection', (socket: Socket) => {
    socket.use(() => void socket.disconnect(true));
    socket.on('disconnect', () => follow());
    follow();
    socket.join(CONSOLES);
    socket.emit('nosos', programme());
    for (const { feed } of following.values()) {
      feed.ready().then(() => sendCount(feed, socket), deps.onError);
    }
  });

  const unlisten = catalogue.onChange(() => {
    for (const socket of namespace.sockets.values()) {
      const { organizer } = socket.data as { organizer: string | null };
      if (organizer !== null && !catalogue.organizer(organizer)) socket.disconnect(true);
    }
    follow();
    if (namespace.sockets.size > 0) namespace.local.to(CONSOLES).emit('nosos', programme());
  });
  /** Nothing new is news too: it says that what a console shows is live. */
  const unbeat = broadcast.onBeat(() => {
    for (const { feed } of following.values()) {
      if (broadcast.isLive(feed)) sendCount(feed);
    }
  });

  return {
    stop() {
      unlisten();
      unbeat();
      for (const { stop } of following.values()) stop();
    },
  };
}
