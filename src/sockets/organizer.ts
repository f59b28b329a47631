import type { Broadcast } from '../live/broadcast.js';
import type { Feed, Follower } from '../live/feed.js';
import type { Catalogue } from '../service/mirror.js';
import type { Notes } from '../service/notes.js';
import { viewProgramme } from '../service/present.js';
import { type DoorDeps, openDoor } from './door.js';
import type { Io } from './io.js';

const CONSOLES = 'consoles';

/** `/organizer`: consoles. They are sent the programme, the counts and the operator's notes, and say nothing. */
export function organizerNamespace(
  io: Io,
  deps: DoorDeps & {
    catalogue: Catalogue;
    broadcast: Broadcast;
    /** What whoever runs the server should know. */
    notes: Pick<Notes, 'all' | 'onChange'>;
  },
): { count: () => number; stop: () => void } {
  const { catalogue, broadcast, notes } = deps;
  const following = new Map<string, ReturnType<Broadcast['follow']>>();

  /** `organizer` null: an owner, who cannot be revoked. */
  const door = openDoor<'/organizer', { organizer: string | null }>(io, '/organizer', deps, {
    admit: ({ who }) => ({ organizer: who.role === 'organizer' ? who.id : null }),
    welcome(socket) {
      socket.on('disconnect', () => follow());
      follow();
      socket.join(CONSOLES);
      socket.emit('nosos', programme());
      if (notes.all().length > 0) socket.emit('notes', { notes: notes.all() });
      for (const { feed } of following.values()) {
        feed.ready().then(() => sendCount(feed, socket), deps.onError);
      }
    },
    hear: {},
  });
  const { namespace } = door;
  const all = () => namespace.local.to(CONSOLES);

  const programme = () =>
    viewProgramme(catalogue, deps.now(), ({ id }) => {
      const feed = following.get(id)?.feed;
      return feed && broadcast.isLive(feed) ? (feed.state()?.count ?? null) : null;
    });

  /** Nothing, where nothing is held that could be told as live. */
  const sendCount = (feed: Feed, to: Pick<ReturnType<typeof all>, 'emit'> = all()): void => {
    const state = feed.state();
    if (!state || !broadcast.isLive(feed)) return;
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
    const nosos = namespace.sockets.size > 0 ? [...catalogue.nosos()] : [];
    const open = nosos.filter(({ life }) => life.is === 'open');
    const wanted = new Map(open.map((noso) => [noso.id, noso]));
    for (const [id, { stop }] of following) {
      if (wanted.has(id)) continue;
      stop();
      following.delete(id);
    }
    for (const [id, noso] of wanted) {
      if (!following.has(id)) following.set(id, broadcast.follow(noso, follower));
    }
  }

  const unlisten = catalogue.onChange(() => {
    for (const socket of namespace.sockets.values()) {
      const { organizer } = socket.data;
      if (organizer !== null && !catalogue.organizer(organizer)) socket.disconnect(true);
    }
    follow();
    if (namespace.sockets.size > 0) all().emit('nosos', programme());
  });
  const unnoted = notes.onChange(() => void all().emit('notes', { notes: notes.all() }));
  /** Nothing new is news too: it says that what a console shows is live. */
  const unbeat = broadcast.onBeat(() => {
    for (const { feed } of following.values()) sendCount(feed);
  });

  return {
    count: () => namespace.sockets.size,
    stop() {
      door.stop();
      unlisten();
      unnoted();
      unbeat();
      for (const { stop } of following.values()) stop();
    },
  };
}
