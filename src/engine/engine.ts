import type { Stop } from '../clock.js';
import type { Click, ClickResult } from '../domain/clicks.js';
import type { Noso, NosoCommand, Plan, Venue } from '../domain/noso.js';
import type { Rationed } from '../domain/ration.js';
import type { Totals } from '../domain/record.js';
import type { Binding, Mark, Taken, Taking } from '../domain/seating.js';

/** An organizer's key. The key itself is not kept; `hash` is its SHA-256, base64url. */
export type Organizer = { id: string; label: string; hash: string; createdAt: number };

/** A screen bound to a venue. `hash` as above. */
export type Wall = {
  id: string;
  venue: string;
  name: string;
  hash: string;
  createdAt: number;
  /** Inches, corner to corner; and from how far it is read, in metres. */
  diagonal?: number;
  distance?: number;
};

/** A counter at the entrance of one NoSo; `hash` as above. */
export type Door = { id: string; noso: string; name: string; hash: string; createdAt: number };

/** Numbers drawn on paper for one NoSo. */
export type Paper = { id: string; noso: string; numbers: number[] };

/**
 * How often a city was asked for in a month ("2026-11", UTC), under one spelling of its name. Organizers
 * alone see it.
 */
export type CityWish = { id: string; city: string; country?: string; month: string; count: number };

/** What was planned of a series for a date ("2026-11-29", there), and as of which amendment. */
export type Made = { date: string; noso: string; amended: number };

/**
 * Evenings that come again: what they have in common, by which rule (RFC 5545, in the venue's time zone),
 * and what of it was planned. The first starts at `startsAt` (ms), each lasts so many minutes.
 */
export type Series = Omit<Plan, 'endsAt'> & {
  id: string;
  rule: string;
  minutes: number;
  made: Made[];
};

/** What is kept for organizers, by kind. `record` and lifecycle are part of the NoSo. */
export type Documents = {
  venue: Venue;
  noso: Noso;
  organizer: Organizer;
  wall: Wall;
  wish: CityWish;
  door: Door;
  paper: Paper;
  series: Series;
};
export type Kind = keyof Documents;

/** A document as it was last written; `document: null` says that it was deleted. */
export type Change = {
  [K in Kind]: { kind: K; id: string; revision: number; document: Documents[K] | null };
}[Kind];

/**
 * What changed in the catalogue, oldest revision first, each document once. `epoch` is higher after
 * a store that lost data: what was read before is then of another catalogue, revisions too.
 */
export type Changes = { epoch: number; revision: number; changes: Change[] };

/** A change of one seat, as walls need it. */
export type SeatChange = { seq: number; at: number; number: number; seated: boolean };

/** Where a NoSo's log stands, and what was appended since the cursor. */
export type Tail = {
  epoch: number;
  seq: number;
  count: number;
  /** The record so far, for organizers. */
  peak: number;
  /** Entries after the cursor up to `seq`, in order; null if the cursor is too old: take `seats`. */
  changes: SeatChange[] | null;
};

/** The set of seated numbers as of a position in the log, in no order. */
export type Seats = { epoch: number; seq: number; numbers: number[] };

/**
 * Where NoSos live. Two implementations, one contract (test/engine/contract.ts).
 *
 * Guarantees, for every verb that changes something:
 * - *durable before it is answered*: what is acknowledged survives a kill of any process (P1);
 * - *linearizable* within one NoSo (P6), reads included;
 * - *idempotent*: repeating a call whose answer was lost gives the same answer and no second
 *   change (P3);
 * - answers within 2 s, or throws `Refusal('unavailable')`, which means *unknown* (F1);
 * - rules of the domain are thrown as `Refusal`s with the contract's codes.
 *
 * Input is typed and validated at the edge; engines trust it.
 */
export interface Engine {
  /** The engine's time in ms: all deadlines, codes and ticks go by it. */
  now(): number;
  /**
   * Whether that may be wrong, since something else says much less: when this last ran, or the wall
   * clock of this machine. Nothing is done by schedule meanwhile that cannot be taken back (L7).
   */
  doubts(): boolean;

  // The catalogue: small, wholly mirrored by every node, read by cursor.

  /**
   * Adds or replaces a venue, an organizer or a wall, or adds a scheduled NoSo (changing one is
   * `command`'s). Last write wins. Returns its revision.
   */
  save<K extends Kind>(kind: K, id: string, document: Documents[K]): Promise<number>;
  /**
   * Puts what `revise` makes of a document (null: there is none) in its place, so that of several at
   * once each sees what the one before made. It may be called more than once; what it throws is thrown.
   * Answers with what is there then. Not for NoSos.
   */
  revise<K extends Exclude<Kind, 'noso'>>(
    kind: K,
    id: string,
    revise: (before: Documents[K] | null) => Documents[K],
  ): Promise<Documents[K]>;
  /**
   * Deletes a document; a venue takes its NoSos and walls along. `not_found` if it is not there,
   * `conflict` for an open NoSo or a venue with one.
   */
  remove(kind: Kind, id: string): Promise<void>;
  /** Everything written after `revision` (0: everything there is). */
  changesSince(revision: number): Promise<Changes>;
  /** True for the first caller with this id, false ever after (until `until`): single use. */
  spend(id: string, until: number): Promise<boolean>;
  /**
   * Writes `holder` down under `id` until `until`, unless somebody is written there. Answers who is.
   * Neither may hold a line break.
   */
  reserve(id: string, holder: string, until: number): Promise<string>;
  /** Who is written there now, or null. */
  holder(id: string): Promise<string | null>;

