// What can be pressed on a page: how large it is, what it is called, and what is read on it.
import type { Page } from 'playwright-core';

export type Target = {
  /** Where it stands, for whoever looks for it. */
  what: string;
  /** CSS pixels; of what wraps, of its first line. */
  width: number;
  height: number;
  /** What assistive software says, and what is read. */
  name: string;
  read: string;
  /** What is done with it is what the page is for. */
  chief: boolean;
};

const MEASURE = `(() => {
  const seen = (node) => node.checkVisibility({ visibilityProperty: true });
  const text = (node) => (node.innerText ?? '').replace(/\\s+/g, ' ').trim();
  const labelOf = (node) => node.labels?.[0] ?? null;
  const nameOf = (node) => {
    const by = node.getAttribute('aria-labelledby');
    if (by) return by.split(' ').map((id) => text(document.getElementById(id))).join(' ');
    return node.getAttribute('aria-label') ?? (labelOf(node) ? text(labelOf(node)) : text(node));
  };
  const all = document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary');
  return [...all].filter((node) => seen(node) && node.tabIndex >= 0).map((node) => {
    // A box's label is pressed as well as the box.
    const label = /^(checkbox|radio)$/.test(node.type ?? '') ? labelOf(node) : null;
    const rects = [...node.getClientRects(), ...(label ? label.getClientRects() : [])];
    // What is laid over a link makes it larger.
    const over = getComputedStyle(node, '::after');
    const more = over.position === 'absolute' && over.content !== 'none' ? parseFloat(over.height) : 0;
    const width = Math.max(...rects.map((rect) => rect.width));
    const height = Math.max(more, ...rects.map((rect) => rect.height));
    const what = node.tagName.toLowerCase() + (node.className && typeof node.className === 'string' ? '.' + node.className.trim().replace(/\\s+/g, '.') : '') + ' ' + (text(node) || node.name || '').slice(0, 40);
    const chief = node.matches('button, summary, .button, .link, input, select, textarea, [href*="/return"]');
    return { what, width, height, name: nameOf(node), read: text(node), chief };
  });
})()`;

export const targetsOf = (page: Page): Promise<Target[]> => page.evaluate<Target[]>(MEASURE);
