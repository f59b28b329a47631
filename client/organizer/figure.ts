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

/** Two digits, to learn the pitch that a browser sets them at. */
const PROBE = '00';

/**
 * How far the ink of `digit` stands from the left of its place, in em. A canvas sees the glyph with
 * its own width; on the page it stands in the middle of the width that all digits share.
 */
function bearing(digit: string, pitch: number, size: number, family: string): number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return 0;
  context.font = `${size}px ${family}`;
  const { actualBoundingBoxLeft, width } = context.measureText(digit);
  return (-actualBoundingBoxLeft + (pitch - width) / 2) / size;
}

/** The one large figure of a page, its ink on the margin, with two lines at its foot. */
export function figure(): { node: HTMLElement; show(figure: Figure): void } {
  const probe = h('span', { class: 'digits probe', 'aria-hidden': 'true' }, PROBE);
  const digits = h('span', { class: 'digits' });
  const first = h('span', { class: 'first' });
  const second = h('span', { class: 'second' });
  const beside = h('span', { class: 'beside' }, first, second);
  const node = h('p', { class: 'figure' }, probe, digits, beside);
  let aligned = '';

  function align(f: Figure): void {
    const { fontSize, fontFamily, letterSpacing } = getComputedStyle(probe);
    const size = Number.parseFloat(fontSize);
    const leading = f.digits.charAt(0);
    const now = `${leading} ${size} ${fontFamily}`;
    if (aligned === now || probe.offsetWidth === 0) return;
    aligned = now;
    const tracking = Number.parseFloat(letterSpacing) || 0;
    const pitch = probe.getBoundingClientRect().width / PROBE.length - tracking;
    digits.style.marginLeft = `${-bearing(leading, pitch, size, fontFamily)}em`;
  }

  return {
    node,
    show(f) {
      text(digits, f.digits);
      // How wide it is in digits, so that it is set smaller only where it would not fit.
      const narrow = (f.digits.match(/[\s:.,]/g) ?? []).length;
      node.style.setProperty('--k', String(f.digits.length - narrow / 2));
      text(first, f.first);
      text(second, f.second);
      set(node, 'class', f.live ? 'figure' : 'figure was');
      set(node, 'hidden', f.digits === '');
      align(f);
    },
  };
}
