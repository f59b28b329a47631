import type { ManualClock, Stop } from '../../src/clock.js';

/** A scope whose time can be held: a process, or a page. */
export type Timed = Pick<
  typeof globalThis,
  'Date' | 'setTimeout' | 'setInterval' | 'clearTimeout' | 'clearInterval' | 'performance'
>;

/**
 * Puts a scope's clocks and timers under a clock that is held. `ahead`: how far the hour that it
 * reads is before the true one, in ms. Nothing of this module is used but what is written in here:
 * pages are given its source.
 */
export function holdTime(scope: Timed, clock: ManualClock, ahead: () => number): void {
  type Work = (...given: unknown[]) => void;
  const stops = new WeakMap<object, Stop>();
  const Real = scope.Date;
  const began = clock.now();

  const timer = (every: boolean, work: Work, ms: number | undefined, given: unknown[]) => {
    const wait = Math.max(1, Number(ms) || 0);
    const call = () => work(...given);
    const start = () => (every ? clock.every(wait, call) : clock.after(wait, call));
    const handle = {
      ref: () => handle,
      unref: () => handle,
      hasRef: () => false,
      refresh() {
        stops.get(handle)?.();
        stops.set(handle, start());
        return handle;
      },
      close: () => stops.get(handle)?.(),
    };
    return handle.refresh();
  };
  const clear = (handle: unknown) => {
    if (typeof handle === 'object' && handle !== null) stops.get(handle)?.();
  };

  class HeldDate extends Real {
    constructor(...given: [] | [number]) {
      if (given.length === 0) super(clock.now() + ahead());
      else super(...given);
    }
    static override now(): number {
      return clock.now() + ahead();
    }
  }
  Object.assign(scope, {
    Date: HeldDate,
    setTimeout: (work: Work, ms?: number, ...given: unknown[]) => timer(false, work, ms, given),
    setInterval: (work: Work, ms?: number, ...given: unknown[]) => timer(true, work, ms, given),
    clearTimeout: clear,
    clearInterval: clear,
  });
  Object.defineProperty(scope.performance, 'now', {
    configurable: true,
    value: () => clock.now() - began,
  });
}
