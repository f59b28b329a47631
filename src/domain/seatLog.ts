import { newTally, type Tally, tallyChange, tallyVoid } from './record.js';
import { Marks, type Seat, Seats } from './seatTables.js';
import { UsedPasses } from './usedPasses.js';

/** A change of one seat. Walls are cursors over these. */
export type Entry = {
  /** From 1, without gaps. */
  seq: number;
  /** Never goes back. */
  at: number;
  number: number;
} & (
  | { what: 'take'; sitting: number; key: string | null }
  | { what: 'leave' }
  | { what: 'lapse' }
  /** Seated by hand. */
  | { what: 'hand'; sitting: number; by: string }
  /** Taken back: this sitting is as if it had never been. */
  | { what: 'void' }
);

/** From here on this pass stands for this number (P8). It changes no seat, and has no position. */
export type Bound = { what: 'bound'; key: string; number: number };

/** What became of a door's click (clicks.ts). It changes no seat by itself, and has no position. */
export type Clicked = {
  what: 'clicked';
  key: string;
  number: number;
  sitting: number;
  done: string;
};

/** The log. Replaying it from an empty `Seating` gives the `Seating` (L5). */
export type LogEntry = Entry | Bound | Clicked;

/** The state of an open NoSo. Changed only by `apply` and `hear`. */
export type Seating = {
  readonly openedAt: number;
  seq: number;
  readonly seats: Seats;
  readonly marks: Marks;
  /** Entry passes by their keys, and the number that each was used for (P8). */
  readonly passes: UsedPasses;
  /** Doors' clicks by their keys, and what became of them. */
  clicks: Map<string, Clicked>;
  tally: Tally;
};

export const newSeating = (openedAt: number, beganAt = openedAt): Seating => ({
  openedAt,
  seq: 0,
  seats: new Seats(),
  marks: new Marks(),
  passes: new UsedPasses(),
  clicks: new Map(),
  tally: newTally(openedAt, beganAt),
});

/**
 * Appends one entry to the state. Throws on an entry that cannot follow (a damaged log must not
 * be taken for a true one). Applying the log in order to an empty state is the replay.
 */
export function apply(state: Seating, entry: LogEntry): void {
  if (entry.what === 'bound') return void state.passes.set(entry.key, entry.number);
  if (entry.what === 'clicked') return void state.clicks.set(entry.key, entry);
  const { number, at } = entry;
  if (entry.seq !== state.seq + 1) throw new Error(`log: ${entry.seq} after ${state.seq}`);
  if (at < state.tally.lastAt) throw new Error(`log: entry ${entry.seq} is dated back`);
  const seat = state.seats.get(number);
  if (isTaking(entry) === (seat !== undefined)) {
    throw new Error(`log: entry ${entry.seq} cannot follow`);
  }
  if (isTaking(entry)) {
    const mark = state.marks.get(number);
    const free = mark?.free ?? 0;
    const first = (mark?.sitting ?? 0) === free;
    const by = entry.what === 'hand' ? entry.by : null;
    tallyChange(state.tally, at, 1, first, by !== null);
    state.marks.delete(number);
    state.seats.set(number, { sitting: entry.sitting, since: at, seen: at, by, first, free });
    if (entry.what === 'take' && entry.key !== null) state.passes.set(entry.key, number);
  } else {
    const { sitting, since, first, by, free } = seat as Seat;
    if (entry.what === 'void') tallyVoid(state.tally, at, { since, first, byHand: by !== null });
    else tallyChange(state.tally, at, -1, false);
    state.seats.delete(number);
    const more = free + (entry.what === 'void' ? 1 : 0);
    state.marks.set(number, { sitting, at, why: WHY[entry.what], free: more });
  }
  state.seq = entry.seq;
}

const WHY = { leave: 'left', lapse: 'lapsed', void: 'voided' } as const;

/** Whether this entry seats somebody; any other ends a sitting. */
export const isTaking = (entry: Entry): entry is Entry & { what: 'take' | 'hand' } =>
  entry.what === 'take' || entry.what === 'hand';
