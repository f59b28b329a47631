import { inSeconds, Refusal } from './errors.js';
import type { Bound, Entry, LogEntry, Seating } from './seatLog.js';
import type { Mark, Seat } from './seatTables.js';

export {
  apply,
  type Bound,
  type Clicked,
  type Entry,
  isTaking,
  type LogEntry,
  newSeating,
  type Seating,
} from './seatLog.js';
export type { Mark, Seat } from './seatTables.js';

/** An entry pass is good for ten minutes, or until ten minutes after opening. */
export const ENTRY_PASS = 10 * 60_000;
/** A number that left may come back this often … */
export const RETURNS = 3;
/** … and this long after it left (S4). */
export const RETURN_GAP = 60_000;
/** When a full NoSo is worth another try, in seconds: nobody can know when a seat comes free. */
export const FULL_RETRY = 30;

/** What the rules need to know of the NoSo. Times in ms; pocket in seconds or null. */
export type Terms = {
  endsAt: number;
  capacity: number | null;
  pocket: number | null;
  /** Entry passes issued until then are no good: what they brought in was taken back. */
  voidedAt?: number | undefined;
};

/** How whoever asks shows that they may sit: an entry pass, or the pass of an earlier sitting. */
export type Proof = { kind: 'entry'; issuedAt: number } | { kind: 'seat'; sitting: number };

export type Taking = {
  number: number;
  /** The number was drawn for this request alone: where its pass stands for another, that one sits. */
  fresh: boolean;
  proof: Proof;
  /** An explicit wish to come back after leaving. */
  back: boolean;
  /** Keyed digest of the entry pass that is shown, or of what stands in its place; null for none. */
  key: string | null;
};

/**
 * Somebody draws a number with an entry pass: this one, unless the pass has one already. Without a
 * number it is only asked which one the pass has.
 */
export type Binding = { key: string; number: number | null; issuedAt: number };

export type Taken = { number: number; sitting: number; since: number };

/**
 * Decides a request for a seat (P2, P3, P4, P5, P8, S4). Returns the seat and the entry to append, or
 * null where nothing changes; throws a `Refusal`. The caller lapses what is due first.
 */
export function take(
  state: Seating,
  terms: Terms,
  taking: Taking,
  now: number,
): { taken: Taken; entry: LogEntry | null } {
  if (now >= terms.endsAt) throw new Refusal('not_open.closed', 'the NoSo is over');
  const { proof, key } = taking;
  const known = key === null ? undefined : state.passes.get(key);
  if (known !== undefined && known !== taking.number && !taking.fresh) {
    throw new Refusal('conflict.pass_used', 'this pass was used for another number');
  }
  const number = known ?? taking.number;
  const seat = state.seats.get(number);
  if (seat) {
    if (proof.kind === 'seat' && proof.sitting < seat.sitting && !taking.back) {
      throw new Refusal('conflict.sitting', 'this pass is of a sitting that ended');
    }
    const bound = key !== null && known === undefined;
    return {
      taken: { number, sitting: seat.sitting, since: seat.since },
      entry: bound ? { what: 'bound', key, number } : null,
    };
  }
  const mark = state.marks.get(number);
  const voided = mark?.why === 'voided';
  if (mark && (voided ? proof.kind === 'seat' : !taking.back)) throw ended(mark);
  if (proof.kind === 'entry') assertFresh(state, terms, proof.issuedAt, now);
  if (mark && mark.sitting - (mark.free ?? 0) > RETURNS) throw new Refusal('spent');
  if (mark && !voided) {
    const wait = mark.at + RETURN_GAP - now;
    if (wait > 0) throw new Refusal('too_soon', undefined, inSeconds(wait));
  }
  if (terms.capacity !== null && state.seats.size >= terms.capacity) {
    throw new Refusal('full', undefined, FULL_RETRY);
  }
  // Without a mark, the pass of an earlier sitting is re-asserted: the store lost data, not the phone.
  const sitting = mark ? mark.sitting + 1 : proof.kind === 'seat' ? proof.sitting : 1;
  const entry: Entry = { what: 'take', sitting, key, ...next(state, now, number) };
  return { taken: { number, sitting, since: entry.at }, entry };
}

/** Why a number holds no seat any more, to whoever does not ask to come back. */
export function ended({ why }: Pick<Mark, 'why'>): Refusal {
  switch (why) {
    case 'left':
      return new Refusal('conflict.left', 'this number has left');
    case 'lapsed':
      return new Refusal('conflict.lapsed', 'the seat has lapsed');
    case 'voided':
      return new Refusal('conflict.voided', 'the seat was taken back');
  }
}

