import { useLayoutEffect, useRef } from 'preact/hooks';

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

/** Puts the ink of the leading digit on the margin. Returns what it was reckoned for. */
function align(digits: HTMLElement, probe: HTMLElement, leading: string, before: string): string {
  const { fontSize, fontFamily, letterSpacing } = getComputedStyle(probe);
  const size = Number.parseFloat(fontSize);
  const now = `${leading} ${size} ${fontFamily}`;
  if (before === now || probe.offsetWidth === 0) return before;
  const tracking = Number.parseFloat(letterSpacing) || 0;
  const pitch = probe.getBoundingClientRect().width / PROBE.length - tracking;
  digits.style.marginLeft = `${-bearing(leading, pitch, size, fontFamily)}em`;
  return now;
}

/** The one large figure of a page, its ink on the margin, with two lines at its foot. */
export function LargeFigure({ of }: { of: Figure }) {
  const probe = useRef<HTMLSpanElement>(null);
  const digits = useRef<HTMLSpanElement>(null);
  const aligned = useRef('');
  useLayoutEffect(() => {
    if (!digits.current || !probe.current) return;
    aligned.current = align(digits.current, probe.current, of.digits.charAt(0), aligned.current);
  });
  const groups = of.digits.split(/[\s,]/);
  // How wide it is in digits, so that it is set smaller only where it would not fit.
  const colons = of.digits.split(':').length - 1;
  const k = groups.join('').length - colons / 2 + GAP * (groups.length - 1);
  return (
    <p class={of.live ? 'figure' : 'figure was'} hidden={of.digits === ''} style={{ '--k': k }}>
      <span ref={probe} class="digits probe" aria-hidden="true">
        {PROBE}
      </span>
      <span ref={digits} class="digits">
        {groups.map((group, k) => (
          <span key={k}>{group}</span>
        ))}
      </span>
      <span class="beside">
        <span class="first">{of.first}</span>
        <span class="second">{of.second}</span>
      </span>
    </p>
  );
}
