// Days and lengths in the reader's words.
import { say, type Zone } from '../../src/service/words.js';
import type { Desk } from './consoleDesk.js';
import { dayIn, hourIn, localIn } from './model/zoneTime.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const noon = (date: string) => Date.parse(`${date}T12:00:00Z`);
const named = (desk: Desk, date: string, what: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(desk.code, { ...what, timeZone: 'UTC' }).format(noon(date));
/** The weekday of a date, in words. */
export const weekdayOf = (code: string, date: string): string =>
  new Intl.DateTimeFormat(code, { weekday: 'long', timeZone: 'UTC' }).format(noon(date));
/** A sentence's first letter. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** "dimanche 22 novembre", with the year only if it is another than that of `today`. */
function dayInWords(desk: Desk, date: string, today: string, month: boolean): string {
  const { days } = desk.w;
  const day = Number(date.slice(8));
  const otherYear = date.slice(0, 4) !== today.slice(0, 4);
  const otherMonth = date.slice(0, 7) !== today.slice(0, 7);
  const template = otherYear ? days.withYear : month || otherMonth ? days.withMonth : days.short;
  return say(desk.code, template, {
    weekday: named(desk, date, { weekday: 'long' }),
    day: day === 1 ? days.first : day,
    month: named(desk, date, { month: 'long' }),
    year: date.slice(0, 4),
  });
}

/** A day's heading: "Aujourd’hui, dimanche 22 novembre", "Demain, lundi 23", "Vendredi 27". */
export function dayHeading(desk: Desk, date: string, today: string): string {
  const { days } = desk.w;
  const away = Math.round((noon(date) - noon(today)) / DAY);
  const near = new Map([
    [0, days.today],
    [1, days.tomorrow],
    [-1, days.yesterday],
  ]).get(away);
  const day = dayInWords(desk, date, today, away === 0);
  return near ? say(desk.code, near, { day }) : capital(day);
}

/** A date in prose: "vendredi 27 novembre". */
export const dateInProse = (desk: Desk, zone: Zone, at: number): string =>
  dayInWords(desk, localIn(zone, at).date, localIn(zone, desk.store.now()).date, true);

/** The same with its year, whatever the year: what is past is read for years. */
export const dateForGood = (desk: Desk, zone: Zone, at: number): string =>
  dayInWords(desk, localIn(zone, at).date, '', true);

/** When something was last heard: the hour, and the day too if it was not today. */
export function hourOrDay(desk: Desk, zone: Zone, at: number): string {
  const sameDay = dayIn(zone, at) === dayIn(zone, desk.store.now());
  const hour = hourIn(zone, at);
  return sameDay
    ? hour
    : say(desk.code, desk.w.days.andHour, { day: dateInProse(desk, zone, at), hour });
}

/** "45 min", "2 h", "4 h 07": whole minutes, rounded up. */
export function lengthInWords(desk: Desk, ms: number): string {
  const minutes = Math.max(0, Math.ceil(ms / MINUTE));
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  const { length } = desk.w;
  if (h === 0) return say(desk.code, length.minutes, { m });
  const template = m === 0 ? length.hours : length.both;
  return say(desk.code, template, { h, m, mm: String(m).padStart(2, '0') });
}
