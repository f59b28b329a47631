import { type Finish, fade } from './fade.js';
import type { Mark, Marks, Slot, TextMark } from './layout/mark.js';
import { isRightToLeft } from './layout/writtenLine.js';
import { qrPath } from './qr.js';
import { element, layer, set, TONES } from './svg.js';

/** How long a mark that changes takes to come, and the old one to go (ms); 0 is a plain cut. */
export type Change = { come: (slot: Slot) => number; go: (slot: Slot) => number };

export type Painter = {
  /** Draws the marks that differ from what is on screen; the others are left alone. */
  paint: (marks: Marks, change: Change) => void;
};

type Drawn = { mark: Mark; key: string; node: SVGSVGElement };

/** `ratio`: device pixels in a CSS pixel. */
export function createPainter(root: HTMLElement, ratio: () => number): Painter {
  const drawn = new Map<Slot, Drawn>();
  const leaving = new Map<Slot, Finish>();

  function remove(slot: Slot, ms: number): void {
    const old = drawn.get(slot);
    if (!old) return;
    drawn.delete(slot);
    leaving.get(slot)?.();
    old.node.removeAttribute('data-slot');
    const finish = fade(old.node, 0, ms, () => old.node.remove());
    leaving.set(slot, finish);
  }

  return {
    paint(marks, change) {
      for (const slot of drawn.keys()) if (!marks[slot]) remove(slot, change.go(slot));
      for (const [slot, mark] of Object.entries(marks) as [Slot, Mark][]) {
        if (mark.kind === 'text' && mark.text === '') {
          remove(slot, change.go(slot));
          continue;
        }
        const key = JSON.stringify(mark);
        const old = drawn.get(slot);
        if (old?.key === key) continue;
        const come = change.come(slot);
        if (old && come === 0 && old.mark.kind === mark.kind) {
          draw(old.node, mark, ratio());
          drawn.set(slot, { mark, key, node: old.node });
          continue;
        }
        remove(slot, change.go(slot));
        const node = layer('', { 'data-slot': slot });
        draw(node, mark, ratio());
        root.append(node);
        drawn.set(slot, { mark, key, node });
        if (come > 0) {
          node.style.opacity = '0';
          fade(node, 1, come);
        }
      }
    },
  };
}

function draw(node: SVGSVGElement, mark: Mark, ratio: number): void {
  switch (mark.kind) {
    case 'text':
      drawText(node, mark);
      return;
    case 'bar': {
      const { x, y, width, height } = mark;
      replace(node, element('rect', { x, y, width, height, fill: TONES[mark.tone] }));
      return;
    }
    case 'qr': {
      const { x, y, side } = mark;
      replace(
        node,
        element('rect', { x, y, width: side, height: side, fill: TONES.paper }),
        element('path', { d: qrPath(mark, ratio), fill: TONES.black }),
      );
      return;
    }
  }
}

function drawText(node: SVGSVGElement, mark: TextMark): void {
  const { x, y, size, tone, outline } = mark;
  const old = node.firstElementChild;
  const line = old?.tagName === 'text' ? old : element('text', {});
  const paint = TONES[tone];
  const rtl = isRightToLeft(mark.text);
  set(node, { class: mark.tabular ? 'mark tabular' : 'mark' });
  set(line, {
    x: round(x),
    y: round(y),
    'font-size': round(size),
    'letter-spacing': `${round(mark.tracking * size)}px`,
    // From right to left a line starts at its right end.
    direction: rtl ? 'rtl' : 'ltr',
    'text-anchor': mark.end !== rtl ? 'end' : 'start',
    fill: outline ? 'none' : paint,
    stroke: outline ? paint : 'none',
    'stroke-width': round(outline),
  });
  replace(line, ...parts(mark));
  if (line !== old) replace(node, line);
}

/** The text, in parts where some of it is shifted. */
function parts({ text, shifts, size }: TextMark): (string | SVGTSpanElement)[] {
  const first = shifts[0]?.at ?? text.length;
  return [
    text.slice(0, first),
    ...shifts.map(({ at, dx, dy }, index) => {
      const span = element('tspan', { dx: round(dx * size), dy: round(dy * size) });
      span.textContent = text.slice(at, shifts[index + 1]?.at);
      return span;
    }),
  ];
}

const round = (length: number) => Math.round(length * 1000) / 1000;

function replace(node: Element, ...children: (string | Element)[]): void {
  while (node.firstChild) node.firstChild.remove();
  node.append(...children);
}
