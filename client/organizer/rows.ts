import type { Noso } from '../../src/protocol/wire.js';
import { hourInColumn } from '../../src/service/words.js';
import type { Desk } from './desk.js';
import { fill, h, keyed, set, text } from './dom.js';
import { hrefOf, type Room } from './router.js';

/** One heading and what stands under it. */
export type Group = { key: string; heading: string; nosos: Noso[] };

/** NoSos under their days, each a way to it; the one that is shown beside the list stands out. */
export function nosoList(
  desk: Desk,
  room: Room,
  selected: () => string | null,
  open: ((noso: Noso) => void) | null,
): { node: HTMLElement; show(groups: readonly Group[]): void } {
  const node = h('div', {});
  const show = keyed<Group>(
    node,
    (group) => group.key,
    () => {
      const heading = h('h2', { class: 'day' });
      const list = h('ul', { class: 'rows' });
      const rows = keyed<Noso>(
        list,
        (noso) => noso.id,
        (noso) => row(desk, room, noso.id, selected, open),
      );
      return {
        node: h('section', {}, heading, list),
        refresh: (group) => {
          text(heading, group.heading);
          rows(group.nosos);
        },
      };
    },
  );
  return { node, show };
}

function row(
  desk: Desk,
  room: Room,
  id: string,
  selected: () => string | null,
  open: ((noso: Noso) => void) | null,
) {
  const { w, t } = desk;
  let shown: Noso | null = null;
  const hour = h('span', { class: 'hour' });
  const title = h('span', { class: 'name' });
  const place = h('span', { class: 'place' });
  const state = h('span', { class: 'state' });
  const more = h('span', { class: 'more-state' });
  const opening = open
    ? h(
        'button',
        { class: 'link', type: 'button', onclick: () => shown && open(shown) },
        w.row.open,
      )
    : null;
  const anchor = h('a', { href: hrefOf(room, id) }, hour, title, place, state, more);
  const node = h('li', {}, anchor);
  return {
    node,
    refresh(noso: Noso) {
      shown = noso;
      text(hour, hourInColumn(noso.venue.timeZone, Date.parse(noso.startsAt)));
      text(title, noso.title);
      text(place, t(w.place, noso.venue));
      text(state, w.states[noso.state]);
      set(anchor, 'aria-current', selected() === id ? 'true' : null);
      const { said, live } = second(desk, noso);
      set(node, 'class', live ? 'row' : 'row mute');
      text(more, said);
      fill(node, opening && mayOpen(desk, noso) ? [anchor, opening] : [anchor]);
    },
  };
}

/** What stands under a NoSo's state: how many, or at most how many. */
function second(desk: Desk, noso: Noso): { said: string; live: boolean } {
  const { w, t, store, figure } = desk;
  if (noso.state === 'open' && noso.count !== null) {
    return { said: figure(noso.count), live: store.countLink(noso.id).live };
  }
  const record = noso.state === 'closed' ? store.record(noso.id) : undefined;
  return { said: record ? t(w.row.peak, { peak: figure(record.peak) }) : '', live: true };
}

/** Today's next at a venue may be opened from the list, where nothing is open at that venue. */
function mayOpen(desk: Desk, noso: Noso): boolean {
  if (noso.state !== 'scheduled' || noso.opens !== 'organizer') return false;
  const soon = Date.parse(noso.startsAt) - desk.store.now() < 12 * 3_600_000;
  const others = desk.store.nosos().filter((n) => n.venue.id === noso.venue.id && n.id !== noso.id);
  const taken = others.some((n) => n.state === 'open');
  const first = !others.some((n) => n.state === 'scheduled' && n.startsAt < noso.startsAt);
  return soon && !taken && first;
}
