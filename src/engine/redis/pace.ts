import type { Clock } from '../../clock.js';
import { createDeadline } from '../deadline.js';

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
  /** By how long it may take, in ms. */
  private readonly deadlines = new Map<number, ReturnType<typeof createDeadline>>();

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
    return this.deadline(patience)(work, this.settled);
  }

  private readonly settled = (): void => {
    this.underWay -= 1;
    if (this.underWay === 0) this.onIdle?.();
  };

  private deadline(patience: number): ReturnType<typeof createDeadline> {
    const known = this.deadlines.get(patience) ?? createDeadline(this.clock, patience);
    this.deadlines.set(patience, known);
    return known;
  }

  /** Resolves once nothing is waited for. */
  async idle(): Promise<void> {
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
  }
}
