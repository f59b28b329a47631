import { Refusal, type Why } from './errors.js';
import { lengthAt } from './numbers.js';
import type { Totals } from './record.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** `endsAt` is at most this long after `startsAt`. */
export const LONGEST = 24 * HOUR;
/** A manual change of state takes effect on screens this much later, on all of them at once (W7). */
export const LEAD = 1000;

/** An organizer opens at most this long before `startsAt`. */
const EARLIEST = 3 * HOUR;
/** People may be counted by eye until so long after the close. */
const COUNTED_UNTIL = 24 * HOUR;

export type Venue = {
  id: string;
  name: string;
  city: string;
  country?: string;
  /** IANA name. */
  timeZone: string;
  address?: string;
  language: string;
};

/** Seats that phones took in that time were taken back: how many, once that is done. */
export type Void = { since: number; until: number; freed: number | null };

/** How many people somebody saw, and when. */
export type Headcount = { at: number; count: number };

/** Where a NoSo stands (L1). Times are milliseconds since the epoch. */
export type Lifecycle =
  | { is: 'scheduled' }
  /** `digits`: how long the numbers are that it draws (A3). */
  | {
      is: 'open';
      /** How many meant to come when it opened; absent: an earlier version opened it. */
      intents?: number;
      openedAt: number;
      effectiveAt: number;
      digits: number;
      headcounts?: Headcount[];
      /** What was taken back, the latest last. */
      voids?: Void[];
    }
  | {
      is: 'closed';
      openedAt: number;
      /** When its silence began. */
      beganAt: number;
      closedAt: number;
      effectiveAt: number;
      totals: Totals;
      headcounts?: Headcount[];
    }
  | { is: 'cancelled'; cancelledAt: number; effectiveAt: number };

export type Plan = {
  venue: string;
  title: string;
  startsAt: number;
  endsAt: number;
  capacity: number | null;
  entry: 'code' | 'link';
  show: 'numbers' | 'count';
  /** Seconds a seat outlives its silent phone; null: until the NoSo closes. */
  pocket: number | null;
  /** Seconds between the ticks at which numbers change on walls; 0: at once. */
  veil: number;
  opens: 'organizer' | 'schedule';
  /** Minutes before `startsAt` at which it opens by schedule, to gather (L6). */
  gather: number;
};

/** One gathering at one venue. */
export type Noso = Plan & {
  /** How often it was changed since it was planned: a calendar takes the latest. Absent: never. */
  amended?: number;
  /** The series that it is of, if it is. */
  series?: string;
  id: string;
  life: Lifecycle;
};

export type By = 'organizer' | 'schedule';
export type NosoCommand =
  | { do: 'amend'; changes: Partial<Plan> }
  | { do: 'open'; by: By }
  | { do: 'close'; by: By }
  | { do: 'cancel'; by: By }
  /** People counted by eye. */
  | { do: 'headcount'; count: number }
  /** Codes and passes of that time are no good from now on; `freed` once the seats are free. */
  | { do: 'void'; since: number; until: number; freed: number | null };

/** What a decision depends on besides the NoSo itself. */
export type Facts = {
  now: number;
  /** The NoSo that is open at this venue, if any (L2). */
  openAtVenue: string | null;
  /** How many numbers were ever drawn; looked at only when opening. */
  drawn: number;
  /** How many mean to come; looked at only when opening. */
  intents: number;
  /** Seats taken; 0 unless open. */
  count: number;
  /** The record's totals as they would be at `at`; called only when closing. */
  totals: (at: number) => Totals;
};

const conflict = (why: Why & `conflict.${string}`, detail: string): never => {
  throw new Refusal(why, detail);
};

/** Checks what one field alone cannot tell. Throws `bad_request`. */
export function assertPlan(plan: Plan): void {
  const field = { field: 'endsAt' };
  if (plan.endsAt <= plan.startsAt) {
    throw new Refusal('bad_request.order', 'endsAt: must be after startsAt', undefined, field);
  }
  if (plan.endsAt - plan.startsAt > LONGEST) {
    throw new Refusal(
      'bad_request.length',
      'endsAt: at most 24 h after startsAt',
      undefined,
      field,
    );
  }
}

