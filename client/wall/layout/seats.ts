/** Who sits in which cell of the field. A number keeps its cell until it goes. */
import { cellsOf, type Grid } from './grid.js';

export type Seats = { grid: Grid; cellOf: Map<string, number>; free: number[] };
export type Moves = { coming: string[]; going: Map<string, number> };

/** An empty field. */
export const emptySeats = (grid: Grid): Seats => ({
  grid,
  cellOf: new Map(),
  free: cellsOf(grid),
});

/**
 * Seats exactly `numbers`: those who come get a random free cell, whatever their order; the cells
 * of those who go are given away last, since they are still fading. `random`: 0 ≤ random() < 1.
 * Changes `seats`, and says what changed. There must be room.
 */
export function reseat(seats: Seats, numbers: ReadonlySet<string>, random: () => number): Moves {
  const { cellOf } = seats;
  const going = new Map([...cellOf].filter(([number]) => !numbers.has(number)));
  for (const number of going.keys()) cellOf.delete(number);
  const freed = [...going.values()];
  const coming = [...numbers].filter((number) => !cellOf.has(number));
  for (const number of coming) {
    const cell = takeOne(seats.free.length > 0 ? seats.free : freed, random);
    cellOf.set(number, cell);
  }
  seats.free.push(...freed);
  return { coming, going };
}

/** Takes any one of them, all as likely. */
function takeOne(cells: number[], random: () => number): number {
  const at = Math.floor(random() * cells.length);
  const cell = cells[at];
  const last = cells.pop();
  if (cell === undefined || last === undefined) throw new RangeError('more numbers than cells');
  if (at < cells.length) cells[at] = last;
  return cell;
}
