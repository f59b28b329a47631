import type { Clock } from '../clock.js';
import { type Reason, Refusal, type Why } from '../domain/errors.js';

/** Seconds after which a request that was not answered in time is worth repeating. */
const RETRY_AFTER = 2;

type Unavailable =
  Extract<Why, `unavailable.${string}`> extends `unavailable.${infer R}`
    ? Extract<R, Reason>
    : never;

/**
 * The store does not answer, or does not take writes: *unknown* whether it was done, and safe to
 * repeat (P3).
 */
export const unavailable = (
  detail = 'the store does not answer',
  reason: Unavailable = 'no_answer',
): Refusal => new Refusal(`unavailable.${reason}`, detail, RETRY_AFTER);

/** Nothing is done any more: the engine was told to close. */
export const closing = (): Refusal => unavailable('the engine closes', 'draining');

export const isClosing = (error: unknown): boolean =>
  error instanceof Refusal && error.why === closing().why;

export const isUnavailable = (error: unknown): boolean =>
  error instanceof Refusal && error.code === 'unavailable';

/** Waits that begin within so many ms share a timer. */
const SHARED = 25;

/**
 * Bounds what may take long, as `within` does, where much of it is bounded alike: in a storm one timer
 * serves some hundred requests, so that whoever came last in it waits up to 25 ms less. `settled` is
 * called before whoever waits is told.
 */
export function createDeadline(
  clock: Pick<Clock, 'after' | 'steady'>,
  ms: number,
  late: () => Error = unavailable,
): <T>(work: Promise<T>, settled?: () => void) => Promise<T> {
  type Waits = { until: number; giveUp: Set<(error: Error) => void>; stop: () => void };
  let shared: Waits | null = null;

  function begin(now: number): Waits {
    const giveUp: Waits['giveUp'] = new Set();
    const stop = clock.after(ms, () =>
      setImmediate(() => {
        for (const each of giveUp) each(late());
      }),
    );
    return { until: now + SHARED, giveUp, stop };
  }

  return (work, settled = () => {}) =>
    new Promise((resolve, reject) => {
      const now = clock.steady();
      const waits = shared && now < shared.until ? shared : begin(now);
      shared = waits;
      const end = (): boolean => {
        if (!waits.giveUp.delete(giveUp)) return false;
        if (waits.giveUp.size === 0) {
          waits.stop();
          if (shared === waits) shared = null;
        }
        settled();
        return true;
      };
      const giveUp = (error: Error) => {
        if (end()) reject(error);
      };
      waits.giveUp.add(giveUp);
      work.then(
        (value) => {
          if (end()) resolve(value);
        },
        (error: Error) => giveUp(error),
      );
    });
}

/**
 * What `work` comes to, or `late()` once `ms` have passed (F1); `work` is not stopped by that, and
 * what becomes of it then is nobody's business here. An answer that has arrived by then, and is yet
 * to be read, is read first.
 */
export function within<T>(
  clock: Pick<Clock, 'after'>,
  ms: number,
  work: Promise<T>,
  late: () => Error = unavailable,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = clock.after(ms, () => setImmediate(() => reject(late())));
    work.finally(stop).then(resolve, reject);
  });
}
