import { hourInColumn } from '../../src/service/words.js';
import type { Desk } from './desk.js';
import { fill, h, type Part, set, text } from './dom.js';
import { hrefOf, ROOMS, type Room } from './router.js';
import { browserZone, elsewhere, localIn } from './time.js';

export type Frame = Part & {
  /** Puts a room in place of the one before. */
  show(room: Room, part: Part): void;
};

/**
 * What stands around every room: the way to the others, the clock, and whether the line is live.
 * `zone` says whose clock to show: the venue's that the room is about, if it is about one.
 */
export function frame(desk: Desk, zone: () => Place | null, signOut: () => void): Frame {
  const { w, t, store } = desk;
  const names: Record<Room, [string, string]> = {
    programme: [w.rooms.programme, w.rooms.programme],
    venues: [w.rooms.venues, w.rooms.venuesShort],
    records: [w.rooms.records, w.rooms.recordsShort],
    keys: [w.rooms.keys, w.rooms.keys],
  };
  const open = ROOMS.filter((room) => room !== 'keys' || desk.who.role === 'owner');
  const links = new Map(
    open.map((room) => [
      room,
      h(
        'a',
        { href: hrefOf(room), 'aria-label': names[room][0] },
        h('span', { class: 'wide' }, names[room][0]),
        h('span', { class: 'narrow' }, names[room][1]),
      ),
    ]),
  );
  const clock = h('span', { class: 'clock' });
  const city = h('span', { class: 'clock-city' });
  const line = h('p', { class: 'line', role: 'status' });
  const heading = h('h1', { class: 'unseen' });
  const main = h('main', { tabindex: '-1' });
  const node = h(
    'div',
    { class: 'frame' },
    h(
      'header',
      { class: 'head' },
      h('nav', { 'aria-label': w.title }, ...links.values()),
      line,
      h('p', { class: 'clock-line' }, city, clock),
    ),
    main,
    h(
      'footer',
      { class: 'foot' },
      h('p', {}, w.foot),
      h(
        'p',
        {},
        h('span', { class: 'who' }, desk.who.role === 'owner' ? w.owner : desk.who.label),
        h('button', { class: 'link', type: 'button', onclick: signOut }, w.signOut),
      ),
    ),
  );
  let inside: Part | null = null;

  return {
    node,
    show(room, part) {
      inside?.stop?.();
      inside = part;
      text(heading, names[room][0]);
      fill(main, [heading, part.node]);
      for (const [name, link] of links) set(link, 'aria-current', name === room ? 'page' : null);
      document.title = t(w.pageTitle, { room: names[room][0] });
    },
    update() {
      const place = zone();
      const where = place?.timeZone ?? browserZone();
      text(clock, localIn(where, store.now()).clock);
      // The clock says whose it is only where one could take it for one's own.
      text(city, place && elsewhere(where, store.now()) ? place.city : '');
      const { live, heardAt } = store.link();
      set(node, 'class', live ? 'frame' : 'frame cut');
      const said =
        heardAt === null
          ? w.line.connecting
          : t(w.line.cut, { hour: hourInColumn(where, heardAt) });
      text(line, live ? '' : said);
      inside?.update();
    },
    stop: () => inside?.stop?.(),
  };
}

export type Place = { timeZone: string; city: string };
