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

export const isUnavailable = (error: unknown): boolean =>
  error instanceof Refusal && error.code === 'unavailable';

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
