import type { Clock, Stop } from '../clock.js';
import type { Noso } from '../domain/noso.js';
import type { Engine } from '../engine/engine.js';
import { createFreshness, STRENGTH } from '../service/freshness.js';
import type { Catalogue } from '../service/mirror.js';
import { tellAll } from '../service/tellAll.js';
import { createFeed, type Feed, type Follower } from './feed.js';

/** A beat every second: walls are promised one every two (W4). */
const BEAT = 1000;
/** How long a round of reads may keep a beat waiting: one NoSo's store must not still all walls. */
const PATIENCE = 500;

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
  const { engine, clock, catalogue, onError } = deps;
  const freshness = createFreshness(engine, clock);
  const feeds = new Map<string, { feed: Feed; followers: Set<Follower> }>();
  const beaters = new Set<() => void>();

  /** Whether that is young enough to be shown as live (W4). */
  const isLive = (of: Pick<Feed | Catalogue, 'lastRead'>): boolean =>
    freshness.within(of.lastRead(), STRENGTH);

  function start(noso: Noso): { feed: Feed; followers: Set<Follower> } {
    const followers = new Set<Follower>();
    const follower: Follower = {
      // An answer may have waited for a process that was stopped: it is no news any more (W4).
      count: (of) => isLive(of) && tellAll(followers, (f) => f.count(of), onError),
      numbers: (of, change) => tellAll(followers, (f) => f.numbers(of, change), onError),
      reset: (of) => tellAll(followers, (f) => f.reset(of), onError),
    };
    const { random } = deps;
    const feed = createFeed({ engine, clock, freshness, noso, random, follower, onError });
    return { feed, followers };
  }

  async function beat(): Promise<void> {
    const reads = [...feeds.values()].map(({ feed }) => feed.read().catch(onError));
    const all = Promise.all([catalogue.refresh().catch(onError), ...reads]);
    let stopWaiting = () => {};
    const late = new Promise<void>((go) => {
      stopWaiting = clock.after(PATIENCE, go);
    });
    await Promise.race([all, late]);
    stopWaiting(); // or it wakes the process for nothing, every second
    tellAll(beaters, (tell) => tell(), onError);
  }

  const stopBeating = clock.every(BEAT, () => {
    beat().catch(onError);
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
    isLive,
    stop() {
      stopBeating();
      unlisten();
      for (const { feed } of feeds.values()) feed.stop();
      feeds.clear();
    },
  };
}
