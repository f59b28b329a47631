import type { Clock } from '../../clock.js';
import { isUnavailable, unavailable } from '../deadline.js';
import { refusalIn } from './redisRefusal.js';

/** How often it is tried, once the start itself is over; ms. */
const AGAIN = 500;

/**
 * An engine's beginning, as long as it takes: until Redis has answered and let us in, every verb is
 * refused for the reason that the beginning failed for last.
 */
export class Beginning {
  /** Why nothing is answered yet; null once it has begun. */
  waiting: Error | null = unavailable();
  private stopped = false;

  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Tries once. Throws what was in the way. */
  async once(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.waiting = null;
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal) {
        this.waiting = unavailable(`${refusal.word}: ${refusal.message}`, 'not_writable');
      } else this.waiting = isUnavailable(error) ? (error as Error) : unavailable();
      throw error;
    }
  }

  /** Tries again until it has begun. */
  goOn(work: () => Promise<void>): void {
    this.clock.after(AGAIN, () => {
      if (this.stopped) return;
      this.once(work).catch((error: unknown) => {
        this.onError(error);
        this.goOn(work);
      });
    });
  }

  stop(): void {
    this.stopped = true;
  }
}
