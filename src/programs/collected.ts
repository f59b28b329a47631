import { Session } from 'node:inspector/promises';
import { performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { measureMemory, runInNewContext } from 'node:vm';
import type { Clock, Stop } from '../clock.js';

/**
 * Has what starting left behind collected, once: it is a third of the heap, by which the engine would
 * measure when to collect again, and young memory that had to grow for it is given back.
 */
export async function collectOnce(): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post('HeapProfiler.collectGarbage');
  session.disconnect();
}

/** How often it is looked whether a rush is over, in ms. */
const LOOK = 2000;
/** A loop that is busy for a smaller share of the time is calm. */
const CALM = 0.03;
/** So many looks one after the other are calm: for less than five seconds, the engine keeps what was just needed. */
const LOOKS = 4;
/** Less that a heap grew by is not worth the trouble, in bytes. */
const WORTH = 12 * 2 ** 20;

/** What is asked of the process, and how it is told to collect. */
type Heap = {
  /** The share of the time since it was last asked that the process was busy, 0 to 1. */
  busy: () => number;
  /** What the heap holds of the machine's memory, in bytes. */
  held: () => number;
  collect: () => Promise<void>;
};

/**
 * After a rush, a heap holds what the rush took until there is another: the engine looks again only as
 * things are made, and in a room that is silent nothing is. So once all is calm it is collected, as the
 * engine does it by itself, a little at a time, and not again before it has grown again.
 */
export function collectWhenCalm(
  clock: Pick<Clock, 'every'>,
  onError: (error: unknown) => void,
  { busy, held, collect }: Heap = ownHeap(),
): Stop {
  let least = held();
  let calm = 0;
  let collecting = false;
  /** Whether what is held now is what a collection left. */
  let fresh = false;
  return clock.every(LOOK, () => {
    calm = busy() < CALM ? calm + 1 : 0;
    if (collecting) return;
    const now = held();
    least = fresh ? now : Math.min(least, now);
    fresh = false;
    if (calm < LOOKS || now - least < WORTH) return;
    calm = 0;
    collecting = true;
    collect()
      .catch(onError)
      .finally(() => {
        collecting = false;
        fresh = true;
      });
  });
}

function ownHeap(): Heap {
  let before = performance.eventLoopUtilization();
  return {
    busy() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    held: () => getHeapStatistics().total_heap_size,
    collect: collectGently,
  };
}

/**
 * Has all that is garbage collected the way the engine does it: marked beside whatever else there is to
 * do. Of all that there is to ask it by, only the measuring of memory does not stop everything meanwhile.
 * What is young comes last, in a few milliseconds: only then may its memory, a tenth of the whole, be given
 * back.
 */
export async function collectGently(): Promise<void> {
  await unwarned(() => measureMemory({ mode: 'summary', execution: 'eager' }));
  collectYoung();
}

function collectYoung(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (what: { type: 'minor' }) => void;
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'minor' });
}

/** Does it without what the process would be warned of at once: that it is experimental, in the middle of a log. */
function unwarned<T>(work: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}
