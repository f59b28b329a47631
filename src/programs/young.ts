import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import type { Stop } from '../clock.js';

/** At this size of both halves, in bytes, young memory grows no more: the engine's own limit is 32 to 64 MiB. */
const ENOUGH = 15 * 2 ** 20;
/** How many times as large the engine makes it, where it grows. */
const GROWS = 2;

/**
 * Keeps young memory small. A rush would have it grow to its limit at once, and it is a third of what
 * 5,000 phones take; half as much does as well, where one thread collects it: several take longer to agree
 * than it takes. There is a flag for each at the start of a process, but who starts it is not us. It
 * is looked at between turns: one that makes very much may let it grow further, until it shrinks in a calm.
 * From Node 24 on the engine adds single pages besides, as it needs them.
 */
export function keepYoungSmall(): Stop {
  setFlagsFromString('--no-parallel-scavenge');
  let grows = true;
  const observer = new PerformanceObserver(() => {
    const mayGrow = sizeOfYoung() < ENOUGH;
    if (mayGrow === grows) return;
    grows = mayGrow;
    // The engine looks at it whenever it would let it grow.
    setFlagsFromString(`--semi-space-growth-factor=${grows ? GROWS : 1}`);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => {
    observer.disconnect();
    setFlagsFromString(`--semi-space-growth-factor=${GROWS}`);
    setFlagsFromString('--parallel-scavenge');
  };
}

/** In bytes. */
export function sizeOfYoung(): number {
  const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
  return young?.space_size ?? 0;
}
