import { type ErrorCode, Refusal, type Why } from './errors.js';
import {
  type Clicked,
  FULL_RETRY,
  type LogEntry,
  leave,
  type Seating,
  seatByHand,
  type Terms,
  takeBack,
} from './seating.js';

/** A click may be undone for so long, by the door's own times, in ms. */
export const UNDONE_WITHIN = 5 * 60_000;

/** What somebody at a door did (P9). */
export type Click = {
  /** Keyed digest of the click's id; null for what the console does, which asks for a number itself. */
  key: string | null;
  /** The door's id; '' is the console. */
  door: string;
  /** By the door's clock, ms. */
  at: number;
} & (
  | { what: 'in'; number: number }
  /** Without a number: whoever was seated by hand last, here if anybody was. */
  | { what: 'out'; number: number | null }
  | { what: 'undo'; of: string }
);

/** `number` is the one that was meant: of paper, or drawn for this click, or whose seat it was. */
export type ClickResult = {
  why: 'ok' | Extract<Why, ErrorCode | `conflict.${string}`>;
  number: number;
};

/**
 * What is remembered of a click, until close: what it was, what became of it, whose door it was and
 * when by its clock, and whether it was undone. As text, since it lies in both stores so.
 */
type Done = { what: Click['what']; why: string; door: string; at: number; undone: boolean };

export const spellDone = ({ what, why, door, at, undone }: Done): string =>
  [what, why, door, at, undone ? 1 : 0].join('|');

export function readDone(text: string): Done {
  const [what, why = '', door = '', at, undone] = text.split('|');
  return { what: what as Click['what'], why, door, at: Number(at), undone: undone === '1' };
}

const NOBODY = 0;
/** A sitting that there is not: they begin at 1. */
const NONE = 0;

/**
 * Decides a click: the same click is the same result, whatever has become of the room meanwhile.
 * Returns what is to be appended, in order. Throws `not_open` where the NoSo is over.
 */
export function click(
  state: Seating,
  terms: Terms,
  asked: Click,
  now: number,
): { result: ClickResult; entries: LogEntry[] } {
  const known = asked.key === null ? undefined : state.clicks.get(asked.key);
  if (known) return { result: resultOf(known), entries: [] };
  if (now >= terms.endsAt) throw new Refusal('not_open.closed', 'the NoSo is over');
  const { why, number, sitting, entries } = perform(state, terms, asked, now);
  const { key, what, door, at } = asked;
  if (key !== null) {
    const done = spellDone({ what, why, door, at, undone: false });
    entries.push({ what: 'clicked', key, number, sitting, done });
  }
  return { result: { why, number }, entries };
}

const resultOf = ({ done, number }: Clicked): ClickResult => ({
  why: readDone(done).why as ClickResult['why'],
  number,
});

type Performed = ClickResult & { sitting: number; entries: LogEntry[] };

function perform(state: Seating, terms: Terms, asked: Click, now: number): Performed {
  switch (asked.what) {
    case 'in':
      return seatOne(state, terms, asked.number, asked.door, now);
    case 'out': {
      const number = asked.number ?? lastByHand(state, asked.door);
      const seat = number === null ? undefined : state.seats.get(number);
      if (number === null || !seat || seat.by === null) return refused('not_found', number);
      return {
        why: 'ok',
        number,
        sitting: seat.sitting,
        entries: [leave(state, number, null, now)].flatMap((e) => e ?? []),
      };
    }
    case 'undo':
      return undo(state, terms, asked, now);
  }
}

const refused = (why: ClickResult['why'], number: number | null = null): Performed => ({
  why,
  number: number ?? NOBODY,
  sitting: 0,
  entries: [],
});

function seatOne(state: Seating, terms: Terms, number: number, by: string, now: number): Performed {
  const full = terms.capacity !== null && state.seats.size >= terms.capacity;
  if (full && !state.seats.has(number)) return refused('full', number);
  const { taken, entry } = seatByHand(state, terms, { number, by }, now);
  // Who sits already is seated by no click, and undoing that one takes nobody's seat.
  if (!entry) return { why: 'ok', number, sitting: NONE, entries: [] };
  return { why: 'ok', number, sitting: taken.sitting, entries: [entry] };
}

/** Whoever was seated by hand last, at this door if anybody was; null: nobody was. */
function lastByHand(state: Seating, door: string): number | null {
  let own: number | null = null;
  let any: number | null = null;
  for (const [number, { by }] of state.seats) {
    if (by === null) continue;
    any = number;
    if (by === door) own = number;
  }
  return own ?? any;
}

function undo(
  state: Seating,
  terms: Terms,
  asked: Click & { what: 'undo' },
  now: number,
): Performed {
  const of = state.clicks.get(asked.of);
  const done = of && readDone(of.done);
  if (!of || !done || done.door !== asked.door || done.what === 'undo') return refused('not_found');
  const late = asked.at - done.at > UNDONE_WITHIN;
  if (done.why !== 'ok' || done.undone || late) return refused('conflict.state', of.number);
  const { number, sitting } = of;
  const marked: LogEntry = { ...of, done: spellDone({ ...done, undone: true }) };
  if (sitting === NONE) return { why: 'ok', number, sitting, entries: [marked] };
  if (done.what === 'in') {
    const entry = takeBack(state, number, sitting, now);
    if (!entry) return refused('conflict.state', number);
    return { why: 'ok', number, sitting, entries: [entry, marked] };
  }
  const mark = state.marks.get(number);
  if (mark?.sitting !== sitting) return refused('conflict.state', number);
  const again = seatOne(state, terms, number, asked.door, now);
  return again.why === 'ok' ? { ...again, entries: [...again.entries, marked] } : again;
}

/** Seconds after which what was refused is worth another try, if ever. */
export const retryAfterOf = (why: ClickResult['why']): number | undefined =>
  why === 'full' ? FULL_RETRY : undefined;
