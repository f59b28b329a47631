import type { Clock, Stop } from '../clock.js';

/**
 * At least this long between two reads, in ms, so that a wall gets at most 10 count frames in any
 * second, also where the engine or a timer is late by as much again.
 */
const PACE = 120;

export type Reads = {
  /**
   * Reads now, or shares the read that is under way. One that began within the pace, and was
   * answered, is as good as a new one, and costs walls no frame more. Rejects as `work` does.
   */
  read: () => Promise<void>;
  /** A bell: reads at once if it has been quiet for a while, else at the end of the pace. */
  ring: () => void;
  stop: Stop;
};

/**
 * The rhythm in which a log is read: one read at a time, one per pace while there is news, the
 * first at once and the last always (W3).
 *
 *     bells   |  | |||||||||||            |
 *     reads   R  --R---R---R---R          R
 */
export function createReads(deps: {
  clock: Clock;
  work: () => Promise<void>;
  onError: (error: unknown) => void;
}): Reads {
  const { clock, work, onError } = deps;
  let stopped = false;
  let reading: Promise<void> | null = null;
  let failed = false;
  let rung = false;
  let startedAt = Number.NEGATIVE_INFINITY;
  let stopTimer: Stop = () => {};

  function start(): Promise<void> {
    if (!reading) {
      startedAt = clock.now();
      failed = true;
      reading = work()
        .then(() => {
          failed = false;
        })
        .finally(() => {
          reading = null;
        });
    }
    return reading;
  }

  /** How long the pace asks to wait. Where the clock was set back nobody knows, and it is over. */
  function untilPace(): number {
    const since = clock.now() - startedAt;
    return since < 0 || since >= PACE ? 0 : PACE - since;
  }

  function ring(): void {
    if (stopped || rung) return;
    rung = true;
    const wait = untilPace();
    const go = () => {
      rung = false;
      if (stopped) return;
      // A read under way may have looked before this bell: there must be one that begins after it,
      // whatever becomes of this one, whose failure is for whoever began it.
      if (reading) reading.then(ring, ring);
      else start().catch(onError);
    };
    if (wait === 0) go();
    else stopTimer = clock.after(wait, go);
  }

  return {
    read: () => (!failed && !reading && untilPace() > 0 ? Promise.resolve() : start()),
    ring,
    stop() {
      stopped = true;
      stopTimer();
    },
  };
}
