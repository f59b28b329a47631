import type { Clock, Stop } from '../clock.js';
import type { OperatorNote } from '../protocol/wire.js';
import { CAUSES, type Cause } from './causes.js';

/** A cause that is told again and again while it lasts is over this long after the last time, ms. */
const BRIEF = 5000;
/** What shows only when somebody comes, and is not over because nobody did for a moment, ms. */
const RARE = 2 * 60_000;
const DAY = 24 * 3_600_000;
/** How often it is looked for what is over, ms. */
const LOOK = 1000;

/** How long a note stands after it was last raised; null: until it is dropped. */
const LASTS: Record<(typeof CAUSES)[Cause]['event'], number | null> = {
  'not ready': BRIEF,
  clock: BRIEF,
  refused: RARE,
  forwarded: DAY,
  address: null,
};

/** What one node sees and all consoles are told: any node may be the one that the proxy asks. */
const OF_ALL: readonly Cause[] = ['ORIGIN', 'FORWARDED'];
/** Once so often others are told that it lasts: less than how long it stands, ms. */
const AGAIN = RARE / 2;

type Standing = { url: string | undefined; until: number };

export type Notes = ReturnType<typeof createNotes>;

/**
 * What whoever runs this server should know now: the causes of the log's table that last (F8). In
 * memory alone, and nothing of anybody in it but the bare origin that the log may name (A1).
 */
export function createNotes(deps: {
  clock: Pick<Clock, 'steady' | 'every'>;
  /** Tells the other nodes. */
  share: (note: OperatorNote) => void;
}) {
  const { clock } = deps;
  const standing = new Map<Cause, Standing>();
  const shared = new Map<Cause, number>();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };

  function stand(cause: Cause, url: string | undefined): void {
    const lasts = LASTS[CAUSES[cause].event];
    const before = standing.get(cause);
    const until = lasts === null ? Number.POSITIVE_INFINITY : clock.steady() + lasts;
    standing.set(cause, { url, until });
    if (!before || before.url !== url) changed();
  }

  const stop: Stop = clock.every(LOOK, () => {
    const over = [...standing].filter(([, { until }]) => until <= clock.steady());
    for (const [cause] of over) standing.delete(cause);
    if (over.length > 0) changed();
  });

  return {
    /** A cause lasts; `url` where an address is what it is about. */
    raise(cause: Cause, url?: string): void {
      stand(cause, url);
      const now = clock.steady();
      const due = now - (shared.get(cause) ?? Number.NEGATIVE_INFINITY) >= AGAIN;
      if (!OF_ALL.includes(cause) || !due) return;
      shared.set(cause, now);
      deps.share(noteOf(cause, url));
    },
    /** Another node says so. */
    hear({ cause, url }: OperatorNote): void {
      const known = OF_ALL.find((each) => each === cause);
      if (known) stand(known, url);
    },
    /** It is over. */
    drop(cause: Cause): void {
      if (standing.delete(cause)) changed();
    },
    /** All that last, in the table's order. */
    all: (): OperatorNote[] =>
      (Object.keys(CAUSES) as Cause[]).flatMap((cause) => {
        const note = standing.get(cause);
        return note ? [noteOf(cause, note.url)] : [];
      }),
    onChange(listener: () => void): Stop {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    stop,
  };
}

const noteOf = (cause: Cause, url: string | undefined): OperatorNote =>
  url === undefined ? { cause } : { cause, url };
