import type { Clock } from '../../clock.js';

/** Clocks that are this close, in ms, agree. */
const CLOSE = 1000;
/** For so long, in ms, the wall clock must say the same before it is followed. */
const HOLD = 60_000;
/** A wall clock that is so far ahead at the start, in ms, of when this last ran may be wrong. */
const FAR = 12 * 3_600_000;

/**
 * The engine's time: what the wall clock said once, and even time since (L5, L7). A wall clock that
 * is set, by hand or by a time server, changes nothing of what is under way: no seat lapses for it,
 * no instant of a record jumps. It is followed when nothing is open, and once it has said the same
 * for a minute. One that is far ahead at the very start is believed as late: a machine whose clock
 * has no battery may not know the hour before a time server tells it.
 */
export class EvenTime {
  private offset: number;
  /** What the wall clock says instead, and since when. */
  private apart: { offset: number; since: number } | null = null;
  /** When this last ran for certain, and since when the wall clock says the same of now. */
  private doubt: { last: number; offset: number; since: number } | null = null;

  constructor(private readonly clock: Pick<Clock, 'now' | 'steady'>) {
    this.offset = clock.now() - clock.steady();
  }

  now(): number {
    return Math.floor(this.clock.steady() + this.offset);
  }

  /** What even time and wall clock agree to be past: for what cannot be taken back (L7). */
  agreed(): number {
    return Math.min(this.believed(), this.clock.now());
  }

  /** What is past for certain: while the hour is in doubt, when this last ran. */
  believed(): number {
    return this.doubt ? Math.min(this.doubt.last, this.now()) : this.now();
  }

  /** Whether the wall clock is so far ahead of when this last ran that it may be wrong. */
  doubts(): boolean {
    return this.doubt !== null;
  }

  /** It ran at that instant, and had no doubt of it. */
  ranAt(last: number): void {
    const steady = this.clock.steady();
    const offset = this.clock.now() - steady;
    this.doubt = steady + offset - last > FAR ? { last, offset, since: steady } : null;
  }

  /** It is no earlier than what was stored before this process began. */
  atLeast(instant: number): void {
    this.offset = Math.max(this.offset, instant - this.clock.steady());
  }

  /** To be called again and again; `free`: nothing is open. `floor`: the last instant that is stored. */
  look(free: boolean, floor = 0): void {
    if (this.doubt) {
      this.lookInDoubt(this.doubt, floor);
      return;
    }
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

  /** A wall clock that is set now is being put right: it is followed at once. */
  private lookInDoubt(
    { last, offset, since }: NonNullable<EvenTime['doubt']>,
    floor: number,
  ): void {
    const steady = this.clock.steady();
    if (Math.abs(this.clock.now() - steady - offset) > CLOSE) {
      this.offset = Math.max(this.clock.now(), floor) - steady;
      this.ranAt(last);
    } else if (steady - since >= HOLD) this.doubt = null;
  }
}
