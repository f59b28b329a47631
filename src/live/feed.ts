import type { Clock, Stop } from '../clock.js';
import type { Noso } from '../domain/noso.js';
import { nextTick, shuffle } from '../domain/veil.js';
import type { Engine } from '../engine/engine.js';
import { type Freshness, NEVER, type Reading, STRENGTH } from '../service/freshness.js';
import {
  cursorOf,
  followOn,
  type Holding,
  holdAnew,
  type NumbersChange,
  reveal,
  showsNumbers,
} from './holding.js';
import { createReads } from './reads.js';

/** Somebody who follows a NoSo here: the walls of its venue, the consoles of this node. */
export type Follower = {
  /** The count may have changed, or was read again and stands (a beat). */
  count: (feed: Feed) => void;
  /** A veil tick changed the numbers. */
  numbers: (feed: Feed, change: NumbersChange) => void;
  /** What was shown no longer follows: show all of it anew. Nothing else is told in that turn. */
  reset: (feed: Feed) => void;
};

export type Feed = {
  readonly noso: string;
  /** Resolves once there is something to show; rejects if the engine does not answer now. */
  ready: () => Promise<void>;
  /** What is held now, of one epoch and one reading; null until there is something. */
  state: () => FeedState | null;
  /** When the last read that succeeded began. */
  lastRead: () => Reading;
  /** Reads the log again now: bells may be lost. Rejects as the engine does. */
  read: () => Promise<void>;
  /** Follows a change of the NoSo's terms. */
  amend: (noso: Noso) => void;
  stop: Stop;
};

/** As a holding, to look at. */
export type FeedState = Readonly<Omit<Holding, 'pending' | 'numbers'>> & {
  readonly numbers: ReadonlySet<number> | null;
};

/**
 * Follows the log of one open NoSo, for all walls and consoles of this node. A cursor over the
 * log: the count at once and coalesced (leading edge at once, trailing edge always, W3), the
 * numbers at veil ticks, net and shuffled (W6).
 *
 *     bells   |  | |||||||||||            |
 *     reads   R  --R---R---R---R          R      one per pace while there is news (reads.ts)
 *     ticks   ^                ^               ^ numbers
 */
export function createFeed(deps: {
  engine: Engine;
  clock: Clock;
  freshness: Freshness;
  noso: Noso;
  random: (n: number) => number;
  follower: Follower;
  onError: (error: unknown) => void;
}): Feed {
  const { engine, clock, freshness, follower, random, onError } = deps;
  let noso = deps.noso;
  let holding: Holding | null = null;
  let lastRead = NEVER;
  /** Numbers are to be shown again that were too many: the next read takes all anew. */
  let anew = false;
  /** Just told to show all anew: whatever else there is to show goes in another turn. */
  let justReset = false;
  let showNext = false;
  /** A tick was to show what is no news any more: the next read shows it. */
  let owed = false;
  let stopped = false;
  let stopTick: Stop = () => {};

  /** Whatever fails in here, nothing of what is held has changed. */
  async function readOnce(): Promise<void> {
    const began = freshness.note();
    const first = holding === null;
    const follows = await goOn();
    if (!follows) {
      holding = await holdAnew(engine, noso);
      anew = false;
    }
    lastRead = began;
    if (stopped || first) return;
    if (!follows) reset();
    if (noso.veil === 0 || owed) show();
    if (!justReset) follower.count(feed);
  }

  /** Takes in the log from where it is held on. False if all has to be taken anew. */
  async function goOn(): Promise<boolean> {
    if (!holding || anew) return false;
    const tail = await engine.tail(noso.id, cursorOf(holding));
    return followOn(holding, tail);
  }

  function reset(): void {
    justReset = true;
    showNext = false;
    clock.after(0, () => {
      justReset = false;
      if (showNext) show();
    });
    follower.reset(feed);
  }

  /** Lets what is pending be seen. */
  function show(): void {
    showNext = justReset;
    if (!holding || stopped || justReset) return;
    if (holding.numbers === null) {
      if (!showsNumbers(noso, holding.count)) return;
      anew = true;
      reads.ring();
      return;
    }
    // What is pending may have waited for a process that was stopped: it is no news any more (W4).
    owed = holding.pending.length > 0 && !freshness.within(lastRead, STRENGTH);
    if (owed) {
      reads.ring();
      return;
    }
    const change = reveal(holding);
    if (!change) return;
    if (!showsNumbers(noso, holding.numbers.size)) {
      holding.numbers = null;
      reset();
      return;
    }
    shuffle(change.seated, random);
    shuffle(change.gone, random);
    follower.numbers(feed, change);
  }

  function tickLater(): void {
    if (noso.veil === 0) return;
    const now = engine.now();
    stopTick = clock.after(Math.max(1, nextTick(noso.veil, now) - now), () => {
      reads
        .read()
        .then(show)
        .catch(onError)
        .finally(() => !stopped && tickLater());
    });
  }

  const reads = createReads({ clock, work: readOnce, onError });
  const unwatch = engine.watch(noso.id, reads.ring);
  const feed: Feed = {
    noso: noso.id,
    ready: () => (holding ? Promise.resolve() : reads.read()),
    state: () => holding,
    lastRead: () => lastRead,
    read: reads.read,
    amend(changed) {
      noso = changed;
    },
    stop() {
      stopped = true;
      unwatch();
      reads.stop();
      stopTick();
    },
  };
  reads.read().catch(onError);
  tickLater();
  return feed;
}
