/** The figure: the one large number of a wall, and the clearing that it keeps in the field. */
import type { Frame } from './frame.js';
import type { Rect } from './grid.js';
import type { Type } from './typeface.js';

/** Space between groups of three digits, in em, in every language. */
export const GAP = 0.2;
/** Tracking of the figure, in em. */
export const TRACKING = -0.035;
/** Of a colon: space on either side, and how much it is raised, in em. */
export const COLON = { apart: 0.035, raised: 0.045 };
/** Sizes in U. */
export const LABEL = 6;
export const LABEL_DISTANCE = 3.4;
const PAGE = 3.6;
const PAGE_DISTANCE = 4.8;
/** Of the label where the count is all. */
const ALONE = 7.7;
/** Distance to a code that hangs beside. */
const AWAY = 6;

export const digitsOf = (count: number): number => String(count).length;
export const gapsOf = (digits: number): number => Math.floor((digits - 1) / 3);

/**
 * How many digits the figure is sized for: a digit more at once, a digit fewer only below 90 % of
 * where it was added (99 ↔ 100 must not flap).
 */
export function digitsHeld(held: number | null, count: number): number {
  const now = digitsOf(count);
  if (held === null || now >= held) return now;
  return count < 0.9 * 10 ** (held - 1) ? now : held;
}

/** Width of a count of so many digits, in em of the figure. */
const countWidth = (type: Type, digits: number) =>
  (type.digit + TRACKING) * digits + GAP * gapsOf(digits);

/** Width of "4:18", "1:04:18" or "13:30", in em of the figure. */
export function clockWidth(type: Type, text: string): number {
  const colons = text.split(':').length - 1;
  return (
    (type.digit + TRACKING) * (text.length - colons) +
    (type.colon + TRACKING + 2 * COLON.apart) * colons
  );
}

/** Font size of something so wide (em), in the corner that is the figure's. */
export function sizeFor(frame: Frame, width: number): number {
  const { unit, screen } = frame;
  return frame.form === 'portrait'
    ? Math.min(66 * unit, (0.86 * screen.width) / width)
    : Math.min(50 * unit, (0.455 * screen.width) / width);
}

export const countSize = (frame: Frame, type: Type, digits: number): number =>
  sizeFor(frame, countWidth(type, digits));

export type Place = {
  size: number;
  baseline: number;
  label: { size: number; baseline: number };
};

/** Where a figure of that size stands, and its label. */
export function placeOf(frame: Frame, type: Type, size: number): Place {
  const baseline = frame.snap(frame.top + type.rise * size);
  const label = LABEL * frame.unit;
  return {
    size,
    baseline,
    label: {
      size: label,
      baseline: frame.snap(baseline + LABEL_DISTANCE * frame.unit + type.cap * label),
    },
  };
}

/**
 * What the field leaves clear for a figure of so many digits, for as long as it is laid out for
 * `seats`: the widest count from half of them to all. `label`: of the widest that this language has,
 * in em. `page`: width of a line under it that says which page this is, in em; 0: without one.
 */
export function clearingOf(
  frame: Frame,
  type: Type,
  digits: number,
  label: number,
  seats: number,
  page: number,
): Rect {
  const place = placeOf(frame, type, countSize(frame, type, digits));
  const ink = widestInk(type, digits, seats);
  const line = pageLine(frame, type, place);
  const width = Math.max(ink * place.size, label * place.label.size, page * line.size);
  const last = page > 0 ? line : place.label;
  return {
    left: frame.left,
    top: frame.top,
    right: frame.form === 'portrait' ? frame.right : frame.left + width,
    bottom: last.baseline + 0.2 * last.size,
  };
}

/** The line under the label that says which page this is. */
export function pageLine(frame: Frame, type: Type, place: Place): Place['label'] {
  const size = PAGE * frame.unit;
  const baseline = place.label.baseline + PAGE_DISTANCE * frame.unit + type.cap * size;
  return { size, baseline: frame.snap(baseline) };
}

/** From first ink to last, in em, of the widest count of so many digits from seats/2 to seats. */
function widestInk(type: Type, digits: number, seats: number): number {
  const unit = 10 ** (digits - 1);
  const least = Math.max(unit, Math.ceil(seats / 2));
  const most = Math.max(least, Math.min(10 * unit - 1, seats));
  const all = [...'0123456789'];
  const leading = all.slice(Math.floor(least / unit), Math.floor(most / unit) + 1);
  const before = Math.min(...leading.map((digit) => type.figureInk(digit).before));
  const after = Math.min(...all.map((digit) => type.figureInk(digit).after));
  return countWidth(type, digits) - TRACKING - before - after;
}

/**
 * The layout without a field: everything is the figure, but what `hung` takes in a corner. In
 * portrait the label stays with its figure.
 */
export function countOnlyPlace(frame: Frame, type: Type, digits: number, hung: Rect | null): Place {
  const { unit } = frame;
  const label = ALONE * unit;
  const wide = Math.max(type.digit * digits, countWidth(type, digits));
  if (frame.form === 'portrait') {
    const size = Math.min(66 * unit, (0.98 * frame.inner) / wide);
    const baseline = frame.snap(frame.top + type.rise * size);
    const under = baseline + (LABEL_DISTANCE + 1) * unit + type.cap * label;
    return { size, baseline, label: { size: label, baseline: frame.snap(under) } };
  }
  const room = hung ? hung.left - AWAY * unit - frame.left : frame.inner;
  const size = Math.min(
    (frame.fieldEnd - frame.top - 13.5 * unit) / type.rise,
    (0.98 * room) / wide,
  );
  return {
    size,
    baseline: frame.snap(frame.top + type.rise * size),
    label: { size: label, baseline: frame.fieldEnd },
  };
}
