import type { Noso } from '../../src/protocol/wire.js';
import { hourInColumn } from '../../src/service/words.js';
import { Problem } from './api.js';
import { capacityAct } from './capacity.js';
import { type Act, act } from './confirm.js';
import { csvLink } from './csv.js';
import type { Desk } from './desk.js';
import { fill, h, type Part, set, text } from './dom.js';
import { inWords } from './problems.js';
import { go, hrefOf, type Room } from './router.js';
import { lengthInWords } from './time.js';

const MINUTE = 60_000;
const MORE = 15 * MINUTE;
const LONGEST = 24 * 60 * MINUTE;
/** Opening this much early needs no question. */
const EARLY = 5 * MINUTE;

export type Actions = Part & { open(): void };

/** What may be done with a NoSo in its present state. What cannot be undone is asked about. */
export function actions(desk: Desk, room: Room, noso: () => Noso | undefined): Actions {
  const { w, t, store, api, figure } = desk;
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const list = h('div', { class: 'acts' });
  const node = h('div', {}, list, trouble);

  const of = <T>(read: (n: Noso) => T, otherwise: T): T => {
    const it = noso();
    return it ? read(it) : otherwise;
  };
  const hour = (at: number) => of((n) => hourInColumn(n.venue.timeZone, at), '');
  const ends = () => of((n) => Date.parse(n.endsAt), 0);
  const starts = () => of((n) => Date.parse(n.startsAt), 0);

  /** Carries one out; what comes of it is put where it is shown, or said. */
  async function attempt(work: (n: Noso) => Promise<Noso | null>): Promise<void> {
    const it = noso();
    if (!it) return;
    text(trouble, '');
    try {
      const changed = await work(it);
      if (changed) store.put(changed);
    } catch (error) {
      text(trouble, inWords(desk, error));
      // What came of it is unknown, or the NoSo has moved on: look how it stands.
      if (error instanceof Problem && error.noso) store.put(error.noso);
    }
  }

  const opening = act(desk, {
    label: () => w.act.open,
    value: () => hour(store.now()),
    question: () => {
      const early = starts() - store.now();
      return early > EARLY ? t(w.act.openEarly, { length: lengthInWords(desk, early) }) : null;
    },
    act: () => attempt((n) => api.open(n.id)),
  });
  const extend = act(desk, {
    label: () => w.act.extend,
    value: () => hour(ends() + MORE),
    offered: () => ends() + MORE - starts() <= LONGEST,
    act: () => attempt((n) => api.amend(n.id, { endsAt: new Date(ends() + MORE).toISOString() })),
  });
  const capacity = capacityAct(desk, noso, attempt);
  const close = act(desk, {
    label: () => w.act.close,
    value: () => hour(store.now()),
    question: () =>
      of((n) => {
        const known = store.countLink(n.id).live && n.count !== null;
        return known
          ? t(w.act.closeFor, { n: n.count ?? 0, figure: figure(n.count ?? 0) })
          : w.act.closeBlind;
      }, null),
    act: () => attempt((n) => api.close(n.id)),
  });
  const cancel = act(desk, {
    label: () => w.act.cancel,
    question: () => w.act.cancelQuestion,
    act: () => attempt((n) => api.cancel(n.id)),
  });
  const forget = act(desk, {
    label: () => w.act.delete,
    question: () =>
      of((n) => (n.state === 'closed' ? w.act.deleteRecord : w.act.deleteQuestion), null),
    class: 'link',
    act: () =>
      attempt(async (n) => {
        await api.forget(n.id);
        store.forget(n.id);
        go(hrefOf(room), true);
        return null;
      }),
  });
  const another = h('a', { class: 'link' }, w.act.again);
  const again: Act = {
    node: h('span', { class: 'act' }, another),
    update: () => set(another, 'href', hrefOf('programme', noso()?.id, 'again')),
    press: () => another.click(),
  };

  const csv = csvLink(desk, noso);
  const download: Act = {
    node: h('span', { class: 'act' }, csv.node),
    update: csv.update,
    press: () => csv.node.click(),
  };
  const byState: Record<Noso['state'], Act[]> = {
    scheduled: [opening, cancel, again, forget],
    open: [extend, capacity, close],
    closed: [download, again, forget],
    cancelled: [again, forget],
  };

  function update(): void {
    const it = noso();
    const offered = it ? byState[it.state] : [];
    fill(
      list,
      offered.map((each) => each.node),
    );
    for (const each of offered) each.update();
  }
  return { node, update, open: () => opening.press() };
}
