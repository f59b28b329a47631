// A NoSo's plan as the form's fields hold it: from a draft, to what is sent.
import type { Noso, Venue } from '../../../src/protocol/wire.js';
import { ruleOf } from './repeating.js';
import { whole } from './whole.js';
import { dayIn, hourIn, instantIn, isZone, localIn, nextHalfHour } from './zoneTime.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How long people gather before the silence where nothing else is said (contract); minutes. */
const GATHER = 15;
/** What the form is filled with at first. */
export type Draft = Omit<Noso, 'id' | 'venue' | 'state' | 'count'> & { venue: Venue };

export type PlanField =
  | 'title'
  | 'venue'
  | 'startsAt'
  | 'hour'
  | 'rule'
  | 'until'
  | 'endsAt'
  | 'capacity'
  | 'opens'
  | 'gather'
  | 'entry'
  | 'show'
  | 'pocket'
  | 'veil';
/**
 * Named as the wire names them, so that a refusal finds its field; `endsAt` is a length in minutes,
 * `rule` how often a series comes again, or nothing.
 */
export type PlanValues = Record<PlanField, string>;

/** What a NoSo is planned and changed with, as it is sent. */
export type NosoFields = Omit<Noso, 'id' | 'venue' | 'state' | 'count' | 'about'> & {
  venue: string;
};

/** The same for a series: each lasts so long. */
export type SeriesFields = Omit<NosoFields, 'endsAt'> & { minutes: number; rule: string };

/** What a new NoSo starts from: an hour, by hand, at the next half hour. */
export function blankDraft(venue: Venue, now: number): Draft {
  const start = nextHalfHour(now);
  return {
    venue,
    title: '',
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(start + 60 * MINUTE).toISOString(),
    capacity: null,
    entry: 'code',
    show: 'numbers',
    pocket: null,
    veil: 5,
    opens: 'organizer',
    gather: GATHER,
  };
}

/** The same NoSo once more: a week after it was, or as many weeks as make it a day to come. */
export function againDraft(noso: Noso, now: number): Draft {
  const week = 7 * DAY;
  const zone = noso.venue.timeZone;
  const first = Date.parse(noso.startsAt);
  const length = Date.parse(noso.endsAt) - first;
  let day = first + week;
  while (day < now) day += week;
  const start = isZone(zone)
    ? (instantIn(zone, localIn(zone, day).date, localIn(zone, first).time) ?? day)
    : day;
  return {
    ...noso,
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(start + length).toISOString(),
  };
}

const minutesOf = (draft: Draft) =>
  Math.round((Date.parse(draft.endsAt) - Date.parse(draft.startsAt)) / MINUTE);

export function valuesOf(draft: Draft): PlanValues {
  const zone = draft.venue.timeZone;
  const start = Date.parse(draft.startsAt);
  return {
    title: draft.title,
    venue: draft.venue.id,
    startsAt: dayIn(zone, start) ?? '',
    hour: isZone(zone) ? hourIn(zone, start) : '',
    rule: '',
    until: '',
    endsAt: String(minutesOf(draft)),
    capacity: draft.capacity === null ? '' : String(draft.capacity),
    opens: draft.opens,
    gather: String(draft.gather ?? 0),
    entry: draft.entry,
    show: draft.show,
    pocket: draft.pocket === null ? '' : String(draft.pocket / 60),
    veil: String(draft.veil),
  };
}

/** When it would start and end (ms), as far as the fields say. */
export function spanOf(
  values: PlanValues,
  zone: string,
): { from: number | null; to: number | null } {
  const from = instantIn(zone, values.startsAt, values.hour);
  const length = whole(values.endsAt.trim());
  return { from, to: from === null || length === null ? null : from + length * MINUTE };
}

/** What is sent. The draft's start stands where the fields name none (they are not shown). */
export function fieldsOf(values: PlanValues, draft: Draft, zone: string): NosoFields {
  const from = spanOf(values, zone).from ?? Date.parse(draft.startsAt);
  return {
    venue: values.venue,
    title: values.title,
    startsAt: new Date(from).toISOString(),
    endsAt: new Date(from + (whole(values.endsAt) ?? 0) * MINUTE).toISOString(),
    capacity: values.capacity === '' ? null : Number(values.capacity),
    entry: values.entry === 'link' ? 'link' : 'code',
    show: values.show === 'count' ? 'count' : 'numbers',
    pocket: values.pocket === '' ? null : Number(values.pocket) * 60,
    veil: Number(values.veil),
    opens: values.opens === 'schedule' ? 'schedule' : 'organizer',
    gather: whole(values.gather) ?? 0,
  };
}

export function seriesFieldsOf(values: PlanValues, draft: Draft, zone: string): SeriesFields {
  const { endsAt: _, ...fields } = fieldsOf(values, draft, zone);
  const rule = ruleOf(values.rule, values.startsAt, values.until);
  return { ...fields, minutes: whole(values.endsAt) ?? 0, rule };
}

/** A field left alone is not sent: it may have moved on meanwhile, or be finer than it shows. */
export function changesOf<F extends object>(before: F, after: F): Partial<F> {
  const changed = Object.entries(after).filter(
    ([name, value]) => value !== before[name as keyof F],
  );
  return Object.fromEntries(changed) as Partial<F>;
}
