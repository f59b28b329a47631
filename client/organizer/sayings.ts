// How a NoSo stands, in words: the line under its title, and its figure.

import type { Noso } from '../../src/protocol/wire.js';
import type { Desk } from './consoleDesk.js';
import { peakedAt } from './drawings.js';
import type { Figure } from './largeFigure.js';
import { hourIn } from './model/zoneTime.js';
import { capital, dateForGood, dateInProse, lengthInWords } from './venueTime.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NONE = '–';

const two = (n: number) => String(n).padStart(2, '0');

/** How it stands, and how many said that they will be there. */
export function lineOf(desk: Desk, noso: Noso): string {
  const { w, t, figure } = desk;
  const { intents = 0 } = noso;
  if (intents === 0) return standingOf(desk, noso);
  const intend = t(w.says.intend, { n: intents, figure: figure(intents) });
  return `${standingOf(desk, noso)} ${intend}`;
}

/** What people counted by eye, for whoever reads or prints the record; nothing where nobody did. */
export function countedOf({ w, t, store, figure }: Desk, noso: Noso): string {
  const counts = (noso.state === 'closed' && store.record(noso.id)?.headcounts) || [];
  const each = counts.map(({ at, count }) =>
    t(w.heads.at, { figure: figure(count), hour: hourIn(noso.venue, Date.parse(at)) }),
  );
  return each.length === 0 ? '' : t(w.heads.said, { all: each.join(', ') });
}

/** "Bibliothèque des Quais, Lyon. Ouvert à 13:30, ferme seul à 14:30." */
function standingOf(desk: Desk, noso: Noso): string {
  const { w, t, store } = desk;
  const hour = (at: string) => hourIn(noso.venue, Date.parse(at));
  const holes = {
    place: t(w.place, noso.venue),
    day: capital(dateInProse(desk, noso.venue, Date.parse(noso.startsAt))),
    from: hour(noso.startsAt),
    to: hour(noso.endsAt),
  };
  switch (noso.state) {
    case 'scheduled': {
      const doors = hourIn(noso.venue, Date.parse(noso.startsAt) - (noso.gather ?? 0) * MINUTE);
      const says = noso.opens === 'schedule' ? w.says.opensAlone : w.says.opensByHand;
      return t(says, { ...holes, doors });
    }
    case 'open':
      return openLine(desk, noso, holes);
    case 'closed': {
      const record = store.record(noso.id);
      if (!record) return t(w.says.past, holes);
      // The day and the hours of what happened, whatever had been planned.
      const { openedAt, closedAt } = record;
      const began = { from: hour(record.beganAt) };
      const silence = gathered(record.beganAt, openedAt) ? t(w.says.silence, began) : '';
      const past = { from: hour(openedAt), to: hour(closedAt ?? noso.endsAt), silence };
      const day = capital(dateForGood(desk, noso.venue, Date.parse(openedAt)));
      return t(w.says.closed, { ...holes, day, ...past });
    }
    case 'cancelled':
      return t(w.says.cancelled, holes);
  }
}

/** Whether its silence is still to begin. */
export const gathers = (noso: Noso, now: number): boolean =>
  noso.state === 'open' && now < Date.parse(noso.startsAt);

/** Whether people gathered before the silence, by the minute. */
const gathered = (beganAt: string, openedAt: string): boolean =>
  Date.parse(beganAt) - Date.parse(openedAt) >= MINUTE;

function openLine(desk: Desk, noso: Noso, holes: Record<string, string>): string {
  const { w, t, store } = desk;
  const { openedAt } = noso;
  if (openedAt === undefined) return t(w.says.open, holes);
  const opened = hourIn(noso.venue, Date.parse(openedAt));
  const silent = gathered(noso.startsAt, openedAt) ? w.says.openSilent : w.says.openSince;
  const says = gathers(noso, store.now()) ? w.says.openGathers : silent;
  const length = lengthInWords(desk, Date.parse(noso.startsAt) - store.now());
  return t(says, { ...holes, opened, length });
}

/** The figure keeps one place: the hour, then the countdown, the count, the peak. */
export function figureOf(desk: Desk, noso: Noso): Figure {
  switch (noso.state) {
    case 'scheduled':
      return before(desk, noso);
    case 'open':
      return during(desk, noso);
    case 'closed':
      return after(desk, noso);
    case 'cancelled':
      return { digits: '', first: '', second: '', live: true };
  }
}

function before(desk: Desk, noso: Noso): Figure {
  const { w, t, store } = desk;
  const left = Date.parse(noso.startsAt) - store.now();
  const seconds = Math.ceil(Math.max(0, left) / 1000);
  const hour = hourIn(noso.venue, Date.parse(noso.startsAt));
  const seats = noso.capacity === null ? w.seats.noLimit : seatsOf(desk, noso.capacity);
  if (left > HOUR) {
    const away = left > 24 * HOUR ? '' : t(w.says.in, { length: lengthInWords(desk, left) });
    return { digits: hour, first: away || seats, second: away ? seats : '', live: true };
  }
  if (left <= 0) return { digits: hour, first: w.says.due, second: seats, live: true };
  const digits = `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return { digits, first: w.says.untilSilence, second: seats, live: true };
}

function seatsOf(desk: Desk, capacity: number): string {
  return desk.t(desk.w.seats.some, { n: capacity, figure: desk.figure(capacity) });
}

function during(desk: Desk, noso: Noso): Figure {
  const { w, t, store, figure } = desk;
  const { live, heardAt } = store.countLink(noso.id);
  const hour = (at: number) => hourIn(noso.venue, at);
  const highest = store.peak(noso.id);
  const peak = figure(highest);
  const reached = peakedAt(desk, noso);
  const peaked =
    reached === null ? t(w.seats.peak, { peak }) : t(w.seats.peakAt, { peak, hour: hour(reached) });
  if (noso.count === null) {
    return { digits: NONE, first: w.line.connecting, second: '', live: false };
  }
  const limit = noso.capacity;
  const some =
    limit === null ? w.seats.noLimit : t(w.seats.of, { n: limit, figure: figure(limit) });
  if (!live) {
    const asOf = heardAt === null ? w.line.connecting : t(w.line.asOf, { hour: hour(heardAt) });
    return { digits: figure(noso.count), first: asOf, second: some, live };
  }
  return { digits: figure(noso.count), first: some, second: highest > 0 ? peaked : '', live };
}

function after(desk: Desk, noso: Noso): Figure {
  const { w, t, store, figure } = desk;
  const record = store.record(noso.id);
  if (!record) return { digits: '', first: '', second: '', live: true };
  const second = t(w.records.totals, {
    n: record.total,
    total: figure(record.total),
    minutes: figure(record.personMinutes),
  });
  return { digits: figure(record.peak), first: w.records.peak, second, live: true };
}