  // A NoSo.

  /**
   * Carries out `domain/noso.decide` atomically with regard to every other verb. Opening starts an
   * empty log; closing dates and keeps the record and destroys every trace of numbers (L4).
   */
  command(noso: string, command: NosoCommand): Promise<Noso>;

  // Who means to come to a scheduled NoSo. Opening it counts them, and that, cancelling or deleting it
  // forgets them.

  /** Remembers `digest`, once. `conflict.state` unless it is scheduled, `not_found`. */
  intend(noso: string, digest: string): Promise<void>;
  /** Forgets it, if it was there. */
  withdraw(noso: string, digest: string): Promise<void>;
  /** How many are remembered, and whether any of `digests` is. */
  intents(noso: string, digests: readonly string[]): Promise<{ count: number; among: boolean }>;

  // Numbers and seats of an open NoSo. `not_open` where it is not.

  /**
   * One more of what is bounded at a NoSo on all nodes together: how many there were of late, this one
   * included, or null where that would be more than `most`. What is counted is not durable.
   */
  ration(noso: string, what: Rationed, most: number): Promise<number | null>;
  /** Draws numbers never drawn before (A3, A4), at O(1) memory. */
  /** `digits`: how long they are to be; by default as a NoSo's would be that opens now. */
  draw(count: number, digits?: number | null): Promise<number[]>;
  /** `domain/seating.bind`: the number that an entry pass stands for. */
  bind(noso: string, binding: Binding): Promise<number>;
  /** `domain/seating.take`. */
  take(noso: string, taking: Taking): Promise<Taken>;
  /** `domain/clicks.click`: what somebody at a door, or at the console, does by hand (P9). */
  click(noso: string, click: Click): Promise<ClickResult>;
  /** Takes back the seats that phones took in that time, whose passes `void` has ended; which. */
  takeBack(noso: string, since: number, until: number): Promise<Sat[]>;
  /** How many seats that `takeBack` would take back now. */
  takenIn(noso: string, since: number, until: number): Promise<number>;
  /** How many are there now whom each door seated, by its id. */
  doors(noso: string): Promise<Map<string, number>>;
  /** `domain/seating.leave`; true if a sitting ended now. False too when the NoSo is not open. */
  leave(noso: string, number: number, sitting: number | null): Promise<boolean>;
  /**
   * Notes when phones were last heard (finite pocket). Returns those that hold no such sitting
   * (any more).
   */
  hear(noso: string, heard: Heard[]): Promise<Heard[]>;
  /** The seat a number holds, or the mark it left, or null. */
  seat(noso: string, number: number): Promise<({ seated: true } & Taken) | Unseated | null>;

  // The log of an open NoSo.

  /** The log after `since` (a seq; null: only where it stands). Bells make reading it worth while. */
  tail(noso: string, since: number | null): Promise<Tail>;
  /** What the record would be, did it close now; the last of the series is of now. */
  totals(noso: string): Promise<Totals>;
  /** Who was seated at `asOf` (engine time, at most two minutes back; later: who is now). */
  seats(noso: string, asOf: number): Promise<Seats>;
  /**
   * Rings soon after the log of `noso` grows. Bells may be lost or late and never carry data:
   * read again every second regardless.
   */
  watch(noso: string, bell: () => void): Stop;

  // Walls.

  /** Notes that walls were sent a beat now. */
  beat(walls: string[]): Promise<void>;
  /** When walls were last noted, by id, engine time; absent if not since the last start. */
  beats(walls: string[]): Promise<Map<string, number>>;

  /**
   * Does what seating somebody new needs of the store, and seats nobody: resolves if somebody could
   * be seated now. Else `unavailable`; where it is for want of writing, `not_writable`, and its
   * detail begins with the cause in one word, the store's own (`OOM`, `READONLY`, `SQLITE_FULL`).
   */
  rehearse(): Promise<void>;

  /** Waits for what is under way, then lets go of everything. */
  close(): Promise<void>;
}

/** What moving from one engine to another needs besides: which numbers were ever drawn (A4), who means to come. */
export interface Movable {
  /** All of them, in the order of their size, some at a time. */
  drawnNumbers(): AsyncIterable<number[]>;
  /** Marks numbers that were drawn elsewhere. Marking one twice changes nothing. */
  markDrawn(numbers: readonly number[]): Promise<void>;
  /** The digests of those who mean to come to a scheduled NoSo, in order. */
  intending(noso: string): Promise<string[]>;
}

/** One stay of a number. */
export type Sat = { number: number; sitting: number };
export type Heard = { number: number; sitting: number; at: number };
export type Unseated = { seated: false } & Mark;
export type { Plan };
