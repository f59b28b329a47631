import type { Clock } from '../../clock.js';
import type { RedisTime } from './redisTime.js';

/** Clocks that are this close, in ms, agree. */
export const CLOSE = 2000;

/** For so long, in ms, answers must say otherwise before this node takes their word. */
const HOLD = 10_000;

/**
 * What this node knows of the time within each open NoSo, which is its opening and even time since
 * (L5, L7): each answer says what it was, and this node's even time goes on from there. So it can
 * tell Redis what time it is should Redis' clock have been set meanwhile (scripts/hourLua.ts).
 */
export class Hours {
  /** By state key: the NoSo's time at the zero of even time, and since when answers say otherwise. */
  private readonly known = new Map<string, { offset: number; doubted: number | null }>();

  constructor(
    private readonly clock: Pick<Clock, 'steady'>,
    private readonly time: RedisTime,
  ) {}

  steady(): number {
    return this.clock.steady();
  }

  /** What every script of an open NoSo is told last: its time by this node, if known; and this node's. */
  stamp(state: string): [string | number, number] {
    const known = this.known.get(state);
    const claim = known ? Math.round(this.clock.steady() + known.offset) : '';
    return [claim, this.time.now()];
  }

  /** Learns from an answer to what was asked at `asked`, even time. */
  heard(state: string, now: number, asked: number): void {
    const answered = this.clock.steady();
    // What took long tells little.
    if (answered - asked > CLOSE / 2) return;
    const offset = now - (asked + answered) / 2;
    const known = this.known.get(state);
    if (!known || Math.abs(offset - known.offset) < CLOSE) {
      this.known.set(state, { offset, doubted: null });
    } else if (known.doubted === null) {
      known.doubted = answered;
    } else if (answered - known.doubted > HOLD) {
      this.known.set(state, { offset, doubted: null });
    }
  }

  forget(state: string): void {
    this.known.delete(state);
  }

  /** An instant of a NoSo whose time is `now`, as the time that this node, and whoever asks it, goes by. */
  told(at: number, now: number): number {
    const apart = this.time.now() - now;
    return Math.abs(apart) < CLOSE ? at : at + apart;
  }
}
