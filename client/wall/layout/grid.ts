/** The field: a calm grid of numbers around the clearing, flush on all four edges. */
import type { Clearing } from './figure.js';
import type { Frame } from './frame.js';
import type { Type } from './typeface.js';

const PREFERRED = [10, 12.5, 16, 20, 25, 32, 40, 50, 63, 80];
const FEWEST = 12;

/** The preferred number at or above n: 12, 16, 20, 25 … 80, 100, 125, 160 … */
export function preferred(n: number): number {
  for (let decade = 1; ; decade *= 10)
    for (const step of PREFERRED) {
      const candidate = Math.floor(step * decade);
      if (candidate >= Math.max(n, FEWEST)) return candidate;
    }
}

/** Seats are laid out anew only when they are too few, or when half of them would do. */
export const mustRelay = (laidFor: number, n: number): boolean =>
  n > laidFor || (n < laidFor / 2 && preferred(n) < laidFor);

export type Grid = {
  /** How many numbers it was laid out for, and of how many digits. */
  seats: number;
  digits: number;
  /** Font size. */
  size: number;
  /** Of one number: width of its advances, height of its digits. */
  width: number;
  height: number;
  columns: number;
  rows: number;
  /** From one column's left edge to the next, from one row's top to the next. */
  pitchX: number;
  pitchY: number;
  /** How many columns are not free in rows above `blockedRows`. */
  blockedColumns: number;
  blockedRows: number;
};

/** Sizes are tried this densely, each so much smaller than the last. */
const STEP = 0.998;

/**
 * The largest grid with room for `seats` numbers of `digits` digits, or null where it would be
 * smaller than 6 device pixels: then a wall shows the count only.
 */
export function gridOf(
  frame: Frame,
  type: Type,
  clearing: Clearing,
  seats: number,
  digits: number,
): Grid | null {
  const smallest = 6 / frame.screen.ratio;
  for (let size = 11 * frame.unit; size >= smallest; size *= STEP) {
    const grid = gridAt(frame, type, clearing, size, digits);
    if (grid && freeCells(grid) >= seats) return { ...grid, seats };
  }
  return null;
}

export const freeCells = (grid: Grid): number =>
  grid.columns * grid.rows - grid.blockedColumns * grid.blockedRows;

function gridAt(
  frame: Frame,
  type: Type,
  clearing: Clearing,
  size: number,
  digits: number,
): Grid | null {
  const { unit, inner } = frame;
  const fieldHeight = frame.fieldEnd - frame.top;
  const loose = Math.min(1, Math.max(0, (size / unit - 1) / 2));
  const gap = (0.5 + 0.4 * loose) * size;
  const leading = 1.14 + 0.2 * loose;
  const width = digits * type.digit * size;
  const height = type.rise * size;
  const columns = 1 + Math.floor((inner - width) / (width + gap));
  const rows = 1 + Math.floor((fieldHeight - height) / (leading * size));
  if (columns < 2 || rows < 2) return null;
  const pitchX = (inner - width) / (columns - 1);
  const pitchY = (fieldHeight - height) / (rows - 1);
  const portrait = frame.form === 'portrait';
  const freeLeft = clearing.right + Math.max(3 * unit, gap) - frame.left;
  const below = Math.max(2.8 * unit, (leading - type.rise) * size) + (portrait ? unit : 0);
  const freeTop = clearing.bottom + below - frame.top;
  return {
    seats: 0,
    digits,
    size,
    width,
    height,
    columns,
    rows,
    pitchX,
    pitchY,
    blockedColumns: portrait ? columns : Math.min(columns, Math.ceil(freeLeft / pitchX)),
    blockedRows: Math.min(rows, Math.ceil(freeTop / pitchY)),
  };
}

/** The cells that are free, by their index: row × columns + column. */
export function cellsOf(grid: Grid): number[] {
  const cells: number[] = [];
  for (let row = 0; row < grid.rows; row++)
    for (let column = row < grid.blockedRows ? grid.blockedColumns : 0; column < grid.columns; )
      cells.push(row * grid.columns + column++);
  return cells;
}

/** Left edge and baseline of a number in that cell. */
export function positionOf(frame: Frame, grid: Grid, cell: number): { x: number; y: number } {
  const column = cell % grid.columns;
  const row = (cell - column) / grid.columns;
  return {
    x: frame.left + column * grid.pitchX,
    y: frame.top + row * grid.pitchY + grid.height,
  };
}
