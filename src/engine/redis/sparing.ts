import type { Clock } from '../../clock.js';

/** How often an error is told of, in ms. */
const ERRORS_EVERY = 1000;

/**
 * Tells of one error a second: while Redis is away there is one for every request. ioredis hangs the
 * command on its errors, with keys and numbers; only the message goes on (L4).
 */
export function sparing(
  clock: Pick<Clock, 'now'>,
  onError: (error: unknown) => void,
): (error: unknown) => void {
  let next = 0;
  return (error) => {
    const now = clock.now();
    if (now < next && now > next - 2 * ERRORS_EVERY) return;
    next = now + ERRORS_EVERY;
    onError(error instanceof Error ? new Error(error.message) : error);
  };
}