/** How far ahead (three years, a 29th of February among them), and how far past, it may start. */
const AHEAD_MOST = 1096 * 24 * HOUR;
const PAST_MOST = 24 * HOUR;

/** Checks a start that is set or changed at `now` (F9). Throws `bad_request`. */
export function assertStart(startsAt: number, now: number): void {
  const field = { field: 'startsAt' };
  if (startsAt > now + AHEAD_MOST) {
    throw new Refusal('bad_request.far', 'startsAt: at most 3 years ahead', undefined, field);
  }
  if (startsAt < now - PAST_MOST) {
    throw new Refusal('bad_request.past', 'startsAt: at most 24 h past', undefined, field);
  }
}

/**
 * The NoSo after `command`, or a `Refusal` (L1, L2). Pure: the caller stores what is returned.
 * Closing by schedule is dated `endsAt`, however late it is noticed (L3).
 */
export function decide(noso: Noso, command: NosoCommand, facts: Facts): Noso {
  const { life } = noso;
  switch (command.do) {
    case 'amend':
      return amend(noso, command.changes, facts);
    case 'open': {
      if (life.is !== 'scheduled') return conflict('conflict.state', `the NoSo is ${life.is}`);
      if (facts.now >= noso.endsAt) return conflict('conflict.end_past', 'its end has passed');
      if (facts.openAtVenue !== null)
        return conflict('conflict.other_open', 'another NoSo is open at this venue');
      if (command.by === 'organizer' && facts.now < noso.startsAt - EARLIEST)
        return conflict('conflict.state', 'it is opened at most 3 h before startsAt');
      if (command.by === 'schedule' && facts.now < opensAt(noso))
        return conflict('conflict.state', 'its hour has not come');
      const effectiveAt = command.by === 'schedule' ? facts.now : facts.now + LEAD;
      const digits = lengthAt(facts.drawn);
      return {
        ...noso,
        life: { is: 'open', openedAt: facts.now, effectiveAt, digits, intents: facts.intents },
      };
    }
    case 'close': {
      if (life.is !== 'open') return conflict('conflict.state', `the NoSo is ${life.is}`);
      const overdue = command.by === 'schedule' || facts.now >= noso.endsAt;
      if (command.by === 'schedule' && facts.now < noso.endsAt) {
        return conflict('conflict.state', 'its end has not come');
      }
      const asked = overdue ? Math.max(noso.endsAt, life.openedAt) : facts.now;
      const effectiveAt = overdue ? asked : facts.now + LEAD;
      const totals = facts.totals(asked);
      // Whatever the clock did, nothing of a record is after its end (L5).
      const closedAt = totals.series.reduce((last, { at }) => Math.max(last, at), asked);
      return {
        ...noso,
        life: {
          is: 'closed',
          openedAt: life.openedAt,
          beganAt: Math.min(closedAt, beganAt(noso, life.openedAt)),
          closedAt,
          effectiveAt,
          totals,
          ...(life.headcounts ? { headcounts: life.headcounts } : {}),
        },
      };
    }
    case 'cancel': {
      if (life.is !== 'scheduled') return conflict('conflict.state', `the NoSo is ${life.is}`);
      if (command.by === 'schedule' && facts.now < noso.endsAt) {
        return conflict('conflict.state', 'its end has not come');
      }
      const effectiveAt = command.by === 'schedule' ? facts.now : facts.now + LEAD;
      return later({ ...noso, life: { is: 'cancelled', cancelledAt: facts.now, effectiveAt } });
    }
    case 'void': {
      if (life.is !== 'open') return conflict('conflict.state', `the NoSo is ${life.is}`);
      const { since, until, freed } = command;
      const others = (life.voids ?? []).filter((v) => v.since !== since || v.until !== until);
      return { ...noso, life: { ...life, voids: [...others, { since, until, freed }] } };
    }
    case 'headcount': {
      const late = life.is === 'closed' && facts.now > life.closedAt + COUNTED_UNTIL;
      if ((life.is !== 'open' && life.is !== 'closed') || late) {
        return conflict('conflict.state', late ? 'it is long over' : `the NoSo is ${life.is}`);
      }
      return { ...noso, life: { ...life, headcounts: counted(life, command.count, facts.now) } };
    }
  }
}

