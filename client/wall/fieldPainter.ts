import { type Finish, fade } from './fade.js';
import type { Floor, Laid } from './layout/floor.js';
import type { Frame } from './layout/frame.js';
import { positionOf, type Rect } from './layout/grid.js';
import type { Seats } from './layout/seats.js';
import { element, layer, TONES } from './svg.js';

/** Milliseconds. All that come or go at one tick do so together: a stagger would tell an order. */
const COME = 1600;
const GO = 2400;
/** Ticks may follow each other faster than fades end: so many fade at once, older ones are cut. */
const AT_ONCE = 3;

/** Smaller than this (in U) digits are drawn in paper: thin ones look darker. */
const THIN = 1.5;

export type FieldPainter = {
  /** Draws what `lay` said. A field that is laid anew fades in so long (ms); 0: all is cut. */
  show: (laid: Laid, frame: Frame, ms: number) => void;
  /** Numbers become dashes, or the other way round, in `ms`. */
  stale: (stale: boolean, ms: number) => void;
  /** The whole field goes, and is empty after that. */
  leave: (ms: number) => void;
};

/**
 * The numbers, each an SVG text. Those that come are one layer, those that go another, so a fade
 * costs the compositor one blend however many they are.
 */
export function createField(root: HTMLElement): FieldPainter {
  let sheet = newSheet(root);
  let dashes = root.appendChild(layer('dashes'));
  let isStale = false;
  /** Ends the cross-fade of the last re-laying. */
  let relaid: Finish = () => {};
  let floor: Floor | null = null;
  let frame: Frame | null = null;

  function redash(): void {
    dashes.textContent = '';
    if (isStale && frame && floor?.seats) dashes.append(dashPath(frame, floor.seats));
  }

  return {
    show(laid, on, relay) {
      floor = laid.floor;
      frame = on;
      const cut = relay === 0;
      if (laid.relaid) {
        const old = sheet;
        old.clear(floor);
        sheet = newSheet(root);
        if (isStale) sheet.node.style.opacity = '0';
        const ms = isStale ? 0 : relay;
        relaid();
        relaid = fade(old.node, 0, ms, () => old.node.remove());
        if (ms > 0) {
          sheet.node.style.opacity = '0';
          fade(sheet.node, 1, ms);
        }
      }
      if (floor.seats) sheet.update(frame, floor.seats, laid, cut || laid.relaid);
      redash();
    },
    stale(stale, ms) {
      if (stale === isStale) return;
      isStale = stale;
      if (stale) redash();
      fade(sheet.node, stale ? 0 : 1, ms);
      if (stale) dashes.style.opacity = '0';
      fade(dashes, stale ? 1 : 0, ms, () => {
        if (!isStale) redash();
      });
    },
    leave(ms) {
      if (!floor) return;
      floor = null;
      isStale = false;
      for (const node of [sheet.node, dashes]) fade(node, 0, ms, () => node.remove());
      sheet = newSheet(root);
      dashes = root.appendChild(layer('dashes'));
    },
  };
}

/** One laying of the field. */
function newSheet(root: HTMLElement) {
  const node = root.appendChild(document.createElement('div'));
  node.className = 'seated';
  const steady = node.appendChild(layer('tabular'));
  const textOf = new Map<string, SVGTextElement>();
  const fades: Finish[] = [];

  function begin(finish: Finish): void {
    fades.push(finish);
    if (fades.length > 2 * AT_ONCE) fades.shift()?.();
  }

  function go(frame: Frame, seats: Seats, { moves }: Laid, cut: boolean): void {
    if (moves.going.size === 0) return;
    const leaving = node.appendChild(styled(layer('tabular'), frame, seats));
    for (const number of moves.going.keys()) {
      const text = textOf.get(number);
      if (text) leaving.append(text);
      textOf.delete(number);
    }
    begin(fade(leaving, 0, cut ? 0 : GO, () => leaving.remove()));
  }

  function come(frame: Frame, seats: Seats, coming: string[], cut: boolean): void {
    if (coming.length === 0) return;
    const arriving = cut ? steady : node.appendChild(styled(layer('tabular'), frame, seats));
    for (const number of coming) {
      const cell = seats.cellOf.get(number);
      if (cell === undefined) continue;
      const text = element('text', positionOf(seats.grid, cell, number));
      text.textContent = number;
      textOf.set(number, text);
      arriving.append(text);
    }
    if (cut) return;
    arriving.style.opacity = '0';
    const settle = () => {
      steady.append(...arriving.childNodes);
      arriving.remove();
    };
    begin(fade(arriving, 1, COME, settle));
  }

  return {
    node,
    /** Takes away what would stand in the way of a figure that has grown. */
    clear({ room }: Floor): void {
      for (const text of textOf.values()) {
        const [x, y] = [Number(text.getAttribute('x')), Number(text.getAttribute('y'))];
        const size = Number(text.closest('svg')?.getAttribute('font-size'));
        const covered = ({ left, top, right, bottom }: Rect) =>
          x < right && x + 3 * size > left && y - size < bottom && y > top;
        if (room.clear.some(covered)) text.remove();
      }
    },
    update(frame: Frame, seats: Seats, laid: Laid, cut: boolean): void {
      styled(steady, frame, seats);
      go(frame, seats, laid, cut);
      come(frame, seats, laid.moves.coming, cut);
    },
  };
}

function styled(node: SVGSVGElement, { unit }: Frame, { grid }: Seats): SVGSVGElement {
  node.setAttribute('font-size', String(grid.size));
  node.setAttribute('fill', grid.size < THIN * unit ? TONES.paper : TONES.ash);
  return node;
}

/** Where each number was, a hairline. */
function dashPath(frame: Frame, { grid, cellOf }: Seats): SVGPathElement {
  const thickness = frame.snap(0.17 * frame.unit);
  let path = '';
  for (const [number, cell] of cellOf) {
    const { x, y } = positionOf(grid, cell, number);
    const top = frame.snap(y - (grid.height + thickness) / 2);
    const width = frame.snap(number.length * grid.digit);
    path += `M${frame.snap(x)} ${top}h${width}v${thickness}h${-width}z`;
  }
  return element('path', { d: path, fill: TONES.line });
}
