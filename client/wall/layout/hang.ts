/** The large QR code with what is said under it: hung in a corner, or standing on the title. */
import { squareOf, USUAL_MODULES } from './frame.js';
import type { Rect } from './grid.js';
import { lineAt, type Marks, type TextMark } from './mark.js';
import type { Setting } from './parts.js';

/** Side of the large QR code, and the least distance that it keeps, in U. */
export const SIDE = 54;
export const AWAY = 6;
/** Between a hung QR code and the line under it; between a standing one and what is above, in U. */
const NEAR = 3.4;
export const APART = 5;
/** Size of a code under it, as a part of the QR code's side; its tracking takes up the rest. */
const CODE = 0.146;
const TIGHTEST = -0.04;
const LOOSEST = 0.06;
/** Words under it are at most so large, in U: as a title. */
const WORDS = 9;

/** What leads in: `code` is a code of the entry, to be copied sign by sign, or else words. */
export type Lead = { url: string; under: string; isCode: boolean };

export type Hung = { marks: Marks; rect: Rect };

/** Side of the large QR code of a landscape wall: it leaves the figure its place. */
export function largest({ frame }: Setting, asked = SIDE): number {
  const { unit, screen } = frame;
  const free = frame.inner - 0.455 * screen.width - AWAY * unit;
  return squareOf(Math.min(asked * unit, free), USUAL_MODULES, screen.ratio).side;
}

/** From the top margin, flush right; the line under it stands on the title's line. */
export function besideTitle(setting: Setting, lead: Lead): Hung {
  const { frame } = setting;
  const side = largest(setting);
  const baseline = frame.snap(frame.hairline - 5 * frame.unit);
  return at(setting, lead, frame.right - side, frame.top, side, baseline);
}

/**
 * In the top right corner of the field, which in portrait begins at `top`; about `asked` U. The line
 * under it stands close.
 */
export function inCorner(setting: Setting, lead: Lead, asked: number, top: number): Hung {
  const { frame, type } = setting;
  const { unit, screen } = frame;
  let side = largest(setting, asked);
  let y = frame.top;
  if (frame.form === 'portrait') {
    y = frame.snap(top);
    const free = (frame.fieldEnd - y - NEAR * unit) / (1 + CODE * type.cap);
    side = squareOf(Math.min(asked * unit, free), USUAL_MODULES, screen.ratio).side;
  }
  const x = frame.right - side;
  const { size } = under(setting, lead, x, 0, side);
  const baseline = frame.snap(y + side + NEAR * unit + type.cap * size);
  return at(setting, lead, x, y, side, baseline);
}

/** In portrait: between `above` and the title's top, flush left, as low as it can. */
export function onTitle(setting: Setting, lead: Lead, above: number, below: number): Hung {
  const { frame, type } = setting;
  const { unit, left } = frame;
  const line = CODE * type.cap;
  const free = below - above - 2 * AWAY * unit - APART * unit;
  const asked = Math.min(SIDE * unit, free / (1 + line));
  const { side } = squareOf(asked, USUAL_MODULES, frame.screen.ratio);
  const baseline = frame.snap(below - AWAY * unit);
  const y = frame.snap(baseline - line * side - APART * unit) - side;
  return at(setting, lead, left, y, side, baseline);
}

const at = (
  setting: Setting,
  lead: Lead,
  x: number,
  y: number,
  side: number,
  baseline: number,
): Hung => ({
  marks: {
    qr: { kind: 'qr', text: lead.url, x, y, side },
    ...(lead.under !== '' && { code: under(setting, lead, x, baseline, side) }),
  },
  rect: { left: x, top: y, right: x + side, bottom: baseline },
});

/** Exactly as wide as the QR code, from first ink to last; a short word is no larger than a title. */
function under(setting: Setting, lead: Lead, x: number, baseline: number, width: number): TextMark {
  const { type, frame } = setting;
  const { under: text, isCode } = lead;
  const { before, after } = type.ink(text);
  const letters = [...text].length - 1;
  const em = type.width(text) - before - after;
  const fit = (width / (CODE * width) - em) / letters;
  const tracking = isCode ? Math.min(LOOSEST, Math.max(TIGHTEST, fit)) : 0;
  const exact = width / (em + tracking * letters);
  const size = isCode ? exact : Math.min(exact, WORDS * frame.unit);
  return lineAt(type, x, { text, baseline, size, room: Infinity, tone: 'paper', tracking });
}