/** The last of head counts that are kept … */
const MOST_HEADCOUNTS = 1000;
/** … and within how many ms the same count is the same request, sent again (P3). */
const REPEATED = 10_000;

function counted(life: { headcounts?: Headcount[] }, count: number, now: number): Headcount[] {
  const before = life.headcounts ?? [];
  const last = before.at(-1);
  if (last?.count === count && now - last.at < REPEATED) return before;
  // A clock may step back; a record does not (L5).
  const at = Math.max(now, last?.at ?? now);
  return [...before, { at, count }].slice(-MOST_HEADCOUNTS);
}

/** Until when codes and entry passes of an open NoSo are no good; undefined: none are. */
export const voidedAt = ({ life }: Pick<Noso, 'life'>): number | undefined =>
  life.is === 'open' && life.voids ? Math.max(...life.voids.map((v) => v.until)) : undefined;

/** When the silence begins of what was opened at `openedAt`: it gathers until then (L6). */
export const beganAt = ({ startsAt }: Pick<Noso, 'startsAt'>, openedAt: number): number =>
  Math.max(openedAt, startsAt);

/** When people are to come in: then it opens, if that is by schedule. */
export const opensAt = ({ startsAt, gather }: Noso): number => startsAt - gather * MINUTE;

/**
 * While open, only `title`, `endsAt` and `capacity` (at least the count) may change, and `startsAt`
 * while it gathers.
 */
const OPEN_FIELDS: readonly string[] = ['title', 'endsAt', 'capacity'];
const GATHERING_FIELDS: readonly string[] = [...OPEN_FIELDS, 'startsAt'];

function amend(noso: Noso, changes: Partial<Plan>, facts: Facts): Noso {
  const next = { ...noso, ...changes };
  const changed = (Object.keys(changes) as (keyof Plan)[]).filter((k) => noso[k] !== changes[k]);
  switch (noso.life.is) {
    case 'scheduled':
      break;
    case 'open': {
      const gathers = facts.now < noso.startsAt;
      const fields = gathers ? GATHERING_FIELDS : OPEN_FIELDS;
      const refused = changed.filter((field) => !fields.includes(field));
      if (refused.length > 0)
        return conflict('conflict.fixed', `while open, ${refused.join(', ')} cannot change`);
      // What is past counts as now: the silence begins a moment later, everywhere (W7).
      if (gathers && next.startsAt <= facts.now) next.startsAt = facts.now + LEAD;
      if (next.capacity !== null && next.capacity < facts.count) {
        return conflict('conflict.count', `capacity: ${facts.count} seats are taken`);
      }
      if (changed.includes('endsAt') && next.endsAt <= facts.now) {
        return conflict(
          'conflict.end_past',
          'endsAt: must be in the future; to end it now, close it',
        );
      }
      break;
    }
    case 'closed':
    case 'cancelled':
      return conflict('conflict.state', `the NoSo is ${noso.life.is}`);
  }
  if (changed.includes('startsAt')) assertStart(next.startsAt, facts.now);
  assertPlan(next);
  return changed.length > 0 ? later(next) : next;
}

/** The same, as calendars that have it already are to take it anew (RFC 5545, 3.8.7.4). */
const later = (noso: Noso): Noso => ({ ...noso, amended: (noso.amended ?? 0) + 1 });

/** Whoever means to come says so of what is planned, and of nothing else. Throws `conflict.state`. */
export function assertIntendable({ life }: Noso): void {
  if (life.is !== 'scheduled') conflict('conflict.state', `the NoSo is ${life.is}`);
}
