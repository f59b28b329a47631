import type { Clock } from '../clock.js';
import type { Refusal } from '../domain/errors.js';
import type { Bucket } from './bucket.js';

/** Somebody who waits for room in a bucket. */
export type Waiter = {
  /** What stands for the connection; null: nothing does. */
  line: object | null;
  /** What it takes of the bucket. */
  cost: number;
  go: () => void;
  refuse: (why: Refusal) => void;
};

/**
 * Who is next, each time that there is room again: of those who were hardly wrong on their connection the
 * newest of those who have waited for so long, in ms, and the oldest if nobody has. One who asks again as
 * soon as they are answered buries few, since fewer are answered than looked up. One who goes unanswered
 * and comes again buries nobody who is more patient, and others who came long ago do not hide them.
 */
const ORDER = [0, 200, 500, 0, 1000, Number.POSITIVE_INFINITY];
/** To be wrong so often on a connection is only human. */
const HUMAN = 1;
/** One in so many of those who wait is chosen to be sent away at a time. */
const LOOKED_UP = 8;

/** Those of an address who wait for room in one bucket. */
export class Waiters {
  /** Since when each of them waits. */
  private readonly all = new Map<Waiter, number>();
  /** Called to look again later; null while nobody waits. */
  private timer: (() => void) | null = null;
  /** Who are to be sent away next, as of when that was looked up. */
  private spares: Waiter[] = [];
  /** How often there was room again. */
  private turns = 0;

  constructor(
    private readonly clock: Pick<Clock, 'steady' | 'after'>,
    private readonly bucket: Bucket,
    /** How often whoever it is was wrong. */
    private readonly wrongOf: (waiter: Waiter) => number,
  ) {}

  get size(): number {
    return this.all.size;
  }

  add(waiter: Waiter): void {
    this.all.set(waiter, this.clock.steady());
    if (this.timer === null) this.serve();
  }

  /** True if it waited. */
  remove(waiter: Waiter): boolean {
    const waited = this.all.delete(waiter);
    // Whoever is gone is not held on to for long.
    if (2 * this.spares.length > this.all.size) this.spares = [];
    return waited;
  }

  /** Lets go whom there is room for, and looks again once there is more. */
  serve(): void {
    this.timer?.();
    this.timer = null;
    for (let next = this.next(); next; next = this.next()) {
      if (!this.bucket.take(this.clock.steady(), next.cost)) {
        this.timer = this.clock.after(this.bucket.inMs(), () => {
          this.turns += 1;
          this.serve();
        });
        return;
      }
      next.go();
    }
  }

  /**
   * Of those who were wrong most often one who is neither first nor last: whom to send away. Looked up for
   * an eighth of them at a time, so that each who comes costs a few looks, however many wait.
   */
  spare(): Waiter | undefined {
    for (let next = this.spares.pop(); next; next = this.spares.pop()) {
      if (this.all.has(next)) return next;
    }
    this.spares = this.choose();
    return this.spares.pop();
  }

  /** Sends all away. */
  refuse(why: () => Refusal): void {
    this.timer?.();
    this.timer = null;
    for (const each of [...this.all.keys()]) each.refuse(why());
  }

  /** Whom to send away, the last of them first. */
  private choose(): Waiter[] {
    const alike = new Map<number, Waiter[]>();
    for (const each of this.all.keys()) {
      const wrong = this.wrongOf(each);
      const those = alike.get(wrong);
      if (those) those.push(each);
      else alike.set(wrong, [each]);
    }
    const many = Math.max(1, Math.floor(this.all.size / LOOKED_UP));
    const chosen: Waiter[] = [];
    for (const wrong of [...alike.keys()].sort((a, b) => b - a)) {
      const those = alike.get(wrong) as Waiter[];
      const middle = those.length >> 1;
      for (let k = 0; k < those.length && chosen.length < many; k += 1) {
        // From the middle outwards, on this side and that.
        const aside = k % 2 === 0 ? k / 2 : -(k + 1) / 2;
        chosen.push(those[middle + aside] as Waiter);
      }
    }
    return chosen.reverse();
  }

  private next(): Waiter | undefined {
    const age = ORDER[this.turns % ORDER.length] as number;
    const until = this.clock.steady() - age;
    let [found, least] = [undefined as Waiter | undefined, Number.POSITIVE_INFINITY];
    for (const [each, since] of this.all) {
      const wrong = Math.max(HUMAN, this.wrongOf(each));
      if (wrong > least || (wrong === least && since > until)) continue;
      [found, least] = [each, wrong];
    }
    return found;
  }
}
