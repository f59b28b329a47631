import { type Desk, every } from './desk.js';
import { h, text } from './dom.js';

/**
 * Copies by the modern way, or by the old one: on plain HTTP, a café's network, there is no
 * clipboard for scripts. False where neither works.
 */
async function copyText(value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    const area = h('textarea', { class: 'aside', readonly: true, 'aria-hidden': 'true' });
    area.value = value;
    const before = document.activeElement;
    document.body.append(area);
    area.select();
    try {
      return document.execCommand('copy');
    } finally {
      area.remove();
      if (before instanceof HTMLElement) before.focus();
    }
  }
}

/** A quiet button that copies, and says for a moment that it has. */
export function copyButton(desk: Desk, label: string, value: () => string): { node: HTMLElement } {
  const said = h('span', { 'aria-live': 'polite' }, label);
  const button = h('button', { class: 'link', type: 'button', onclick: () => void copy() }, said);
  async function copy(): Promise<void> {
    text(said, (await copyText(value())) ? desk.w.copied : desk.w.notCopied);
    const stop = every(2_500, () => {
      stop();
      text(said, label);
    });
  }
  return { node: button };
}

/** A link or key that is shown once and never again, to be carried where it belongs. */
export function givenOnce(
  desk: Desk,
  given: { title: string; note: string; values: { label: string; value: string }[] },
): HTMLElement {
  return h(
    'section',
    { class: 'given', role: 'status' },
    h('h3', {}, given.title),
    ...given.values.map(({ label, value }) =>
      h(
        'p',
        { class: 'secret' },
        h('span', { class: 'secret-label' }, label),
        h('code', {}, value),
        copyButton(desk, desk.w.copy, () => value).node,
      ),
    ),
    h('p', { class: 'note' }, given.note),
  );
}
