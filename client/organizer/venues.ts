import type { Venue } from '../../src/protocol/wire.js';
import type { Desk } from './desk.js';
import { fill, h, keyed, type Part, set, text } from './dom.js';
import { inWords } from './problems.js';
import type { RoomPart } from './programme.js';
import { hrefOf, NEW, type Route } from './router.js';
import { elsewhere } from './time.js';
import { venuePane } from './venue.js';

/** Venues, and the walls that hang there. */
export function venues(desk: Desk): RoomPart {
  const { w, store } = desk;
  let at: Route = { room: 'venues', id: null, doing: null };
  let pane: { key: string; part: Part } | null = null;
  const rowsNode = h('ul', { class: 'rows' });
  const trouble = h('p', { class: 'nothing', role: 'status' });
  const add = h('a', { class: 'button primary', href: hrefOf('venues', NEW) }, w.venues.add);
  const left = h(
    'div',
    { class: 'list' },
    h('h2', { class: 'day' }, w.venues.title),
    rowsNode,
    trouble,
    h('p', { class: 'add' }, add),
  );
  const right = h('div', { class: 'beside-list' });
  const node = h('div', { class: 'room' }, left, right);

  const chosen = (): Venue | null => {
    const all = store.venues() ?? [];
    if (at.id === NEW) return null;
    return (at.id ? all.find((venue) => venue.id === at.id) : all[0]) ?? null;
  };

  const rows = keyed<Venue>(
    rowsNode,
    (venue) => venue.id,
    (made) => {
      const name = h('span', { class: 'name' });
      const city = h('span', { class: 'place' });
      const zone = h('span', { class: 'state' });
      const anchor = h('a', { href: hrefOf('venues', made.id) }, name, city, zone);
      return {
        node: h('li', { class: 'row plain' }, anchor),
        refresh: (venue) => {
          text(name, venue.name);
          text(city, [venue.city, venue.country].filter(Boolean).join(', '));
          // Named only where it is not one's own: elsewhere it would be noise.
          const foreign = elsewhere(venue.timeZone, store.now());
          text(zone, foreign ? venue.timeZone.replace(/^.*\//, '').replace(/_/g, ' ') : '');
          set(anchor, 'aria-current', chosen()?.id === venue.id ? 'true' : null);
        },
      };
    },
  );

  async function load(): Promise<void> {
    try {
      await store.loadVenues();
      text(trouble, '');
    } catch (error) {
      text(trouble, inWords(desk, error));
    }
    update();
  }

  function update(): void {
    const all = store.venues();
    rows(all ?? []);
    if (all) text(trouble, all.length === 0 ? w.venues.none : '');
    const venue = chosen();
    const key = at.id === NEW ? NEW : venue?.id;
    if (!key) {
      pane?.part.stop?.();
      pane = null;
    } else if (pane?.key !== key) {
      pane?.part.stop?.();
      pane = { key, part: venuePane(desk, venue) };
    }
    fill(right, pane ? [pane.part.node] : []);
    set(node, 'class', at.id ? 'room chosen' : 'room');
    pane?.part.update();
  }

  void load();
  return {
    node,
    update,
    route(route) {
      at = route;
      update();
    },
    place: () => chosen(),
    stop: () => pane?.part.stop?.(),
  };
}
