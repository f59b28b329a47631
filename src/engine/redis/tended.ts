import type { Noso } from '../../domain/noso.js';
import type { Hours } from './hours.js';
import type { Keys } from './keys.js';
import type { Pace } from './pace.js';
import type { Recovery } from './recovery.js';
import type { RedisTime } from './redisTime.js';

/** How long it is made sure that a closed NoSo stays closed and forgotten, in ms. */
export const CLOSED_LATELY = 60_000;

/** A pocket in seconds, and when to look next, by the pace. */
export type Open = { pocket: number | null; lookAt: number };

/** What this node knows of NoSos, so that it can look after those that need it. */
export class Tended {
  readonly open = new Map<string, Open>();
  /** NoSos that closed lately, and when they were last made sure of. */
  readonly closed = new Map<string, { since: number; sure: number }>();
  /** NoSos that know of this node. */
  readonly attended = new Set<string>();

  constructor(
    private readonly keys: Keys,
    private readonly pace: Pace,
    private readonly time: RedisTime,
    private readonly hours: Hours,
    private readonly recovery: Recovery,
  ) {}

  /** Takes note of a NoSo as it is now. */
  noted(noso: Noso): void {
    const { life } = noso;
    if (life.is === 'open') {
      if (!this.open.has(noso.id)) this.open.set(noso.id, { pocket: noso.pocket, lookAt: 0 });
      return;
    }
    this.open.delete(noso.id);
    if (life.is === 'scheduled') return;
    this.forget(noso.id);
    if (life.is === 'closed' && this.time.now() - life.effectiveAt < CLOSED_LATELY) {
      const since = this.pace.elapsed;
      if (!this.closed.has(noso.id)) this.closed.set(noso.id, { since, sure: since });
    }
  }

  /** All of it was of another store. */
  forgetAll(): void {
    for (const noso of [...this.open.keys(), ...this.attended]) this.forget(noso);
    this.closed.clear();
    this.recovery.forgetAll();
  }

  /** It is not open, or not there, any more: not a number of it stays in this process (L4). */
  forget(noso: string): void {
    this.open.delete(noso);
    this.attended.delete(noso);
    this.hours.forget(this.keys.noso(noso).state);
    this.recovery.forget(noso);
  }
}
