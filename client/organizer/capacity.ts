import type { Noso } from '../../src/protocol/wire.js';
import type { Act } from './confirm.js';
import type { Desk } from './desk.js';
import { fill, h, set, text } from './dom.js';
import { whole } from './numbers.js';

/** The button that becomes a field: how many seats there are, or none typed for no limit. */
export function capacityAct(
  desk: Desk,
  noso: () => Noso | undefined,
  attempt: (work: (n: Noso) => Promise<Noso | null>) => Promise<void>,
): Act {
  const { w, api, figure } = desk;
  const value = h('span', { class: 'value' });
  const button = h(
    'button',
    { class: 'button', type: 'button', onclick: press },
    w.act.capacity,
    value,
  );
  const seats = h('input', {
    type: 'text',
    inputmode: 'numeric',
    autocomplete: 'off',
    'aria-label': w.act.capacityLabel,
    placeholder: w.act.noLimit,
  });
  const fault = h('span', { class: 'fault', role: 'alert' });
  const form = h(
    'form',
    { class: 'button asking', novalidate: true, onsubmit: (event) => void send(event) },
    seats,
    h('button', { class: 'link', type: 'submit' }, w.act.set),
    h('button', { class: 'link', type: 'button', onclick: () => done() }, w.no),
  );
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') done();
  });
  const node = h('span', { class: 'act' }, button);
  let busy = false;

  function press(): void {
    const limit = noso()?.capacity ?? null;
    seats.value = limit === null ? '' : String(limit);
    text(fault, '');
    fill(node, [form, fault]);
    seats.select();
    seats.focus();
  }
  function done(): void {
    fill(node, [button]);
    button.focus();
  }
  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const typed = seats.value.trim();
    const limit = typed === '' ? null : whole(typed);
    if (typed !== '' && !limit) return text(fault, w.problems.capacityShape);
    if (busy) return;
    busy = true;
    done();
    set(button, 'aria-disabled', 'true');
    await attempt((n) => api.amend(n.id, { capacity: limit }));
    set(button, 'aria-disabled', null);
    busy = false;
  }
  function update(): void {
    const limit = noso()?.capacity ?? null;
    text(value, limit === null ? w.act.noLimit : figure(limit));
  }
  return { node, update, press };
}
