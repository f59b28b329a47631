import type { Clock } from '../../clock.js';
import { within } from '../deadline.js';

/** How long a verb takes at most, in ms: it is answered within 2 s (F1). */
export const ANSWERED = 1700;

/**
 * Time that goes forward by itself, even where the machine's clock is set: what is to be done in a
 * while, and how long an answer may take (F1), goes by it.
 */
export class Pace {
  private readonly began: number;
  private underWay = 0;
  private onIdle: (() => void) | null = null;

  constructor(private readonly clock: Clock) {
    this.began = clock.steady();
  }

  /** Milliseconds since the start. */
  get elapsed(): number {
    return this.clock.steady() - this.began;
  }

  /** What `work` comes to, or `unavailable` after `patience` ms, whatever becomes of it. */
  within<T>(patience: number, work: Promise<T>): Promise<T> {
    this.underWay += 1;
    return within(this.clock, patience, work).finally(() => {
      this.underWay -= 1;
      if (this.underWay === 0) this.onIdle?.();
    });
  }

  /** Resolves once nothing is waited for. */
  async idle(): Promise<void> {
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
  }
}
