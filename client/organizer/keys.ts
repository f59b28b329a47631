import type { OrganizerInfo } from '../../src/protocol/wire.js';
import { act } from './confirm.js';
import { givenOnce } from './copy.js';
import type { Desk } from './desk.js';
import { fill, h, keyed, set, text } from './dom.js';
import { input } from './fields.js';
import { form } from './form.js';
import { inWords } from './problems.js';
import type { RoomPart } from './programme.js';
import { browserZone, dateInProse } from './time.js';

/** Organizers' keys, for owners: who holds one, one more, one less. */
export function keys(desk: Desk): RoomPart {
  const { w, t, api } = desk;
  const rowsNode = h('ul', { class: 'walls keys' });
  const none = h('p', { class: 'note', role: 'status' });
  const given = h('div', {});
  const label = input({
    label: w.keys.label,
    required: true,
    attributes: { maxlength: 60 },
  });
  let all: OrganizerInfo[] | null = null;

  const rows = keyed<OrganizerInfo>(
    rowsNode,
    (key) => key.id,
    (made) => {
      const name = h('span', {}, made.label);
      const at = Date.parse(made.createdAt);
      const since = t(w.keys.since, { day: dateInProse(desk, browserZone(), at) });
      const revoke = act(desk, {
        label: () => w.keys.revoke,
        question: () => w.keys.revokeQuestion,
        class: 'link',
        act: async () => {
          try {
            await api.revokeOrganizer(made.id);
          } catch (error) {
            text(none, inWords(desk, error));
          }
          await load();
        },
      });
      const node = h('li', {}, name, h('span', { class: 'said' }, since), revoke.node);
      return { node, refresh: () => revoke.update() };
    },
  );

  async function load(): Promise<void> {
    try {
      all = (await api.organizers()).organizers;
      text(none, all.length === 0 ? w.keys.none : '');
    } catch (error) {
      text(none, inWords(desk, error));
    }
    update();
  }

  const adding = form(desk, {
    class: 'form inline',
    fields: { label },
    rows: [label.node],
    button: w.keys.add,
    check: () => ({ label: label.value() ? null : w.problems.label }),
    submit: async () => {
      const called = label.value();
      const key = await api.addOrganizer(called);
      label.clear();
      const shown = givenOnce(desk, {
        title: t(w.keys.given, { label: called }),
        note: w.keys.once,
        values: [
          { label: w.link, value: key.url },
          { label: w.keys.key, value: key.token },
        ],
      });
      fill(given, [shown]);
      await load();
    },
  });

  const pane = h(
    'section',
    { class: 'pane' },
    h('h2', { class: 'title' }, w.keys.more),
    h('p', { class: 'about' }, w.keys.note),
    given,
    adding,
  );
  const right = h('div', { class: 'beside-list' }, pane);
  const left = h('div', { class: 'list' }, h('h2', { class: 'day' }, w.keys.title), rowsNode, none);
  const node = h('div', { class: 'room both' }, left, right);

  function update(): void {
    rows(all ?? []);
    set(rowsNode, 'hidden', all?.length === 0);
  }
  void load();
  return { node, update, route: () => {}, place: () => null };
}
