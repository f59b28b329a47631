/** The figure: the one large number of a wall, and the clearing that it keeps in the field. */
import type { Frame } from './frame.js';
import type { Type } from './typeface.js';

/** Space between groups of three digits, in em, in every language. */
export const GAP = 0.2;
/** Tracking of the figure, in em. */
export const TRACKING = -0.035;
/** Of a colon: space on either side, and how much it is raised, in em. */
export const COLON = { apart: 0.035, raised: 0.045 };
/** Sizes in U. */
export const LABEL = 6;
const LABEL_DISTANCE = 3.4;

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

/** Right and bottom edges of what the field leaves free, top left. */
export type Clearing = { right: number; bottom: number };

/**
 * The clearing of a figure of so many digits, for as long as the field is laid out for `seats`:
 * the widest count from half of them to all. `label`: of the widest that this language has, in em.
 */
export function clearingOf(
  frame: Frame,
  type: Type,
  digits: number,
  label: number,
  seats: number,
): Clearing {
  const place = placeOf(frame, type, countSize(frame, type, digits));
  const ink = widestInk(type, digits, seats);
  const width = Math.max(ink * place.size, label * place.label.size);
  return {
    right: frame.form === 'portrait' ? frame.right : frame.left + width,
    bottom: place.label.baseline + 0.2 * place.label.size,
  };
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

/** The layout without a field: everything is the figure. */
export function countOnlyPlace(frame: Frame, type: Type, digits: number): Place {
  const { unit } = frame;
  const size = Math.min(
    (frame.fieldEnd - frame.top - 13.5 * unit) / type.rise,
    (0.98 * frame.inner) / Math.max(type.digit * digits, countWidth(type, digits)),
  );
  return {
    size,
    baseline: frame.snap(frame.top + type.rise * size),
    label: { size: 7.7 * unit, baseline: frame.fieldEnd },
  };
}
