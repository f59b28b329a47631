// What each room lists, and which of it the address means.
import type { Noso, Venue } from '../../src/protocol/wire.js';
import type { Desk } from './consoleDesk.js';
import type { Group } from './model/searching.js';
import { dayIn, isZone } from './model/zoneTime.js';
import { NEW, type Route } from './routes.js';
import { capital, dateInProse, dayHeading } from './venueTime.js';

/** When it begins; of one that is over, when it was opened (ms). */
export const happensAt = (noso: Noso): number =>
  Date.parse((noso.state === 'closed' && noso.openedAt) || noso.startsAt);
/** By the venue's own days; null where this browser cannot tell them. */
const dayOf = (noso: Noso) => dayIn(noso.venue, happensAt(noso));
const runs = (noso: Noso) => noso.state === 'open' || noso.state === 'scheduled';
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

/** What is open or to come, and what today brought. */
export function programmeGroups(desk: Desk): Group[] {
  const { store, w } = desk;
  const today = (noso: Noso) => dayIn(noso.venue, store.now()) ?? UNTOLD;
  const shown = store
    .nosos()
    .filter((noso) => runs(noso) || (dayOf(noso) ?? '') >= today(noso))
    .sort((a, b) => happensAt(a) - happensAt(b) || (a.id < b.id ? -1 : 1));
  const heading = (date: string, first: Noso) =>
    date === UNTOLD ? w.undrawn.day : dayHeading(desk, date, today(first));
  return byDay(shown, heading).sort((a, b) => (a.key < b.key ? -1 : 1));
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
function foremost(groups: readonly Group[]): Noso | null {
  const all = groups.flatMap((group) => group.nosos);
  const of = (state: Noso['state']) => all.find((noso) => noso.state === state);
  return of('open') ?? of('scheduled') ?? all[all.length - 1] ?? null;
}

/** The NoSo that the programme or the records show beside their list. */
export function chosenNoso(desk: Desk, { room, id }: Route): Noso | null {
  if (id === NEW) return null;
  if (id !== null) return desk.store.noso(id) ?? null;
  if (room === 'records') return recordGroups(desk)[0]?.nosos[0] ?? null;
  return foremost(programmeGroups(desk));
}

export function chosenVenue(desk: Desk, { id }: Route): Venue | null {
  const all = desk.store.venues() ?? [];
  if (id === NEW) return null;
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
