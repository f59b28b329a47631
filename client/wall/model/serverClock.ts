/**
 * The server's clock, as well as a wall can know it. A frame says when it was sent; it arrives
 * later, never earlier, so of the recent frames the one that was least late is the truest.
 */
const KEPT = 30_000;

export type ServerClock = {
  /** A frame sent at `serverTime` (ms since the epoch) arrived at `local` (ms, steady). */
  heard: (serverTime: number, local: number) => void;
  /** The server's time at `local`, ms since the epoch; null before the first frame. */
  timeAt: (local: number) => number | null;
};

/**
 * `local` is any steady clock, best one that no time service sets. Samples count for 30 s, so that a
 * server's clock that was set back is followed within that time; while no frame comes the last
 * estimate stays.
 */
export function serverClock(): ServerClock {
  /** Those that are the least late, or may be once those before are too old: offsets fall. */
  let samples: { offset: number; local: number }[] = [];
  return {
    heard(serverTime, local) {
      const offset = serverTime - local;
      const tooOld = samples.filter((each) => each.local <= local - KEPT).length;
      const better = samples.filter((each) => each.offset > offset).length;
      samples = [...samples.slice(tooOld, better), { offset, local }];
    },
    timeAt(local) {
      const [best] = samples;
      return best ? local + best.offset : null;
    },
  };
}
