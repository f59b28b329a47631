import type { Clock } from '../../clock.js';

/** Clocks that are this close, in ms, agree. */
const CLOSE = 1000;
/** For so long, in ms, the wall clock must say the same before it is followed. */
const HOLD = 60_000;

/**
 * The engine's time: what the wall clock said once, and even time since (L5, L7). A wall clock that
 * is set, by hand or by a time server, changes nothing of what is under way: no seat lapses for it,
 * no instant of a record jumps. It is followed when nothing is open, and once it has said the same
 * for a minute.
 */
export class EvenTime {
  private offset: number;
  /** What the wall clock says instead, and since when. */
  private apart: { offset: number; since: number } | null = null;

  constructor(private readonly clock: Pick<Clock, 'now' | 'steady'>) {
    this.offset = clock.now() - clock.steady();
  }

  now(): number {
    return Math.floor(this.clock.steady() + this.offset);
  }

  /** What even time and wall clock agree to be past: for what cannot be taken back (L7). */
  agreed(): number {
    return Math.min(this.now(), this.clock.now());
  }

  /** It is no earlier than what was stored before this process began. */
  atLeast(instant: number): void {
    this.offset = Math.max(this.offset, instant - this.clock.steady());
  }

  /** To be called again and again; `free`: nothing is open. */
  look(free: boolean): void {
    if (!free) {
      this.apart = null;
      return;
    }
    const steady = this.clock.steady();
    const offset = this.clock.now() - steady;
    const before = this.apart;
    const same = before !== null && Math.abs(offset - before.offset) <= CLOSE;
    if (Math.abs(offset - this.offset) <= CLOSE || (same && steady - before.since >= HOLD)) {
      this.offset = offset;
      this.apart = null;
    } else if (!same) this.apart = { offset, since: steady };
  }
}
