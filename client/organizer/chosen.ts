// What each room lists, and which of it the address means.
import type { Noso, Venue } from '../../src/protocol/wire.js';
import type { Desk } from './consoleDesk.js';
import type { Group } from './model/searching.js';
import { dayIn, isZone } from './model/zoneTime.js';
import { NEW, type Route, SCREEN } from './routes.js';
import { capital, dateInProse, dayHeading } from './venueTime.js';

/** When it begins; of one that is over, when it was opened (ms). */
export const happensAt = (noso: Noso): number =>
  Date.parse((noso.state === 'closed' && noso.openedAt) || noso.startsAt);
const days = new WeakMap<Noso, string | null>();
/**
 * By the venue's own days; null where this browser cannot tell them. Reckoned once for each state of
 * a NoSo: the console is drawn every second, and calendars are slow.
 */
function dayOf(noso: Noso): string | null {
  const known = days.get(noso);
  if (known !== undefined) return known;
  const day = dayIn(noso.venue, happensAt(noso));
  days.set(noso, day);
  return day;
}
const runs = (noso: Noso) => noso.state === 'open' || noso.state === 'scheduled';
/** Earlier than this it cannot be opened (contract). */
export const EARLIEST = 3 * 3_600_000;
/** Days that cannot be told come last. */
const UNTOLD = '~';

function byDay(nosos: readonly Noso[], heading: (date: string, first: Noso) => string): Group[] {
  const days = new Map<string, [Noso, ...Noso[]]>();
  for (const noso of nosos) {
    const day = dayOf(noso) ?? UNTOLD;
    const there = days.get(day);
    if (there) there.push(noso);
    else days.set(day, [noso]);
  }
  return [...days].map(([key, all]) => ({ key, heading: heading(key, all[0]), nosos: all }));
}

/** Today, by the clocks of the venues. */
function todayOf(desk: Desk): (noso: Noso) => string {
  const known = new Map<string, string>();
  return ({ venue }) => {
    const today = known.get(venue.timeZone) ?? dayIn(venue, desk.store.now()) ?? UNTOLD;
    known.set(venue.timeZone, today);
    return today;
  };
}

/** What is open or to come, and what today brought, in the order of their hours. */
function onProgramme(desk: Desk): Noso[] {
  const today = todayOf(desk);
  return desk.store
    .nosos()
    .filter((noso) => runs(noso) || (dayOf(noso) ?? '') >= today(noso))
    .sort((a, b) => happensAt(a) - happensAt(b) || (a.id < b.id ? -1 : 1));
}

export function programmeGroups(desk: Desk): Group[] {
  const today = todayOf(desk);
  const heading = (date: string, first: Noso) =>
    date === UNTOLD ? desk.w.undrawn.day : dayHeading(desk, date, today(first));
  return byDay(onProgramme(desk), heading).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Closed ones, the latest first. */
export function recordGroups(desk: Desk): Group[] {
  const closed = desk.store
    .nosos()
    .filter((noso) => noso.state === 'closed')
    .sort((a, b) => happensAt(b) - happensAt(a));
  const heading = (date: string, first: Noso) =>
    date === UNTOLD
      ? desk.w.undrawn.day
      : capital(dateInProse(desk, first.venue, happensAt(first)));
  return byDay(closed, heading);
}

/** What the programme shows where nothing was chosen: what is open, else comes next, else was. */
function foremost(desk: Desk): Noso | null {
  const all = onProgramme(desk);
  const of = (state: Noso['state']) => all.find((noso) => noso.state === state);
  return of('open') ?? of('scheduled') ?? all[all.length - 1] ?? null;
}

/** The NoSo that the programme or the records show beside their list. */
export function chosenNoso(desk: Desk, { room, id }: Route): Noso | null {
  if (id === NEW) return null;
  if (id !== null) return desk.store.noso(id) ?? null;
  if (room === 'records') return recordGroups(desk)[0]?.nosos[0] ?? null;
  return foremost(desk);
}

export function chosenVenue(desk: Desk, { id }: Route): Venue | null {
  const all = desk.store.venues() ?? [];
  if (id === NEW || id === SCREEN) return null;
  return (id === null ? all[0] : all.find((venue) => venue.id === id)) ?? null;
}

/** The venue that the page is about, if it is about one: its clock is shown. */
export function placeOf(desk: Desk, route: Route): Venue | null {
  switch (route.room) {
    case 'programme':
    case 'records':
      return chosenNoso(desk, route)?.venue ?? null;
    case 'venues':
      return chosenVenue(desk, route);
    case 'keys':
      return null;
  }
}

/** Why a NoSo's day cannot be told in this browser; null: it can. */
export function whyUntold(desk: Desk, noso: Noso): string | null {
  if (dayOf(noso) !== null) return null;
  return whyNoClock(desk, noso.venue) ?? desk.w.undrawn.date;
}

/** Browsers are older than some zones: a venue may go by a clock that this one does not know. */
export function whyNoClock({ w, t }: Desk, { timeZone }: Venue): string | null {
  return isZone(timeZone) ? null : t(w.undrawn.zone, { zone: timeZone });
}

/** The years that something closed in, the latest first. */
export function yearsOf(groups: readonly Group[]): string[] {
  const years = groups.filter(({ key }) => key !== UNTOLD).map(({ key }) => key.slice(0, 4));
  return [...new Set(years)].sort().reverse();
}

/** Today's next of each venue may be opened from the list, where nothing is open there. */
export function openable({ store }: Desk): ReadonlySet<string> {
  const next = new Map<string, Noso>();
  const taken = new Set<string>();
  for (const noso of store.nosos()) {
    const { id } = noso.venue;
    if (noso.state === 'open') taken.add(id);
    if (noso.state !== 'scheduled') continue;
    const first = next.get(id);
    if (!first || noso.startsAt < first.startsAt) next.set(id, noso);
  }
  const soon = (noso: Noso) => Date.parse(noso.startsAt) - store.now() < EARLIEST;
  const all = [...next.values()].filter(
    (noso) => noso.opens === 'organizer' && soon(noso) && !taken.has(noso.venue.id),
  );
  return new Set(all.map(({ id }) => id));
}
