import type { Broadcast } from '../live/broadcast.js';
import type { Feed, Follower } from '../live/feed.js';
import type { ConsoleCount } from '../protocol/wire.js';
import type { Catalogue } from '../service/mirror.js';
import type { Notes } from '../service/notes.js';
import { viewProgramme } from '../service/present.js';
import { type Session, type Sessions, sessionOf } from '../service/sessions.js';
import { type DoorDeps, openDoor } from './door.js';
import type { Io } from './io.js';

const CONSOLES = 'consoles';
/** How often it is looked for sessions that were ended, should a node's word of it be lost; ms. */
const LOOK = 2000;

/** Whoever is at one: an organizer, whose key may be revoked, or an owner, who may sign out. */
type Desk = { organizer: string | null; session: Session | null };

/** `/organizer`: consoles. They are sent the programme, the counts and the operator's notes, and say nothing. */
export function organizerNamespace(
  io: Io,
  deps: DoorDeps & {
    catalogue: Catalogue;
    broadcast: Broadcast;
    /** What whoever runs the server should know. */
    notes: Pick<Notes, 'all' | 'onChange'>;
    sessions: Pick<Sessions, 'isOver'>;
    /** Whether a code of it is exchanged faster than people come in. */
    strained: (noso: string) => boolean;
  },
): { count: () => number; ended: () => void; stop: () => void } {
  const { catalogue, broadcast, notes, sessions } = deps;
  const following = new Map<string, ReturnType<Broadcast['follow']>>();

  const door = openDoor<'/organizer', Desk>(io, '/organizer', deps, {
    admit: ({ who, token }) =>
      who.role === 'organizer'
        ? { organizer: who.id, session: null }
        : { organizer: null, session: sessionOf(token, who.until) },
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
    const said: ConsoleCount = { noso: feed.noso, epoch, seq, count, peak };
    if (deps.strained(feed.noso)) said.strained = true;
    to.emit('count', said);
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

  /** Owners who signed out, here or on another node, are let go. */
  async function lookForEnded(): Promise<void> {
    for (const socket of namespace.sockets.values()) {
      const { session } = socket.data;
      if (session && (await sessions.isOver(session))) socket.disconnect(true);
    }
  }
  const ended = () => void lookForEnded().catch(deps.onError);
  const stopLooking = deps.every(LOOK, ended);

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
    /** Some session was ended. */
    ended,
    stop() {
      door.stop();
      stopLooking();
      unlisten();
      unnoted();
      unbeat();
      for (const { stop } of following.values()) stop();
    },
  };
}
