// Calendars and clocks in a venue's time zone, which is seldom asked to be the browser's.
import { hourInColumn, type Zone } from '../../../src/service/words.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A date as calendars and fields write it: years of four digits. */
const DATE = /^\d{4}-\d\d-\d\d$/;
/** In place of an hour that this browser cannot tell. */
const NO_HOUR = '–:–';

const made = new Map<string, Intl.DateTimeFormat>();
/** Formatters are slow to make and asked for every second. */
function formatter(zone: string): Intl.DateTimeFormat {
  const known = made.get(zone);
  if (known) return known;
  const fresh = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  made.set(zone, fresh);
  return fresh;
}

/**
 * What calendar and clock show in `zone` at `at` (ms): `2026-11-22`, `13:53`, `13:53:36`. Where this
 * browser does not know the zone (it may be older than the zone) they go by how far the server says
 * it is off UTC. Throws a `RangeError` where it says nothing either, or where `at` is no instant.
 */
export function localIn(zone: Zone, at: number): { date: string; time: string; clock: string } {
  const { timeZone, utcOffset } = typeof zone === 'string' ? { timeZone: zone } : zone;
  if (utcOffset !== undefined && !isZone(timeZone)) return localIn('UTC', at + utcOffset * MINUTE);
  const parts = formatter(timeZone).formatToParts(at);
  const of = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  const time = `${of('hour')}:${of('minute')}`;
  return {
    date: `${of('year')}-${of('month')}-${of('day')}`,
    time,
    clock: `${time}:${of('second')}`,
  };
}

/** The date in `zone`, or null where it cannot be told or has not four digits for its year. */
export function dayIn(zone: Zone, at: number): string | null {
  try {
    const { date } = localIn(zone, at);
    return DATE.test(date) ? date : null;
  } catch {
    return null;
  }
}

/** The hour in `zone` (UTC's, and said to be, where nobody knows it), or dashes where `at` is none. */
export function hourIn(zone: Zone, at: number): string {
  try {
    return hourInColumn(zone, at);
  } catch {
    return NO_HOUR;
  }
}

/** How far `zone` is ahead of UTC at `at`, in ms. */
function offset(zone: string, at: number): number {
  const { date, clock } = localIn(zone, at);
  return Date.parse(`${date}T${clock}Z`) - Math.floor(at / 1000) * 1000;
}

/**
 * The instant (ms) at which `zone` shows this date and time; null where that is no instant (not a
 * date, skipped when clocks go forward, of a zone unknown here). Of the two when clocks go back,
 * the first.
 */
export function instantIn(zone: string, date: string, time: string): number | null {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(asUtc) || !isZone(zone)) return null;
  const tries = [offset(zone, asUtc - DAY), offset(zone, asUtc + DAY)]
    .map((ahead) => asUtc - ahead)
    .sort((a, b) => a - b);
  return tries.find((at) => dayIn(zone, at) === date && hourIn(zone, at) === time) ?? null;
}

/** The start to propose (ms): the first full or half hour that is at least half an hour ahead. */
export const nextHalfHour = (now: number): number =>
  Math.ceil((now + 30 * MINUTE) / (30 * MINUTE)) * 30 * MINUTE;

export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** Whether clocks in `zone` show another hour than this browser's: only then is it worth a word. */
export const elsewhere = (zone: Zone, at: number): boolean =>
  hourIn(zone, at) !== hourIn(browserZone(), at);

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name !== '';
  } catch {
    return false;
  }
}

/** The zones that this browser can list; an old one lists none, and the field takes any text. */
export function zones(): string[] {
  const intl = Intl as typeof Intl & { supportedValuesOf?: (key: 'timeZone') => string[] };
  return intl.supportedValuesOf?.('timeZone') ?? [];
}
