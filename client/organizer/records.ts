import type { Noso } from '../../src/protocol/wire.js';
import type { Desk } from './desk.js';
import { detail } from './detail.js';
import { fill, h, type Part, set, text } from './dom.js';
import { inWords } from './problems.js';
import type { RoomPart } from './programme.js';
import type { Route } from './router.js';
import { type Group, nosoList } from './rows.js';
import { capital, dateInProse, localIn } from './time.js';

/** What remains of closed NoSos: counts and times, and no number. The latest stands first. */
export function records(desk: Desk): RoomPart {
  const { w, store, api } = desk;
  let at: Route = { room: 'records', id: null, doing: null };
  let pane: { id: string; part: Part } | null = null;
  let fetched = false;
  const closed = new Map<string, Noso>();
  const list = nosoList(desk, 'records', () => chosen()?.id ?? null, null);
  const nothing = h('p', { class: 'nothing', role: 'status' });
  const left = h('div', { class: 'list' }, list.node, nothing);
  const right = h('div', { class: 'beside-list' });
  const node = h('div', { class: 'room' }, left, right);

  const all = () =>
    [...closed.values()]
      .filter((noso) => store.noso(noso.id)?.state === 'closed')
      .sort((a, b) => (a.startsAt < b.startsAt ? 1 : -1));
  const chosen = () => (at.id ? (closed.get(at.id) ?? null) : (all()[0] ?? null));

  function groups(): Group[] {
    const days = new Map<string, Noso[]>();
    for (const noso of all()) {
      const { date } = localIn(noso.venue.timeZone, Date.parse(noso.startsAt));
      days.set(date, [...(days.get(date) ?? []), noso]);
    }
    return [...days].map(([key, nosos]) => {
      const first = nosos[0];
      const zone = first?.venue.timeZone ?? 'UTC';
      const day = first ? dateInProse(desk, zone, Date.parse(first.startsAt)) : key;
      return { key, heading: capital(day), nosos };
    });
  }

  /** Every page of them: organizers keep tens, not thousands. */
  async function fetchAll(): Promise<void> {
    try {
      let cursor: string | undefined;
      do {
        const page = await api.nosos({ state: 'closed', ...(cursor ? { cursor } : {}) });
        for (const noso of page.nosos) {
          closed.set(noso.id, noso);
          store.put(noso);
        }
        cursor = page.next;
      } while (cursor);
      fetched = true;
      text(nothing, '');
    } catch (error) {
      text(nothing, inWords(desk, error));
    }
    update();
  }

  function update(): void {
    for (const noso of store.nosos()) if (noso.state === 'closed') closed.set(noso.id, noso);
    list.show(groups());
    if (fetched) text(nothing, all().length === 0 ? w.records.none : '');
    const noso = chosen();
    if (noso && pane?.id !== noso.id) {
      pane?.part.stop?.();
      pane = { id: noso.id, part: detail(desk, 'records', noso) };
    }
    if (!noso) {
      pane?.part.stop?.();
      pane = null;
    }
    fill(right, pane ? [pane.part.node] : []);
    set(node, 'class', at.id ? 'room chosen' : 'room');
    pane?.part.update();
    // Their peaks stand in the list: a few at a time, the latest first.
    const wanted = all().filter((n) => !store.record(n.id));
    for (const n of wanted.slice(0, 2)) void store.loadRecord(n.id).catch(() => {});
  }

  void fetchAll();
  return {
    node,
    update,
    route(route) {
      at = route;
      update();
    },
    place: () => chosen()?.venue ?? null,
    stop: () => pane?.part.stop?.(),
  };
}
