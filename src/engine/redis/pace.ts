import type { Clock, Stop } from '../../clock.js';
import { unavailable } from '../deadline.js';

export { isUnavailable, unavailable } from '../deadline.js';

/** How exact the pace is, in ms. */
const STEP = 100;
/** How long a verb takes at most, in ms: it is answered within 2 s (F1). */
export const ANSWERED = 1700;
type Pending = { until: number; done: boolean; giveUp: () => void };

/**
 * Time that goes forward by itself, in steps of 100 ms, even where the machine's clock is set: what
 * is to be done in a while, and how long an answer may take (F1), goes by it. One timer for all,
 * since there is one answer to wait for with every seat. On a busy machine steps are late: then
 * they are longer, so that no answer is.
 */
export class Pace {
  /** Milliseconds since the start. */
  elapsed = 0;
  /** By patience: what was asked first is given up first. */
  private readonly waiting = new Map<number, Pending[]>();
  private underWay = 0;
  private onIdle: (() => void) | null = null;

  start(clock: Clock): Stop {
    let last = clock.steady();
    return clock.every(STEP, () => {
      const now = clock.steady();
      this.elapsed += now - last;
      last = now;
      // What has arrived meanwhile is read first.
      setImmediate(() => this.giveUp());
    });
  }

  /** What `work` comes to, or `unavailable` after `patience` ms, whatever becomes of it. */
  within<T>(patience: number, work: Promise<T>): Promise<T> {
    this.underWay += 1;
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        pending.done = true;
        reject(unavailable());
        this.ended();
      };
      const pending = { until: this.elapsed + patience, done: false, giveUp };
      const queue = this.waiting.get(patience);
      if (queue) queue.push(pending);
      else this.waiting.set(patience, [pending]);
      const settle = (finish: () => void) => {
        if (pending.done) return;
        pending.done = true;
        finish();
        this.ended();
      };
      work.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      );
    });
  }

  /** Resolves once nothing is waited for. */
  async idle(): Promise<void> {
    if (this.underWay > 0) await new Promise<void>((resolve) => (this.onIdle = resolve));
  }

  private ended(): void {
    this.underWay -= 1;
    if (this.underWay === 0) this.onIdle?.();
  }

  private giveUp(): void {
    for (const queue of this.waiting.values()) {
      let over = 0;
      for (; over < queue.length; over += 1) {
        const pending = queue[over] as Pending;
        if (pending.done) continue;
        if (pending.until > this.elapsed) break;
        pending.giveUp();
      }
      queue.splice(0, over);
    }
  }
}
