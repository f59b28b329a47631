import type { Clock } from '../../clock.js';
import { isUnavailable, unavailable } from '../deadline.js';
import { inTheWay } from './calls.js';
import type { Clients } from './connect.js';

/** How often it is tried, ms. */
export const AGAIN = 500;

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
    private readonly clients: Pick<Clients, 'trouble'>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Tries once. Throws what was in the way. */
  async once(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.waiting = null;
    } catch (error) {
      this.waiting = isUnavailable(error) ? (error as Error) : inTheWay(error, this.clients);
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
