import { fill, h, set, text } from './dom.js';

export type Figure = {
  /** Digits and what stands between them: thousands are parted by a gap, whatever parts them here. */
  digits: string;
  /** What it says, and what goes with it. */
  first: string;
  second: string;
  /** False: hollow and amber, as on the walls. */
  live: boolean;
};

/** Between thousands, in digits: a gap in every language. */
const GAP = 0.35;
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
      const groups = f.digits.split(/[\s,]/);
      if (digits.textContent !== groups.join('') || digits.children.length !== groups.length) {
        fill(
          digits,
          groups.map((group) => h('span', {}, group)),
        );
      }
      // How wide it is in digits, so that it is set smaller only where it would not fit.
      const colons = f.digits.split(':').length - 1;
      const k = groups.join('').length - colons / 2 + GAP * (groups.length - 1);
      node.style.setProperty('--k', String(k));
      text(first, f.first);
      text(second, f.second);
      set(node, 'class', f.live ? 'figure' : 'figure was');
      set(node, 'hidden', f.digits === '');
      align(f);
    },
  };
}
