import type { Clock } from '../clock.js';
import type { Log, LogFields } from '../log.js';

/** One cause is told this often at most, in ms. */
const TOLD_EVERY = 60_000;

/**
 * Why people are turned away, in the words that the log uses (F8): one table, which README's
 * operations show. The event says what follows, the word why; none is in two rows.
 */
export const CAUSES = {
  NO_ANSWER: { event: 'not ready', means: 'the store does not answer' },
  OOM: { event: 'not ready', means: 'Redis is full: give it memory' },
  READONLY: {
    event: 'not ready',
    means: 'this Redis is a replica: REDIS_URL should name the master',
  },
  MISCONF: { event: 'not ready', means: 'Redis cannot write its files: its log says why' },
  NOREPLICAS: { event: 'not ready', means: 'Redis has fewer replicas than it is told to have' },
  LOADING: { event: 'not ready', means: 'Redis reads its files after a start: it takes a while' },
  BUSY: { event: 'not ready', means: 'a script of somebody else’s keeps Redis busy' },
  CLUSTERDOWN: {
    event: 'not ready',
    means: 'a part of the Cluster has no master: CLUSTER INFO says which',
  },
  MAXCLIENTS: { event: 'not ready', means: 'Redis takes no more connections: raise maxclients' },
  NOPERM: { event: 'not ready', means: 'this user of Redis may not do what is needed' },
  CERT: { event: 'not ready', means: 'Redis’ certificate is not trusted, or has run out' },
  LATER: { event: 'not ready', means: 'a later release is at this store: replace this process' },
  SQLITE: { event: 'not ready', means: 'DATA_DIR takes no writes: is there room?' },
  EMFILE: {
    event: 'not ready',
    means: 'no more connections: raise the limit of open files (ulimit -n, LimitNOFILE)',
  },
  CATALOGUE: { event: 'not ready', means: 'what is planned was not read lately' },
  OVERDUE: { event: 'not ready', means: 'NoSos whose end is past are being closed' },
  FAULT: { event: 'not ready', means: 'a fault of this program: the lines before say where' },
  ORIGIN: {
    event: 'refused',
    means: 'pages under another address than PUBLIC_URL, or than the Host that a proxy passes on',
  },
  FORWARDED: {
    event: 'forwarded',
    means: 'requests come through a proxy that TRUST_PROXY does not name: limits see one address',
  },
  CLOCK: {
    event: 'clock',
    means: 'the clock is behind what is stored: nothing opens by itself until it is not',
  },
  AHEAD: {
    event: 'clock',
    means:
      'the clock is far ahead of all that is known: nothing opens, closes or is cancelled by itself until it is sure',
  },
  LOOPBACK: {
    event: 'address',
    means: 'only this machine gets there: HOST is a loopback address, or there is no network',
  },
  BRIDGE: {
    event: 'address',
    means: 'phones do not get there: it is a container’s own address: set PUBLIC_URL',
  },
  PLAIN: {
    event: 'address',
    means:
      'browsers warn of plain http:// under a public name: set TLS_CERT, or put a proxy in front',
  },
  MOVED: {
    event: 'address',
    means: 'this machine has another address: posters and links with the former one lead nowhere',
  },
} as const satisfies Record<string, { event: string; means: string }>;

export type Cause = keyof typeof CAUSES;
export type Tell = (cause: Cause, more?: Pick<LogFields, 'count' | 'url' | 'detail'>) => void;

/** Which row a word that a store or a system gave belongs to; null for one that has none. */
export function causeOf(word: string): Cause | null {
  if (word in CAUSES) return word as Cause;
  return /^(SQLITE_|E[A-Z])/.test(word) ? 'SQLITE' : null;
}

/**
 * Tells whoever runs the server of a cause: in one line of the log a minute at most for each, and in
 * consoles for as long as it lasts.
 */
export function createTell(deps: {
  log: Log;
  clock: Pick<Clock, 'steady'>;
  notes?: { raise: (cause: Cause, url?: string) => void };
}): Tell {
  const told = new Map<Cause, number>();
  return (cause, more = {}) => {
    deps.notes?.raise(cause, more.url);
    const now = deps.clock.steady();
    if (now - (told.get(cause) ?? Number.NEGATIVE_INFINITY) < TOLD_EVERY) return;
    told.set(cause, now);
    const { event, means } = CAUSES[cause];
    deps.log.warn({ event, detail: `${cause}: ${means}`, ...more });
  };
}
