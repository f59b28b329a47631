import type { Desk } from './desk.js';
import { fill, h, type Part, set, text } from './dom.js';

/** A second press sooner than this is the tail of a double click, not an answer. */
const BREATH = 400;

type Action = {
  label: () => string;
  /** Stands at the right end of the button: what will be so. */
  value?: () => string;
  /** What to ask before doing it; null: nothing to ask. */
  question?: () => string | null;
  /** Whether it can be asked for now. */
  offered?: () => boolean;
  act: () => Promise<void>;
  class?: string;
};

export type Act = Part & { press(): void };

/**
 * A button that asks in place before it does what cannot be undone: "Fermer maintenant" becomes
 * "Fermer pour 180 ? Oui · Non". Escape means no. While the answer is awaited it takes no other.
 */
export function act(desk: Desk, action: Action): Act {
  const { w } = desk;
  const label = h('span', {});
  const value = h('span', { class: 'value' });
  const asked = h('span', { class: 'asked', id: `ask-${serial++}` });
  const style = action.class ?? 'button';
  const button = h('button', { class: style, type: 'button', onclick: press }, label, value);
  const yes = h(
    'button',
    { class: 'link', type: 'button', 'aria-describedby': asked.id, onclick: confirm },
    w.yes,
  );
  const no = h('button', { class: 'link', type: 'button', onclick: () => disarm(true) }, w.no);
  const question = h('span', { class: `${style} asking`, role: 'group' }, asked, yes, no);
  question.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') disarm(true);
  });
  const node = h('span', { class: 'act' }, button);
  let armedAt: number | null = null;
  let busy = false;

  function press(): void {
    if (busy || armedAt !== null || action.offered?.() === false) return;
    if (!action.question?.()) return void run();
    armedAt = performance.now();
    update();
    yes.focus();
  }
  function confirm(): void {
    if (armedAt === null || performance.now() - armedAt < BREATH) return;
    disarm(false);
    void run();
  }
  function disarm(focus: boolean): void {
    armedAt = null;
    update();
    if (focus) button.focus();
  }
  async function run(): Promise<void> {
    busy = true;
    update();
    try {
      await action.act();
    } finally {
      busy = false;
      update();
    }
  }
  function update(): void {
    text(label, action.label());
    text(value, action.value?.() ?? '');
    set(button, 'aria-disabled', busy || action.offered?.() === false ? 'true' : null);
    const ask = armedAt === null ? null : action.question?.();
    // What was to be asked may have become moot (the NoSo closed by itself meanwhile).
    if (armedAt !== null && !ask) armedAt = null;
    text(asked, ask ?? '');
    fill(node, [ask ? question : button]);
  }
  update();
  return { node, update, press };
}

let serial = 0;
