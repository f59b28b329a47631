import type { Clock, Stop } from '../clock.js';
import type { Noso } from '../domain/noso.js';
import type { Engine } from '../engine/engine.js';
import type { Catalogue } from '../service/mirror.js';
import { createFeed, type Feed, type NumbersChange } from './feed.js';

/** A beat every second: walls are promised one every two (W4). */
const BEAT = 1000;
/** How long a round of reads may keep a beat waiting: one NoSo's store must not still all walls. */
const PATIENCE = 500;
/** A beat may be sent on the strength of a read that is younger than this (W4). */
const STRENGTH = 2000;

/** Somebody who follows a NoSo here: the walls of its venue, the consoles of this node. */
export type Follower = {
  count: (feed: Feed) => void;
  numbers: (feed: Feed, change: NumbersChange) => void;
  reset: (feed: Feed) => void;
};

export type Broadcast = ReturnType<typeof createBroadcast>;

/**
 * The feeds of this node: one for each open NoSo that somebody here looks at, however many do.
 * Every second each is read again regardless of bells, and the catalogue as well: what comes of it
 * is the beat.
 */
export function createBroadcast(deps: {
  engine: Engine;
  clock: Clock;
  catalogue: Catalogue;
  /** `random(n)` is an integer in [0, n). */
  random: (n: number) => number;
  onError: (error: unknown) => void;
}) {
  const { engine, clock, catalogue } = deps;
  const feeds = new Map<string, { feed: Feed; followers: Set<Follower> }>();
  const beaters = new Set<() => void>();

  const each = (feed: Feed, tell: (follower: Follower) => void): void => {
    for (const follower of feeds.get(feed.noso)?.followers ?? []) tell(follower);
  };

  function start(noso: Noso): { feed: Feed; followers: Set<Follower> } {
    const feed = createFeed({
      engine,
      clock,
      noso,
      random: deps.random,
      listener: {
        count: (of) => each(of, (f) => f.count(of)),
        numbers: (of, change) => each(of, (f) => f.numbers(of, change)),
        reset: (of) => each(of, (f) => f.reset(of)),
      },
      onError: deps.onError,
    });
    return { feed, followers: new Set() };
  }

  async function beat(): Promise<void> {
    const reads = [...feeds.values()].map(({ feed }) => feed.read().catch(deps.onError));
    const all = Promise.all([catalogue.refresh().catch(deps.onError), ...reads]);
    await Promise.race([all, new Promise<void>((go) => void clock.after(PATIENCE, go))]);
    for (const tell of beaters) tell();
  }

  const stopBeating = clock.every(BEAT, () => {
    beat().catch(deps.onError);
  });
  const unlisten = catalogue.onChange((changes) => {
    for (const { kind, id, document } of changes) {
      if (kind === 'noso' && document && 'life' in document) feeds.get(id)?.feed.amend(document);
    }
  });

  return {
    /** Follows an open NoSo; `feed.ready()` says when there is something to show. */
    follow(noso: Noso, follower: Follower): { feed: Feed; stop: Stop } {
      const entry = feeds.get(noso.id) ?? start(noso);
      feeds.set(noso.id, entry);
      const { feed, followers } = entry;
      followers.add(follower);
      return {
        feed,
        stop() {
          if (!followers.delete(follower) || followers.size > 0) return;
          feed.stop();
          feeds.delete(noso.id);
        },
      };
    },
    /** Calls after every round of reads, done or failed. */
    onBeat(tell: () => void): Stop {
      beaters.add(tell);
      return () => void beaters.delete(tell);
    },
    /**
     * Whether something read at `readAt` is young enough to be shown as live. What was read in the
     * future is not: the clock was set back since, and nobody knows by how much. Nor is what is old
     * by a clock that nobody sets: another one that was set back may say otherwise (chaos, seed 1).
     */
    isLive: ({ readAt, readTick }: { readAt: number; readTick: number }): boolean =>
      Math.abs(engine.now() - readAt) < STRENGTH && clock.steady() - readTick < STRENGTH,
    stop() {
      stopBeating();
      unlisten();
      for (const { feed } of feeds.values()) feed.stop();
      feeds.clear();
    },
  };
}
