/** The field: a calm grid of numbers around what is kept clear, flush on all four edges. */
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

export type Rect = { left: number; top: number; right: number; bottom: number };

/** Where a field has its place. */
export type Room = {
  area: Rect;
  /** Clearings: numbers keep their distance from each. */
  clear: Rect[];
  unit: number;
  /** Kept below a clearing beyond the usual distance. */
  below: number;
};

/** Cells from one column and row up to, not with, others. */
type Block = { columns: [number, number]; rows: [number, number] };

export type Grid = {
  /** Of how many digits its numbers are at most. */
  digits: number;
  /** Top left corner. */
  left: number;
  top: number;
  /** Font size. */
  size: number;
  /** Of one number: width of its advances, height of its digits. */
  width: number;
  height: number;
  /** Advance of one digit. */
  digit: number;
  columns: number;
  rows: number;
  /** From one column's left edge to the next, from one row's top to the next. */
  pitchX: number;
  pitchY: number;
  /** Cells that are not free. */
  blocks: Block[];
};

/** Numbers are at most so large, in U. */
const LARGEST = 11;
/** Sizes are tried this densely, each so much smaller than the last. */
const STEP = 0.998;
/** What a clearing keeps around itself, in U. */
export const BESIDE = 3;
export const UNDER = 2.8;

/**
 * The largest grid with room for `seats` numbers of `digits` digits, or null where it would have to
 * be smaller than `least` (px).
 */
export function gridOf(
  room: Room,
  type: Type,
  seats: number,
  digits: number,
  least: number,
): Grid | null {
  for (let size = Math.max(least, LARGEST * room.unit); ; size *= STEP) {
    const grid = gridAt(room, type, Math.max(size, least), digits);
    if (grid && freeCells(grid) >= seats) return grid;
    if (size <= least) return null;
  }
}

/** The grid of that size, however many it seats; null where not even one number fits. */
export function gridAt(room: Room, type: Type, size: number, digits: number): Grid | null {
  const { area, unit } = room;
  const [wide, high] = [area.right - area.left, area.bottom - area.top];
  const loose = Math.min(1, Math.max(0, (size / unit - 1) / 2));
  const gap = (0.5 + 0.4 * loose) * size;
  const leading = 1.14 + 0.2 * loose;
  const digit = type.digit * size;
  const width = digits * digit;
  const height = type.rise * size;
  if (wide < width || high < height) return null;
  const columns = 1 + Math.floor((wide - width) / (width + gap));
  const rows = 1 + Math.floor((high - height) / (leading * size));
  const pitchX = columns > 1 ? (wide - width) / (columns - 1) : 0;
  const pitchY = rows > 1 ? (high - height) / (rows - 1) : 0;
  const beside = Math.max(BESIDE * unit, gap);
  const under = Math.max(UNDER * unit, (leading - type.rise) * size) + room.below;
  const blocks = room.clear.map(
    ({ left, top, right, bottom }): Block => ({
      columns: met(left - beside - area.left, right + beside - area.left, pitchX, columns, width),
      rows: met(top - under - area.top, bottom + under - area.top, pitchY, rows, height),
    }),
  );
  const [left, top] = [area.left, area.top];
  return { digits, left, top, size, width, height, digit, columns, rows, pitchX, pitchY, blocks };
}

/** Which of `count` things, each so long and the next so much further, lie between two edges. */
function met(
  from: number,
  to: number,
  pitch: number,
  count: number,
  length: number,
): [number, number] {
  const [start, end] = [from - length + 1e-6, to - 1e-6];
  if (pitch === 0) return start < 0 && end > 0 ? [0, count] : [0, 0];
  const first = Math.max(0, Math.floor(start / pitch) + 1);
  return [first, Math.max(first, Math.min(count, Math.ceil(end / pitch)))];
}

const isBlocked = ({ blocks }: Grid, column: number, row: number): boolean =>
  blocks.some(
    ({ columns, rows }) =>
      column >= columns[0] && column < columns[1] && row >= rows[0] && row < rows[1],
  );

/** How many cells are free. Clearings do not lie one upon the other, but may share cells. */
export function freeCells(grid: Grid): number {
  let free = grid.columns * grid.rows;
  for (let row = 0; row < grid.rows; row++) {
    let until = 0;
    const here = grid.blocks.filter(({ rows }) => row >= rows[0] && row < rows[1]);
    here.sort((a, b) => a.columns[0] - b.columns[0]);
    for (const { columns } of here) {
      free -= Math.max(0, columns[1] - Math.max(columns[0], until));
      until = Math.max(until, columns[1]);
    }
  }
  return free;
}

/** The cells that are free, by their index, down the columns: row × columns + column. */
export function cellsOf(grid: Grid): number[] {
  const cells: number[] = [];
  for (let column = 0; column < grid.columns; column++)
    for (let row = 0; row < grid.rows; row++)
      if (!isBlocked(grid, column, row)) cells.push(row * grid.columns + column);
  return cells;
}

/**
 * Left edge and baseline of a number in that cell. A number with fewer digits stands at the right of
 * its cell, so that units stand under units.
 */
export function positionOf(grid: Grid, cell: number, number: string): { x: number; y: number } {
  const column = cell % grid.columns;
  const row = (cell - column) / grid.columns;
  return {
    x: grid.left + column * grid.pitchX + (grid.digits - number.length) * grid.digit,
    y: grid.top + row * grid.pitchY + grid.height,
  };
}
