/** Who sits in which cell of the field. A number keeps its cell until it goes. */
import { cellsOf, type Grid } from './field.js';

export type Seats = { grid: Grid; cellOf: Map<string, number>; free: number[] };
export type Moves = { coming: string[]; going: Map<string, number> };

/** An empty field. */
export const emptySeats = (grid: Grid): Seats => ({
  grid,
  cellOf: new Map(),
  free: cellsOf(grid),
});

/**
 * Seats exactly `numbers`: those who go free their cells first, those who come get a random free
 * one, whatever their order. `random`: 0 ≤ random() < 1. Changes `seats`, and says what changed.
 * There must be room.
 */
export function reseat(seats: Seats, numbers: ReadonlySet<string>, random: () => number): Moves {
  const { cellOf, free } = seats;
  const going = new Map([...cellOf].filter(([number]) => !numbers.has(number)));
  for (const [number, cell] of going) {
    cellOf.delete(number);
    free.push(cell);
  }
  const coming = [...numbers].filter((number) => !cellOf.has(number));
  for (const number of coming) {
    const at = Math.floor(random() * free.length);
    const cell = free[at];
    const last = free.pop();
    if (cell === undefined || last === undefined) throw new RangeError('more numbers than cells');
    if (at < free.length) free[at] = last;
    cellOf.set(number, cell);
  }
  return { coming, going };
}
