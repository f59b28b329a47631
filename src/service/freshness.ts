import type { Clock } from '../clock.js';
import type { Engine } from '../engine/engine.js';

/** When something was read: engine time (ms), and the same on a clock that nobody sets. */
export type Reading = { at: number; tick: number };

/** What is younger than this, in ms, is shown as live (W4). */
export const STRENGTH = 2000;

/** Of what was not read yet: never fresh. */
export const NEVER: Reading = { at: Number.NEGATIVE_INFINITY, tick: Number.NEGATIVE_INFINITY };

export type Freshness = ReturnType<typeof createFreshness>;

/** How old what this node knows is. To be noted *before* the store is asked. */
export function createFreshness(engine: Pick<Engine, 'now'>, clock: Pick<Clock, 'steady'>) {
  return {
    note: (): Reading => ({ at: engine.now(), tick: clock.steady() }),
    /**
     * Whether a reading is younger than `ms`. One of the future is not: the clock was set back
     * since, and nobody knows by how much. Nor is what is old by a clock that nobody sets: another
     * one that was set back may say otherwise (chaos, seed 1).
     */
    within: ({ at, tick }: Reading, ms: number): boolean =>
      Math.abs(engine.now() - at) < ms && clock.steady() - tick < ms,
  };
}
