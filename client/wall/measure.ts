import type { Type } from './layout/typeface.js';
import { isRightToLeft, signs } from './layout/writtenLine.js';

const SVG = 'http://www.w3.org/2000/svg';
/** Advances are read at this size, since a canvas may round them to whole pixels. */
const LARGE = 1000;
/** Ink is looked for at this size, and found to a part of a pixel. */
const SCAN = 160;
const MARGIN = 40;

type Ink = { left: number; right: number; top: number; bottom: number };

/** Measures the typeface that the page is set in. `family`: as in CSS. */
export function measure(family: string): Type {
  const ruler = context(1, 1);
  ruler.font = `400 ${LARGE}px ${family}`;
  const scanner = context(1.5 * SCAN + 2 * MARGIN, 1.3 * SCAN + MARGIN);
  const widths = new Map<string, number>();
  const inks = new Map<string, Ink>();

  const width = (text: string) =>
    remembered(widths, text, () => ruler.measureText(text).width / LARGE);
  const inkOf = (glyph: string) => remembered(inks, glyph, () => scan(scanner, family, glyph));

  const digit = advance(family, '0000000000') / 10;
  return {
    digit,
    colon: advance(family, '0:00') - 3 * digit,
    cap: inkOf('H').top,
    rise: Math.max(inkOf('0').top, inkOf('8').top),
    width,
    depth: (text) => Math.max(0, ...signs(text).map((sign) => inkOf(sign).bottom)),
    ink(text) {
      const letters = signs(text);
      const ends = [letters[0], letters[letters.length - 1]];
      const [first, last] = isRightToLeft(text) ? ends.reverse() : ends;
      if (first === undefined || last === undefined) return { before: 0, after: 0 };
      return { before: inkOf(first).left, after: width(last) - inkOf(last).right };
    },
    // A tabular digit is the same glyph in the middle of a common advance.
    figureInk(glyph) {
      const { left, right } = inkOf(glyph);
      const aside = /\d/.test(glyph) ? (digit - width(glyph)) / 2 : 0;
      return { before: left + aside, after: width(glyph) - right + aside };
    },
  };
}

function remembered<T>(known: Map<string, T>, key: string, find: () => T): T {
  const old = known.get(key);
  if (old !== undefined) return old;
  if (known.size > 2000) known.clear();
  const found = find();
  known.set(key, found);
  return found;
}

function context(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  if (!drawing) throw new Error('wall: no canvas to measure with');
  return drawing;
}

/** Advance of a text with tabular digits, in em: a canvas cannot set those, an SVG can. */
function advance(family: string, text: string): number {
  const svg = document.createElementNS(SVG, 'svg');
  const node = document.createElementNS(SVG, 'text');
  svg.setAttribute('class', 'mark tabular');
  svg.setAttribute('visibility', 'hidden');
  node.setAttribute('font-family', family);
  node.setAttribute('font-size', String(SCAN));
  node.textContent = text;
  svg.append(node);
  document.body.append(svg);
  const length = node.getComputedTextLength() / SCAN;
  svg.remove();
  return length;
}

/** Where a glyph's ink is, in em from its origin and baseline. */
function scan(drawing: CanvasRenderingContext2D, family: string, glyph: string): Ink {
  const { width, height } = drawing.canvas;
  const baseline = 0.95 * SCAN + MARGIN;
  drawing.clearRect(0, 0, width, height);
  drawing.font = `400 ${SCAN}px ${family}`;
  drawing.fillText(glyph, MARGIN, baseline);
  const { data } = drawing.getImageData(0, 0, width, height);
  const columns = new Uint8Array(width);
  const rows = new Uint8Array(height);
  for (let y = 0, at = 3; y < height; y++)
    for (let x = 0; x < width; x++, at += 4) {
      const alpha = data[at] ?? 0;
      if (alpha > (columns[x] ?? 0)) columns[x] = alpha;
      if (alpha > (rows[y] ?? 0)) rows[y] = alpha;
    }
  // An edge pixel covered by a third begins a third of a pixel later.
  const first = (line: Uint8Array) => {
    const at = line.findIndex((alpha) => alpha > 8);
    return at < 0 ? null : at + 1 - (line[at] ?? 0) / 255;
  };
  const left = first(columns);
  const top = first(rows);
  const right = first(columns.slice().reverse());
  const bottom = first(rows.slice().reverse());
  if (left === null || top === null || right === null || bottom === null)
    return { left: 0, right: 0, top: 0, bottom: 0 };
  return {
    left: (left - MARGIN) / SCAN,
    right: (width - right - MARGIN) / SCAN,
    top: (baseline - top) / SCAN,
    bottom: (height - bottom - baseline) / SCAN,
  };
}
