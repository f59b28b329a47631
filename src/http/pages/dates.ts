import { hourInColumn, remembered, say, type Words } from '../../service/words.js';
import { localIso } from '../../service/zones.js';
import type { Tongue } from './language.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** A day of the month is enough to tell which, this far ahead or back. */
const NEAR = 21 * DAY;

/** By "language timeZone". */
const calendarOf = remembered((key) => {
  const [language, timeZone] = key.split(' ') as [string, string];
  return new Intl.DateTimeFormat(language, {
    timeZone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  });
});

/** The calendar of a zone; UTC's where this machine does not know it, as its hours are then. */
function calendarIn(language: string, timeZone: string): Intl.DateTimeFormat {
  try {
    return calendarOf(`${language} ${timeZone}`);
  } catch {
    return calendarOf(`${language} UTC`);
  }
}

function dateIn(language: string, timeZone: string, at: number) {
  const parts = calendarIn(language, timeZone).formatToParts(at);
  const of = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return { weekday: of('weekday'), day: of('day'), month: of('month'), year: of('year') };
}

/** A moment as a column shows it, in the venue's time zone: "lundi 23, 12:30". */
export function moment(tongue: Tongue, timeZone: string, at: number, now: number): string {
  const { language, words } = tongue;
  const time = hourInColumn(timeZone, at);
  const then = dateIn(language, timeZone, at);
  const today = dateIn(language, timeZone, now);
  const same = then.day === today.day && then.month === today.month && then.year === today.year;
  if (same) return say(language, words.public.today, { time });
  const template = Math.abs(at - now) < NEAR ? words.public.day : words.public.dayOfMonth;
  return say(language, template, { ...then, time });
}

/** A day in prose, in the venue's time zone: "dimanche 29 novembre"; with its year, unless it is `now`'s. */
export function dayInProse(tongue: Tongue, timeZone: string, at: number, now: number): string {
  const { language, words } = tongue;
  const then = dateIn(language, timeZone, at);
  const day = then.day === '1' ? words.noso.first : then.day;
  const near = then.year === dateIn(language, timeZone, now).year;
  return say(language, near ? words.noso.day : words.noso.dayOfYear, { ...then, day });
}

/** A day as columns and pictures show it, in the venue's time zone: "2026-11-29". */
export const dayInColumn = (timeZone: string, at: number): string =>
  localIso(timeZone, at).replace(/T.*/, '');

/** How long a NoSo is planned to last, in words: "un quart d’heure". */
export function duration(tongue: Tongue, ms: number): string {
  const { language } = tongue;
  const words: Words['public']['duration'] = tongue.words.public.duration;
  const minutes = Math.round(ms / MINUTE);
  switch (minutes) {
    case 15:
      return words.quarter;
    case 30:
      return words.half;
    case 45:
      return words.threeQuarters;
    case 90:
      return words.hourAndHalf;
  }
  if (minutes % 60 === 0) return say(language, words.hours, { n: minutes / 60 });
  if (minutes < 120) return say(language, words.minutes, { n: minutes });
  const mm = String(minutes % 60).padStart(2, '0');
  return say(language, words.mixed, { h: Math.floor(minutes / 60), mm });
}
