import type { Socket } from 'socket.io-client';
import type { Failure, OrganizerEvents } from '../../src/protocol/wire.js';
import { loadScript } from '../shared/loadScript.js';
import { type Api, Problem } from './consoleApi.js';
import { every, type Stop } from './consoleDesk.js';
import type { Store } from './consoleStore.js';

/** How often the server is asked whether it is there: a browser alone may take minutes to notice. */
const PROBE = 4_000;
/** How long a probe may take. */
const PATIENCE = 3_500;
/** Before trying again where the server refused without saying when. */
const PAUSE = 4_000;

type Line = Socket<OrganizerEvents, Record<string, never>>;
/** Connects to `/organizer`, and again by itself where the line is cut. */
export type Connect = () => Line;

declare global {
  interface Window {
    nosoLine?: Connect;
  }
}

const load = loadScript('/assets/organizer/line.page.js', () => window.nosoLine);

type Refused = Error & { data?: Partial<Failure> };

const late = (ms: number) =>
  new Promise<never>((_, reject) => setTimeout(() => reject(new Problem('offline')), ms));

/**
 * Keeps the store live over Socket.IO, says so when it is not, and heals by itself. The session's
 * cookie signs in; a lost one shows in `api`, which tells whoever made it.
 *
 * While the line is cut (or WebSocket is blocked altogether) the programme is still asked for over
 * HTTP with each probe, and shown with the time of that answer.
 */
export function goLive(store: Store, api: Api): Stop {
  let line: Line | null = null;
  let left = false;
  let again: ReturnType<typeof setTimeout> | undefined;
  let probing = false;

  async function connect(): Promise<void> {
    const ready = await load();
    if (!ready || line || left) return;
    line = ready();
    hear(line);
  }

  function hear(socket: Line): void {
    const retry = (seconds: number | undefined) => {
      clearTimeout(again);
      again = setTimeout(() => socket.connect(), seconds ? seconds * 1000 : PAUSE);
    };
    // Where there are none a line that begins says nothing of them.
    socket.on('connect', () => store.hearNotes([]));
    socket.on('notes', ({ notes }) => store.hearNotes(notes));
    socket.on('nosos', ({ nosos, serverTime }) => store.hearNosos(nosos, serverTime));
    socket.on('count', (count) => store.hearCount(count));
    socket.on('disconnect', (reason) => {
      store.cutOff();
      // The client comes back by itself from anything but this: a server's or its own goodbye.
      if (reason === 'io server disconnect') retry(undefined);
    });
    socket.on('connect_error', (error: Refused) => {
      store.cutOff();
      // A middleware's refusal is final for the client; it is not for us.
      if (!socket.active) retry(error.data?.retryAfter);
      if (error.data?.code === 'unauthorized') void probe();
    });
  }

  async function ask(): Promise<void> {
    await api.stillSignedIn();
    if (line?.connected) store.hearAlive();
    else store.hearPolled((await api.nosos({})).nosos);
  }

  async function probe(): Promise<void> {
    if (probing) return;
    probing = true;
    if (!line) void connect();
    try {
      await Promise.race([ask(), late(PATIENCE)]);
    } catch {
      store.cutOff();
      // What came over a line that seemed to stand may be missing something: start it anew.
      if (line?.connected) line.disconnect().connect();
    } finally {
      probing = false;
    }
  }

  const wake = () => {
    if (!document.hidden) void probe();
  };
  void connect();
  const stopProbing = every(PROBE, () => void probe());
  document.addEventListener('visibilitychange', wake);
  addEventListener('pageshow', wake);
  addEventListener('online', wake);
  return () => {
    stopProbing();
    clearTimeout(again);
    document.removeEventListener('visibilitychange', wake);
    removeEventListener('pageshow', wake);
    removeEventListener('online', wake);
    left = true;
    line?.close();
  };
}
