import { setTimeout as pause } from 'node:timers/promises';
import { machineTime } from './machineTime.js';

/** What ends a wait for an answer by the clock on the wall, ms: the test's own deadline is before it. */
export const LONG = 600_000;

/** How often a wait asks how much time it was given, ms: where there is a browser, asking is work. */
const SELDOM = 500;

/**
 * Resolves once `condition` gives something truthy, with that; rejects after `deadline` ms, which
 * are counted as the machine gives them.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what = 'a condition', deadline = 10_000, every = 20 } = {},
): Promise<NonNullable<T>> {
  const began = machineTime();
  for (let looked = performance.now(); ; ) {
    const value = await condition();
    if (value) return value;
    if (performance.now() - looked > Math.min(SELDOM, deadline)) {
      if (machineTime() - began > deadline) throw new Error(`waited ${deadline} ms for ${what}`);
      looked = performance.now();
    }
    await pause(every);
  }
}
