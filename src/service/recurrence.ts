import { Refusal } from '../domain/errors.js';
import { Recur, Time } from './carried/ical.js';
import { iso } from './instants.js';
import { utcOffset } from './zones.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Dates that a rule is followed over at most: ten years of every day. */
const MOST = 4000;

const LIST = (one: string) => new RegExp(`^${one}(,${one})*$`);
/** The parts of RFC 5545, 3.3.10, that a rule may have, and what stands in each. */
const PARTS: Record<string, RegExp> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY)$/,
  INTERVAL: /^[1-9]\d?$/,
  COUNT: /^[1-9]\d{0,2}$/,
  UNTIL: /^\d{8}(T\d{6}Z?)?$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
  BYDAY: LIST('([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)'),
  BYMONTHDAY: LIST('-?([1-9]|[12]\\d|3[01])'),
  BYSETPOS: /^[+-]?[1-4]$/,
};

const wrong = (detail: string): never => {
  throw new Refusal('bad_request', `rule: ${detail}`, undefined, { field: 'rule' });
};

/**
 * A rule's parts. Throws `bad_request` for what is none, for what is more often than daily or rarer
 * than by months, and for what might never come: a series is to have dates.
 */
function partsOf(rule: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const each of rule.toUpperCase().split(';')) {
    const [name = '', value = ''] = each.split('=');
    const form = PARTS[name];
    if (!form?.test(value)) wrong(`not understood at ${each.slice(0, 40)}`);
    if (parts.has(name)) wrong(`${name} stands twice`);
    parts.set(name, value);
  }
  const freq = parts.get('FREQ') ?? wrong('FREQ is missing');
  const every = Number(parts.get('INTERVAL') ?? 1);
  const has = (name: string) => parts.has(name);
  const ordinal = /\d/.test(parts.get('BYDAY') ?? '');
  if (has('COUNT') && has('UNTIL')) wrong('COUNT or UNTIL, not both');
  if (ordinal && (freq === 'DAILY' || freq === 'WEEKLY')) wrong('ordinals are for months');
  if (has('BYMONTHDAY') && freq === 'WEEKLY') wrong('BYMONTHDAY is not for weeks');
  if (has('BYSETPOS') && (!has('BYDAY') || has('BYMONTHDAY') || freq !== 'MONTHLY' || ordinal)) {
    wrong('BYSETPOS is for the days of the week of a month');
  }
  if (freq === 'DAILY' && has('BYMONTHDAY')) wrong('BYMONTHDAY is for months');
  if (freq === 'DAILY' && every > 1 && has('BYDAY')) wrong('every so many days, and no more');
  if (ordinal && has('BYMONTHDAY')) wrong('an ordinal or BYMONTHDAY, not both');
  const days = (parts.get('BYMONTHDAY') ?? '1').split(',').map((day) => Math.abs(Number(day)));
  if (every > 1 && Math.max(...days) > 28) wrong('not every month has that day');
  return parts;
}

/** Throws `bad_request` where nobody could go by it. */
export function assertRule(rule: string): void {
  partsOf(rule);
}

/** A date and an hour as a clock somewhere shows them, as if they were UTC's, in ms. */
type Local = number;

/** The instant at which a clock in `timeZone` shows `local`. What it shows twice is the first; what it skips is as far on as it skips. */
function instantAt(timeZone: string, local: Local): number {
  const offset = (at: number) => (utcOffset(timeZone, at) ?? 0) * MINUTE;
  const [before, after] = [offset(local - DAY), offset(local + DAY)];
  const first = local - before;
  if (before === after || offset(first) === before) return first;
  const second = local - after;
  return offset(second) === after ? second : first;
}

/** One evening of a series: its date where it is, which it goes by, and when it starts (ms). */
export type Occurrence = { date: string; startsAt: number };

/**
 * The evenings of a series that start between `from` and `to` (ms), at the hour at which `startsAt` is in
 * its zone, winter and summer.
 */
export function occurrences(
  { rule, startsAt, timeZone }: { rule: string; startsAt: number; timeZone: string },
  from: number,
  to: number,
): Occurrence[] {
  const parts = partsOf(rule);
  const until = parts.get('UNTIL');
  parts.delete('UNTIL');
  const spelt = [...parts].map(([name, value]) => `${name}=${value}`).join(';');
  const first: Local = startsAt + (utcOffset(timeZone, startsAt) ?? 0) * MINUTE;
  const dates = Recur.fromString(spelt).iterator(
    Time.fromString(iso(first).replace(/\.\d+Z$/, ''), undefined as never),
  );
  const found: Occurrence[] = [];
  for (let k = 0; k < MOST; k += 1) {
    const next = dates.next();
    if (!next) break;
    const local = Date.parse(`${next.toString()}Z`);
    const at = instantAt(timeZone, local);
    if (at >= to || isPast(until, local, at)) break;
    if (at >= from) found.push({ date: iso(local).slice(0, 10), startsAt: at });
  }
  return found;
}

/** Whether an evening is after a rule's end: a date, an hour there, or an instant. */
function isPast(until: string | undefined, local: Local, at: number): boolean {
  if (until === undefined) return false;
  const [, y, m, d, time = ''] = /^(\d{4})(\d\d)(\d\d)(?:T(\d{6}))?/.exec(until) ?? [];
  const clock = time === '' ? '23:59:59' : time.replace(/(\d\d)(\d\d)(\d\d)/, '$1:$2:$3');
  const end = Date.parse(`${y}-${m}-${d}T${clock}Z`);
  return until.endsWith('Z') ? at > end : local > end;
}
