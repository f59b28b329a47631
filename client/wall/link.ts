import { io, type Socket } from 'socket.io-client';
import type {
  Code,
  Count,
  Failure,
  FromWall,
  Identify,
  Numbers,
  Refused,
  Snapshot,
  WallAuth,
  WallEvents,
  WallSays,
} from '../../src/protocol/wire.js';

/** Milliseconds. */
const SILENCE = 5000;
const SYNC_TIMEOUT = 2500;
const REFUSED_AGAIN = 60_000;
const RETRY = 5000;
/** Without a connection for so long, all is begun anew, whatever the client thinks it is doing. */
const LOST = 30_000;

export type Link = {
  /** Asks for a snapshot; a link that does not answer is opened anew. */
  sync: () => void;
  /** Tells the server what is on the screen, where that is another thing than it was told. */
  says: () => void;
  close: () => void;
};

/**
 * Keeps a wall connected, for months: the client notices a dead link only when it sends, and gives
 * up after a refusal, so silence and refusals are watched here.
 */
export function createLink(
  token: string,
  on: {
    snapshot: (snapshot: Snapshot) => void;
    count: (count: Count) => void;
    numbers: (numbers: Numbers) => void;
    code: (code: Code) => void;
    /** A word for what is on the screen. */
    shows: () => string;
    /** What this screen is. */
    screen: () => WallAuth['screen'];
    identify: (identify: Identify) => void;
    /** The token is not, or no longer, valid. It is tried again from time to time. */
    refused: () => void;
  },
): Link {
  const socket: Socket<WallEvents, FromWall> = io('/wall', {
    path: '/socket.io',
    transports: ['websocket'],
    auth: (say: (auth: WallAuth) => void) => say({ token, screen: on.screen() }),
    forceNew: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: 4000,
    randomizationFactor: 1,
    timeout: 5000,
  });
  let heardAt = performance.now();
  /** What the server was told over this connection. */
  let told = '';
  let later: ReturnType<typeof setTimeout> | undefined;

  const heard = () => {
    heardAt = performance.now();
  };

  function reopen(): void {
    heard();
    clearTimeout(later);
    later = undefined;
    socket.disconnect();
    socket.connect();
  }

  function reopenIn(ms: number): void {
    clearTimeout(later);
    later = setTimeout(reopen, ms * (1 + Math.random() / 2));
  }

  function sync(): void {
    if (!socket.connected) return;
    socket
      .timeout(SYNC_TIMEOUT)

      .emit('sync', { shows: on.shows() }, (error: Error | null, answer?: Snapshot | Failure) => {
        if (error) reopen();
        else if (answer && 'venue' in answer) {
          heard();
          on.snapshot(answer);
        } else reopenIn(RETRY);
      });
  }

  function says(): void {
    const shows = on.shows();
    if (!socket.connected || shows === told) return;
    told = shows;
    (socket as unknown as Socket<WallEvents, WallSays>).emit('sync', { shows });
  }

  socket.on('connect', () => {
    heard();
    told = '';
  });
  socket.on('snapshot', (snapshot) => {
    heard();
    on.snapshot(snapshot);
  });
  socket.on('count', (count) => {
    heard();
    on.count(count);
  });
  socket.on('numbers', on.numbers);
  socket.on('code', on.code);
  socket.on('identify', on.identify);
  socket.on('connect_error', (error: Error & { data?: Partial<Refused> }) => {
    if (socket.active) return; // The network: the client tries again by itself.
    const { code, retryAfter } = error.data ?? {};
    const refused = code === 'unauthorized' || code === 'forbidden';
    if (refused) on.refused();
    reopenIn(retryAfter === undefined ? (refused ? REFUSED_AGAIN : RETRY) : retryAfter * 1000);
  });
  socket.on('disconnect', () => {
    if (!socket.active) reopenIn(500);
  });

  const watch = setInterval(() => {
    const silent = performance.now() - heardAt;
    if (socket.connected ? silent > SILENCE : silent > LOST && !later) reopen();
  }, 1000);

  /** Back from sleep, another tab or a lost network: whatever the socket says, ask. */
  const wake = () => {
    if (document.visibilityState === 'hidden') return;
    if (socket.connected) sync();
    else if (performance.now() - heardAt > 1000) reopen();
  };
  document.addEventListener('visibilitychange', wake);
  window.addEventListener('pageshow', wake);
  window.addEventListener('online', wake);

  return {
    sync,
    says,
    close() {
      clearInterval(watch);
      clearTimeout(later);
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('pageshow', wake);
      window.removeEventListener('online', wake);
      socket.disconnect();
    },
  };
}
