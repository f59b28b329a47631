import {
  apply,
  hear,
  isTaking,
  type LogEntry,
  newSeating,
  type Seating,
} from '../../domain/seating.js';
import type { Heard, Seats, Tail } from '../engine.js';
import { unpack } from './entries.js';
import type { Loaded } from './jobs.js';
import { Lapses } from './lapses.js';
import type { Standing } from './nosoLog.js';
import { Trail } from './trail.js';

/** The embedded store never loses what it acknowledged: it refuses to start instead. */
export const EPOCH = 1;

/** What an open NoSo is in memory: who sits, the end of the log, and which seats fall due when. */
export class Memory {
  readonly seating: Seating;
  private readonly trail = new Trail();
  private readonly lapses: Lapses | null;

  /** `pocket` in seconds, or null. */
  constructor(of: { openedAt: number; beganAt: number; pocket: number | null; now: number }) {
    const { openedAt, beganAt, pocket, now } = of;
    this.seating = newSeating(openedAt, beganAt);
    this.lapses = pocket === null ? null : new Lapses(pocket, now);
  }

  /** Takes in a log, once, and what was heard. Throws on a log that cannot be. How many entries. */
  replay({ entries, heard }: Loaded): number {
    const count = unpack(entries, 1, (entry) => this.enter(entry));
    for (let k = 0; k < heard.length; k += 3) {
      const [number, sitting, at] = heard.subarray(k, k + 3) as unknown as [number, number, number];
      this.hear({ number, sitting, at }, at);
    }
    return count;
  }

  /** The last instant that anything of this is dated. */
  latest(): number {
    let latest = this.seating.tally.lastAt;
    for (const { seen } of this.seating.seats.values()) latest = Math.max(latest, seen);
    return latest;
  }

  /** Takes in what was heard by `other`: it is true whether it was written or not. */
  hearFrom(other: Memory): void {
    for (const [number, { sitting, seen }] of other.seating.seats) {
      this.hear({ number, sitting, at: seen }, seen);
    }
  }

  enter(entry: LogEntry): void {
    apply(this.seating, entry);
    if (!('seq' in entry)) return;
    const took = isTaking(entry);
    this.trail.push(entry.at, entry.number, took);
    if (entry.what === 'take') this.lapses?.await(entry.number, entry.sitting, entry.at);
  }

  /** What is now known of when that phone was last heard; null if that stay is not on. */
  hear({ number, sitting, at }: Heard, now: number): Heard | null {
    const seat = hear(this.seating, number, sitting, at, now);
    return seat && { number, sitting, at: seat.seen };
  }

  /** Whether it matters when a phone was last heard. */
  get listens(): boolean {
    return this.lapses !== null;
  }

  /** The numbers whose seats are due to lapse at `now`. */
  due(now: number): number[] {
    return this.lapses?.due(this.seating, now) ?? [];
  }

  standing(): Standing {
    const { seq, seats, tally } = this.seating;
    return { seq, count: seats.size, peak: tally.peak };
  }

  /** The log after `since`, as far as it is `durable`. */
  tail({ seq, count, peak }: Standing, since: number | null): Tail {
    const changes = since === null ? [] : this.trail.between(since, seq);
    return { epoch: EPOCH, seq, count, peak, changes };
  }

  /** Who sat at `asOf`, as far as it is `durable`. */
  seats(durable: Standing, asOf: number): Seats {
    const { seq, before } = this.trail.undo(durable.seq, asOf);
    const numbers: number[] = [];
    for (const number of this.seating.seats.keys()) {
      if (!before.has(number)) numbers.push(number);
    }
    for (const [number, seated] of before) if (seated) numbers.push(number);
    return { epoch: EPOCH, seq, numbers };
  }
}
