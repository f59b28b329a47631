import type { Noso, Venue } from '../../src/protocol/wire.js';
import type { Desk } from './desk.js';
import { fill, h, type Part, set } from './dom.js';
import { hrefOf, NEW } from './router.js';
import { type Draft, sheet } from './sheet.js';
import { instantIn, localIn, nextHalfHour } from './time.js';

const MINUTE = 60_000;
/** What a new NoSo starts from: an hour, by hand, at the next half hour. */
function blank(desk: Desk, venue: Venue): Draft {
  const { date, time } = nextHalfHour(venue.timeZone, desk.store.now());
  const start = instantIn(venue.timeZone, date, time) ?? desk.store.now();
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
  };
}

/** The same NoSo once more: a week after it was, or as many weeks as make it a day to come. */
function again(desk: Desk, noso: Noso): Draft {
  const week = 7 * 24 * 60 * MINUTE;
  const zone = noso.venue.timeZone;
  const length = Date.parse(noso.endsAt) - Date.parse(noso.startsAt);
  const { time } = localIn(zone, Date.parse(noso.startsAt));
  let day = Date.parse(noso.startsAt) + week;
  while (day < desk.store.now()) day += week;
  const start = instantIn(zone, localIn(zone, day).date, time) ?? day;
  return {
    ...noso,
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(start + length).toISOString(),
  };
}

/** The form that plans a NoSo, changes one, or takes one as the pattern of another. */
export function plan(desk: Desk, of: Noso | null, doing: 'edit' | 'again' | null): Part {
  const { w, t } = desk;
  const editing = of !== null && doing === 'edit' ? of : null;
  const title = editing ? w.plan.edit : w.plan.title;
  const heading = h('h2', { class: 'title', tabindex: '-1' }, title);
  const body = h('div', {});
  const node = h('section', { class: 'pane' }, heading, body);
  let made: HTMLFormElement | null = null;

  function update(): void {
    const venues = desk.store.venues();
    // A proposal goes by the server's clock, so that must have been heard.
    if (made === null && venues !== null && desk.store.link().heardAt !== null) {
      const venue = of?.venue ?? venues[0];
      if (venue) {
        const draft = of === null ? blank(desk, venue) : editing ? of : again(desk, of);
        made = sheet(desk, venues, draft, editing);
      }
      const first = h('a', { class: 'link', href: hrefOf('venues', NEW) }, w.venues.add);
      const none = h('p', { class: 'note' }, w.plan.noVenue, ' ', first);
      fill(body, [made ?? none]);
    }
  }
  set(node, 'aria-label', t(title));
  return { node, update };
}
