import { component, type Line } from './icalendar.js';
import { iso } from './instants.js';
import { remembered } from './words.js';
import { utcOffset } from './zones.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** No zone keeps an offset for less than this: Morocco's Ramadan is the shortest. */
const STEP = 7 * DAY;

/** No zone's clocks go back by more. */
const NEAR = 3 * 60 * MINUTE;

/** A moment from which a zone is so far off UTC, in minutes. */
type Change = { at: number; from: number; to: number };

/** What a clock that is `offset` minutes east of UTC shows: "20261129T143000". */
export const clockText = (at: number, offset: number): string =>
  iso(at + offset * MINUTE).replace(/[-:]|\.\d+Z$/g, '');

/** Whether clocks in a zone show the hour of `at` twice, as when summer time ends. */
export function isTwice(timeZone: string, at: number): boolean {
  const offset = utcOffset(timeZone, at);
  if (offset === undefined) return false;
  return [-NEAR, NEAR].some((ms) => {
    const other = utcOffset(timeZone, at + ms) ?? offset;
    return other !== offset && utcOffset(timeZone, at + (offset - other) * MINUTE) === other;
  });
}

function offsetText(minutes: number): string {
  const two = (n: number) => String(Math.trunc(n)).padStart(2, '0');
  const far = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(far / 60)}${two(far % 60)}`;
}

/** The moment between two at which the offset changes, to the minute. */
function changeBetween(offset: (at: number) => number, before: number, after: number): number {
  let [early, late] = [before, after];
  while (late - early > MINUTE) {
    const middle = early + Math.floor((late - early) / 2 / MINUTE) * MINUTE;
    if (offset(middle) === offset(early)) early = middle;
    else late = middle;
  }
  return late;
}

function changesIn(offset: (at: number) => number, begin: number, end: number): Change[] {
  const found: Change[] = [];
  for (let at = begin; at < end; at += STEP) {
    const [from, to] = [offset(at), offset(at + STEP)];
    if (from !== to) found.push({ at: changeBetween(offset, at, at + STEP), from, to });
  }
  return found;
}

/** By "timeZone firstYear lastYear": looking for changes asks Intl some hundred times. */
const zoneOf = remembered((key): string | null => {
  const [timeZone, first, last] = key.split(' ') as [string, string, string];
  const begin = Date.UTC(Number(first), 0, 1);
  const initial = utcOffset(timeZone, begin);
  if (initial === undefined) return null;
  const offset = (at: number) => utcOffset(timeZone, at) ?? initial;
  const changes = changesIn(offset, begin, Date.UTC(Number(last) + 1, 0, 1));
  const all = [{ at: begin, from: initial, to: initial }, ...changes];
  const standard = Math.min(...all.map(({ to }) => to));
  const observances = all.map(({ at, from, to }) => {
    const lines: Line[] = [
      ['DTSTART', clockText(at, from)],
      ['TZOFFSETFROM', offsetText(from)],
      ['TZOFFSETTO', offsetText(to)],
    ];
    return component(to === standard ? 'STANDARD' : 'DAYLIGHT', lines);
  });
  return component('VTIMEZONE', [['TZID', timeZone]], observances);
});

/**
 * A zone's VTIMEZONE for events between two moments (ms): each change of its clocks by itself, as this
 * machine's tables have it. Null where it does not know the zone.
 */
export function timeZoneFor(timeZone: string, first: number, last: number): string | null {
  const year = (at: number) => Number(iso(at).slice(0, 4));
  return zoneOf(`${timeZone} ${year(first) - 1} ${year(last) + 1}`);
}
