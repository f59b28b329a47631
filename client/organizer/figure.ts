import { h, set, text } from './dom.js';

export type Figure = {
  /** Digits and what stands between them. */
  digits: string;
  /** What it says, and what goes with it. */
  first: string;
  second: string;
  /** False: hollow and amber, as on the walls. */
  live: boolean;
};

/** The one large figure of a page, with two lines at its foot. */
export function figure(): { node: HTMLElement; show(figure: Figure): void } {
  const digits = h('span', { class: 'digits' });
  const first = h('span', { class: 'first' });
  const second = h('span', { class: 'second' });
  const node = h('p', { class: 'figure' }, digits, h('span', { class: 'beside' }, first, second));
  return {
    node,
    show(f) {
      text(digits, f.digits);
      // How wide it is in digits, so that it is set smaller only where it would not fit.
      const narrow = (f.digits.match(/[\s:.,]/g) ?? []).length;
      digits.style.setProperty('--k', String(f.digits.length - narrow + narrow * 0.5));
      text(first, f.first);
      text(second, f.second);
      set(node, 'class', f.live ? 'figure' : 'figure was');
      set(node, 'hidden', f.digits === '');
    },
  };
}
