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
 * `local` is any steady clock, best one that no time service sets. Samples are kept for 30 s, so
 * that a server's clock that was set back is followed within that time; while no frame comes the
 * last estimate stays.
 */
export function serverClock(): ServerClock {
  let samples: { offset: number; local: number }[] = [];
  return {
    heard(serverTime, local) {
      samples = samples.filter((each) => each.local > local - KEPT);
      samples.push({ offset: serverTime - local, local });
    },
    timeAt(local) {
      if (samples.length === 0) return null;
      return local + Math.max(...samples.map((each) => each.offset));
    },
  };
}
