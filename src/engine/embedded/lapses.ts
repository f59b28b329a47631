import { lapsesAt, type Seating } from '../../domain/seating.js';

/** Milliseconds. */
const BUCKET = 250;

type Waiting = { number: number; sitting: number };

/**
 * When seats of a NoSo with a finite pocket fall due (P4). Each seat waits in one bucket of 250 ms
 * and is not moved when its phone is heard: when the bucket is due, the seat either lapses or
 * moves on to the bucket of its new deadline. So hearing costs nothing here.
 */
export class Lapses {
  private readonly buckets = new Map<number, Waiting[]>();
  private current: number;
  /** Before this instant nothing can be due. */
  private quiet: number;

  constructor(
    private readonly pocket: number,
    now: number,
  ) {
    this.current = Math.floor(now / BUCKET);
    this.quiet = now;
  }

  /** Starts to wait for a seat whose phone was last heard at `seen`. */
  await(number: number, sitting: number, seen: number): void {
    const deadline = seen + this.pocket * 1000;
    const key = Math.max(this.current, Math.floor(deadline / BUCKET));
    const bucket = this.buckets.get(key);
    if (bucket) bucket.push({ number, sitting });
    else this.buckets.set(key, [{ number, sitting }]);
    if (deadline < this.quiet) this.quiet = deadline;
  }

  /** The numbers whose seats are due at `now`; each is given once and waited for no longer. */
  due(state: Seating, now: number): number[] {
    const due: number[] = [];
    if (now < this.quiet) return due;
    const until = Math.floor(now / BUCKET);
    for (; this.current < until; this.current += 1) this.sift(state, now, due);
    this.quiet = Math.min(this.sift(state, now, due), (this.current + 1) * BUCKET);
    return due;
  }

  /** Goes through the current bucket; returns the earliest deadline that stays in it. */
  private sift(state: Seating, now: number, due: number[]): number {
    const bucket = this.buckets.get(this.current);
    if (!bucket) return Infinity;
    this.buckets.delete(this.current);
    let earliest = Infinity;
    for (const { number, sitting } of bucket) {
      const seat = state.seats.get(number);
      if (seat?.sitting !== sitting) continue;
      const deadline = lapsesAt(seat, this.pocket) ?? Infinity;
      if (deadline <= now) {
        due.push(number);
        continue;
      }
      this.await(number, sitting, seat.seen);
      if (Math.floor(deadline / BUCKET) === this.current) earliest = Math.min(earliest, deadline);
    }
    return earliest;
  }
}
