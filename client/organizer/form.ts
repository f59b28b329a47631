import type { Desk } from './desk.js';
import { h, set, text } from './dom.js';
import type { Field } from './fields.js';
import { fieldOf, inWords } from './problems.js';

/** What is wrong with a form before it is sent, by field. */
export type Faults = Record<string, string | null>;

/**
 * A form that says what is wrong beside the field it is wrong with, and the rest under its button.
 * `submit` sends; a `Problem` it throws is put into words here. While it is on its way the button
 * takes no second press.
 */
export function form(
  desk: Desk,
  spec: {
    fields: Record<string, Field>;
    rows: Node[];
    button: string;
    cancel?: { label: string; href: string };
    check?: () => Faults;
    submit: () => Promise<void>;
    /** Said once it has been sent, where the form stays. */
    saved?: string;
    class?: string;
  },
): HTMLFormElement {
  const trouble = h('p', { class: 'trouble', role: 'alert' });
  const button = h('button', { class: 'button primary', type: 'submit' }, spec.button);
  const cancel = spec.cancel
    ? h('a', { class: 'link', href: spec.cancel.href }, spec.cancel.label)
    : null;
  let busy = false;

  function show(faults: Faults): boolean {
    let first: Field | null = null;
    for (const [name, field] of Object.entries(spec.fields)) {
      const fault = faults[name] ?? null;
      field.fault(fault);
      if (fault && !first) first = field;
    }
    first?.focus();
    return first !== null;
  }

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    text(trouble, '');
    if (busy || show(spec.check?.() ?? {})) return;
    busy = true;
    set(button, 'aria-disabled', 'true');
    try {
      await spec.submit();
      text(trouble, spec.saved ?? '');
    } catch (error) {
      const words = inWords(desk, error);
      const name = fieldOf(error);
      if (name === null || !show({ [name]: words })) text(trouble, words);
    } finally {
      busy = false;
      set(button, 'aria-disabled', null);
    }
  }

  const node = h(
    'form',
    { class: spec.class ?? 'form', novalidate: true, onsubmit: (event) => void send(event) },
    ...spec.rows,
    h('p', { class: 'send' }, button, cancel),
    trouble,
  );
  return node;
}
