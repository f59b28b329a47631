import type { SeatChange } from '../engine.js';

/** Changes are kept for two minutes, or this many of them, whichever is more … */
const KEPT_FOR = 120_000;
const KEPT_COUNT = 50_000;
/** … but never more than this: 17 bytes each. */
const MOST = 1 << 20;

/**
 * The end of a NoSo's log, in memory, for cursors and for undoing the last moments. A ring that
 * grows up to its bound; positions (`seq`) follow each other without gaps.
 */
export class Trail {
  private at = new Float64Array(64);
  private number = new Float64Array(64);
  private seated = new Uint8Array(64);
  /** Position of the oldest change kept, and of the newest. */
  private first = 1;
  private last = 0;

  /** Appends the change at position `last + 1`. */
  push(at: number, number: number, seated: boolean): void {
    if (this.last - this.first + 1 === this.at.length) this.makeRoom(at);
    this.last += 1;
    const slot = this.last & (this.at.length - 1);
    this.at[slot] = at;
    this.number[slot] = number;
    this.seated[slot] = seated ? 1 : 0;
  }

  /** The changes after `since` up to `until`; null if they are no longer, or never were, here. */
  between(since: number, until: number): SeatChange[] | null {
    if (since > until || since < this.first - 1) return null;
    const changes: SeatChange[] = [];
    for (let seq = since + 1; seq <= until; seq += 1) changes.push(this.change(seq));
    return changes;
  }

  /**
   * Walks back from the newest change while it is after position `seq` or dated after `asOf`.
   * Returns where it stopped, and for each number met whether it was seated there.
   */
  undo(seq: number, asOf: number): { seq: number; before: Map<number, boolean> } {
    const before = new Map<number, boolean>();
    let place = this.last;
    for (; place >= this.first; place -= 1) {
      const change = this.change(place);
      if (place <= seq && change.at <= asOf) break;
      before.set(change.number, !change.seated);
    }
    return { seq: place, before };
  }

  private change(seq: number): SeatChange {
    const slot = seq & (this.at.length - 1);
    return {
      seq,
      at: this.at[slot] as number,
      number: this.number[slot] as number,
      seated: this.seated[slot] === 1,
    };
  }

  private makeRoom(now: number): void {
    const size = this.at.length;
    const oldest = this.at[this.first & (size - 1)] as number;
    const wanted = size < KEPT_COUNT || now - oldest < KEPT_FOR;
    if (!wanted || size >= MOST) {
      this.first += 1;
      return;
    }
    const { at, number, seated } = this;
    this.at = new Float64Array(size * 2);
    this.number = new Float64Array(size * 2);
    this.seated = new Uint8Array(size * 2);
    for (let seq = this.first; seq <= this.last; seq += 1) {
      const from = seq & (size - 1);
      const to = seq & (size * 2 - 1);
      this.at[to] = at[from] as number;
      this.number[to] = number[from] as number;
      this.seated[to] = seated[from] as number;
    }
  }
}
