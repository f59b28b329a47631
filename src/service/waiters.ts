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
 * Who is next whenever there is room again. The *newest* is whoever was wrong least often on their
 * connection and came last: one who comes again as soon as they are answered buries nobody, as long as
 * there is room for the newest more often than answers are given. The *oldest* is whom the impatient,
 * who come and go without an answer, cannot outlast.
 */
const ORDER = ['newest', 'newest', 'oldest', 'newest', 'newest', 'longest'] as const;
type Next = (typeof ORDER)[number];

/** Those of an address who wait for room in one bucket. */
export class Waiters {
  private readonly all = new Set<Waiter>();
  /** Called to look again later; null while nobody waits. */
  private timer: (() => void) | null = null;
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
    this.all.add(waiter);
    if (this.timer === null) this.serve();
  }

  /** True if it waited. */
  remove(waiter: Waiter): boolean {
    return this.all.delete(waiter);
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

  /** Of those who were wrong most often one who is neither first nor last: whom to send away. */
  spare(): Waiter | undefined {
    let most = 0;
    for (const each of this.all) most = Math.max(most, this.wrongOf(each));
    const last = [...this.all].filter((each) => this.wrongOf(each) === most);
    return last[last.length >> 1];
  }

  /** Sends all away. */
  refuse(why: () => Refusal): void {
    this.timer?.();
    this.timer = null;
    for (const each of [...this.all]) each.refuse(why());
  }

  private next(): Waiter | undefined {
    const how = ORDER[this.turns % ORDER.length] as Next;
    let [found, least] = [undefined as Waiter | undefined, Number.POSITIVE_INFINITY];
    for (const each of this.all) {
      if (how === 'longest') return each;
      const wrong = this.wrongOf(each);
      if (wrong > least || (wrong === least && how === 'oldest')) continue;
      [found, least] = [each, wrong];
    }
    return found;
  }
}
