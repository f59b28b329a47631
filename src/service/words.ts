import type english from '../../client/words/en.json';
import type { Refusal } from '../domain/errors.js';
import type { Venue } from '../protocol/wire.js';

/**
 * Words that people read: one file per language, `client/words/<language>.json`, all with the keys
 * of `en.json`. A text is a template with `{holes}`, or one template per plural category.
 */
export type Words = Widen<typeof english>;
type Widen<T> = {
  [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends { other: string }
      ? Plural
      : Widen<T[K]>;
};
export type Plural = { other: string } & Partial<Record<Intl.LDMLPluralRule, string>>;
export type Text = string | Plural;
export type Holes = Record<string, string | number>;

/** One of each, made when first asked for: making one costs fifty times what using it does. */
export function remembered<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    let one = made.get(name);
    if (one === undefined) {
      one = make(name);
      made.set(name, one);
    }
    return one;
  };
}

const pluralsOf = remembered((language) => new Intl.PluralRules(language));
const clockOf = remembered(
  (timeZone) =>
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
);

/** Fills a text's holes. A plural goes by the hole `n`. */
export function say(language: string, text: Text, holes: Holes = {}): string {
  const template =
    typeof text === 'string'
      ? text
      : (text[pluralsOf(language).select(Number(holes.n))] ?? text.other);
  return template.replace(/\{(\w+)\}/g, (hole, name: string) =>
    name in holes ? String(holes[name]) : hole,
  );
}

/** Every form that a text has, whatever its holes hold. */
export const forms = (text: Text): string[] =>
  typeof text === 'string' ? [text] : Object.values(text);

/** A refusal in words: of its reason, where there are words for that, else of its code. */
export function sentence({ errors }: Words, { code, why }: Pick<Refusal, 'code' | 'why'>): string {
  return why in errors ? errors[why as keyof Words['errors']] : errors[code];
}

/**
 * Where an hour is to be said: an IANA name, and for whoever does not know it (browsers of some
 * years ago do not know the zones of this one) minutes east of UTC.
 */
export type Zone = string | Pick<Venue, 'timeZone' | 'utcOffset'>;

/**
 * The hours and minutes that a clock in `zone` shows at `at` (ms). Where nobody knows the zone, or
 * what it is off UTC, they are UTC's, and `utc` says so.
 */
export function clockIn(zone: Zone, at: number): { h: number; m: number; utc?: true } {
  const { timeZone, utcOffset } = typeof zone === 'string' ? { timeZone: zone } : zone;
  try {
    const parts = clockOf(timeZone).formatToParts(at);
    const of = (type: string) => Number(parts.find((p) => p.type === type)?.value);
    return { h: of('hour'), m: of('minute') };
  } catch (error) {
    if (!Number.isFinite(at)) throw error; // no zone's fault
    const there = new Date(at + (utcOffset ?? 0) * 60_000);
    const clock = { h: there.getUTCHours(), m: there.getUTCMinutes() };
    return utcOffset === undefined ? { ...clock, utc: true } : clock;
  }
}

const two = (n: number) => String(n).padStart(2, '0');

/** An hour in prose: "14 h 30", "midi" or "14:30". */
export function hourInProse(time: Words['time'], zone: Zone, at: number): string {
  const { h, m, utc } = clockIn(zone, at);
  if (utc) return inUtc(h, m);
  if (m === 0 && h === 0) return time.midnight;
  if (m === 0 && h === 12) return time.noon;
  const template = m === 0 ? time.fullHour : time.hour;
  return say('en', template, { h, h2: two(h), mm: two(m) });
}

/** An hour in a column: "14:30" in every language. */
export function hourInColumn(zone: Zone, at: number): string {
  const { h, m, utc } = clockIn(zone, at);
  return utc ? inUtc(h, m) : `${two(h)}:${two(m)}`;
}

const inUtc = (h: number, m: number): string => `${two(h)}:${two(m)}\u00a0UTC`;

/** A count with its thousands set apart: "2 400" with a no-break space, or "2,400". */
export const grouped = (time: Words['time'], n: number): string =>
  String(n).replace(/\B(?=(\d{3})+$)/g, time.separator);
