import type { Noso } from '../../src/protocol/wire.js';
import type { Desk } from './desk.js';
import { type Detail, detail } from './detail.js';
import { fill, h, type Part, set, text } from './dom.js';
import type { Place } from './frame.js';
import { plan } from './plan.js';
import { go, hrefOf, NEW, type Route } from './router.js';
import { type Group, nosoList } from './rows.js';
import { dayHeading, localIn } from './time.js';

/** A room that follows the address, and says whose clock it goes by. */
export type RoomPart = Part & { route(route: Route): void; place(): Place | null };

const starts = (noso: Noso) => Date.parse(noso.startsAt);
const dayOf = (noso: Noso) => localIn(noso.venue.timeZone, starts(noso)).date;

/** What is open or to come, and what today brought, by the venues' own days. */
export function groupsOf(desk: Desk): Group[] {
  const { store } = desk;
  const today = (noso: Noso) => localIn(noso.venue.timeZone, store.now()).date;
  const shown = store
    .nosos()
    .filter((n) => n.state === 'open' || n.state === 'scheduled' || dayOf(n) >= today(n))
    .sort((a, b) => starts(a) - starts(b) || (a.id < b.id ? -1 : 1));
  const days = new Map<string, Noso[]>();
  for (const noso of shown) days.set(dayOf(noso), [...(days.get(dayOf(noso)) ?? []), noso]);
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, nosos]) => ({
      key: date,
      heading: dayHeading(desk, date, nosos[0] ? today(nosos[0]) : date),
      nosos,
    }));
}

/** What to show where nothing was chosen: what is open, else what comes next, else what was. */
function foremost(groups: readonly Group[]): Noso | null {
  const all = groups.flatMap((group) => group.nosos);
  const of = (state: Noso['state']) => all.find((noso) => noso.state === state);
  return of('open') ?? of('scheduled') ?? all[all.length - 1] ?? null;
}

/** The programme: what is on, beside all that can be known and done about one NoSo. */
export function programme(desk: Desk): RoomPart {
  const { w, store } = desk;
  let at: Route = { room: 'programme', id: null, doing: null };
  let pane: { key: string; part: Part; detail: Detail | null } | null = null;
  let opening: string | null = null;
  /** What the address names and nobody has: asked for once. */
  let asked: string | null = null;
  let gone = false;

  const list = nosoList(
    desk,
    'programme',
    () => chosen()?.id ?? null,
    (noso) => {
      opening = noso.id;
      go(hrefOf('programme', noso.id));
      update();
    },
  );
  const nothing = h('p', { class: 'nothing' });
  const add = h('a', { class: 'button primary', href: hrefOf('programme', NEW) }, w.plan.title);
  const left = h('div', { class: 'list' }, list.node, nothing, h('p', { class: 'add' }, add));
  const right = h('div', { class: 'beside-list' });
  const missing = h('p', { class: 'missing', role: 'status' });
  const backLink = h('a', { class: 'link', href: hrefOf('programme') }, w.back.programme);
  const lost = h('div', { class: 'pane' }, h('p', { class: 'back' }, backLink), missing);
  const node = h('div', { class: 'room' }, left, right);

  const chosen = (): Noso | null => {
    if (at.id === NEW) return null;
    return at.id ? (store.noso(at.id) ?? null) : foremost(groupsOf(desk));
  };

  async function ask(id: string): Promise<void> {
    asked = id;
    gone = false;
    try {
      store.put(await desk.api.noso(id));
    } catch {
      gone = true;
      update();
    }
  }

  /** A pane is made once for what it is about, and lives until the address or the state moves on. */
  function makePane(noso: Noso | null): typeof pane {
    const key = `${at.id === NEW ? NEW : noso?.id} ${at.doing}`;
    if (pane?.key === key) return pane;
    pane?.part.stop?.();
    if (at.id === NEW) return { key, part: plan(desk, null, null), detail: null };
    if (!noso) return null;
    if (at.doing) return { key, part: plan(desk, noso, at.doing), detail: null };
    const shown = detail(desk, 'programme', noso);
    return { key, part: shown, detail: shown };
  }

  function update(): void {
    const groups = groupsOf(desk);
    list.show(groups);
    const heard = store.link().heardAt !== null;
    text(nothing, groups.length === 0 && heard ? w.programme.nothing : '');
    const noso = chosen();
    for (const { nosos } of groups) {
      for (const n of nosos) if (n.state === 'closed') void store.loadRecord(n.id).catch(() => {});
    }
    // An address may lead to a NoSo of another day, which the live line does not bring.
    if (at.id && at.id !== NEW && !noso && asked !== at.id) void ask(at.id);
    text(missing, gone && !noso && at.id === asked ? w.problems.codes.not_found : '');
    pane = makePane(noso);
    fill(right, [pane?.part.node ?? lost]);
    set(node, 'class', at.id ? 'room chosen' : 'room');
    pane?.part.update();
    if (opening && pane?.detail && noso?.id === opening) {
      opening = null;
      pane.detail.open();
    }
  }

  return {
    node,
    update,
    route(route) {
      at = route;
      if (store.venues() === null && (at.id === NEW || at.doing)) {
        void store.loadVenues().catch(() => {});
      }
      update();
    },
    place: () => chosen()?.venue ?? null,
    stop: () => pane?.part.stop?.(),
  };
}