/**
 * Decides to seat a number by hand (P9): nobody's haste is held against a door. Asked again it is the
 * same seat.
 */
export function seatByHand(
  state: Seating,
  terms: Terms,
  { number, by }: { number: number; by: string },
  now: number,
): { taken: Taken; entry: Entry | null } {
  if (now >= terms.endsAt) throw new Refusal('not_open.closed', 'the NoSo is over');
  const seat = state.seats.get(number);
  if (seat) return { taken: { number, sitting: seat.sitting, since: seat.since }, entry: null };
  if (terms.capacity !== null && state.seats.size >= terms.capacity) {
    throw new Refusal('full', undefined, FULL_RETRY);
  }
  const sitting = (state.marks.get(number)?.sitting ?? 0) + 1;
  const entry: Entry = { what: 'hand', sitting, by, ...next(state, now, number) };
  return { taken: { number, sitting, since: entry.at }, entry };
}

/** Decides to take a sitting back; null where it is not on (any more). */
export function takeBack(
  state: Seating,
  number: number,
  sitting: number,
  now: number,
): Entry | null {
  if (state.seats.get(number)?.sitting !== sitting) return null;
  return { what: 'void', ...next(state, now, number) };
}

/**
 * Decides which number an entry pass stands for (P8): the one that it was first used for, else this
 * one, which is then to be appended.
 */
export function bind(
  state: Seating,
  terms: Pick<Terms, 'endsAt' | 'voidedAt'>,
  { key, number, issuedAt }: Binding,
  now: number,
): { number: number; entry: Bound | null } {
  if (now >= terms.endsAt) throw new Refusal('not_open.closed', 'the NoSo is over');
  const known = state.passes.get(key);
  if (known !== undefined) return { number: known, entry: null };
  assertFresh(state, terms, issuedAt, now);
  if (number === null) throw new Refusal('bad_code.pass', 'this pass was not used yet');
  return { number, entry: { what: 'bound', key, number } };
}

/** A pass that was issued before the opening counts from the opening. */
function assertFresh(
  state: Seating,
  terms: Pick<Terms, 'voidedAt'>,
  issuedAt: number,
  now: number,
): void {
  if (issuedAt <= (terms.voidedAt ?? Number.NEGATIVE_INFINITY)) {
    throw new Refusal('bad_code.pass', 'what this pass was for was taken back');
  }
  if (now > Math.max(issuedAt, state.openedAt) + ENTRY_PASS) {
    throw new Refusal('bad_code.pass', 'the pass has expired');
  }
}

/**
 * Decides a leave. With `sitting`, only that stay is ended (a forgotten tab removes nobody); null
 * stands for whichever it is. Returns null where there is nothing to end.
 */
export function leave(
  state: Seating,
  number: number,
  sitting: number | null,
  now: number,
): Entry | null {
  const seat = state.seats.get(number);
  if (!seat || (sitting !== null && sitting !== seat.sitting)) return null;
  return { what: 'leave', ...next(state, now, number) };
}

/** When a seat comes free by itself; null: not before the close. */
export const lapsesAt = (seat: Seat, pocket: number | null): number | null =>
  pocket === null || seat.by !== null ? null : seat.seen + pocket * 1000;

/** The lapse of `number` if it is due at `now` (P4), else null. */
export function lapse(state: Seating, terms: Terms, number: number, now: number): Entry | null {
  const seat = state.seats.get(number);
  const at = seat ? lapsesAt(seat, terms.pocket) : null;
  if (at === null || at > now) return null;
  return { what: 'lapse', ...next(state, now, number) };
}

/**
 * Notes that a seat's phone was heard at `at`, or now if that is ahead (P4: no clock keeps a seat
 * longer than its pocket). Returns the seat if that stay is on, else null.
 */
export function hear(
  state: Seating,
  number: number,
  sitting: number,
  at: number,
  now: number,
): Seat | null {
  const seat = state.seats.get(number);
  if (!seat || seat.sitting !== sitting) return null;
  const seen = Math.max(seat.seen, Math.min(at, now));
  state.seats.heard(number, seen);
  seat.seen = seen;
  return seat;
}

/** A clock may step back; the log does not. */
const next = (state: Seating, now: number, number: number) => ({
  seq: state.seq + 1,
  at: Math.max(now, state.tally.lastAt),
  number,
});
