/** The field over time: when it is laid out anew, and who sits where in it. */

import { type Clearing, clearingOf } from './figure.js';
import type { Frame } from './frame.js';
import { gridOf, mustRelay, preferred } from './grid.js';
import { emptySeats, type Moves, reseat, type Seats } from './seats.js';
import type { Type } from './typeface.js';

export type Floor = {
  frame: Frame;
  /** Digits of the figure that it keeps clear of. */
  figure: number;
  clearing: Clearing;
  laidFor: number;
  longest: number;
  /** Null: so many would be too small to read, and only the count is shown. */
  seats: Seats | null;
};

export type Wanted = {
  frame: Frame;
  type: Type;
  figure: number;
  /** Width of the widest live label, in em. */
  label: number;
  numbers: ReadonlySet<string>;
};

/** `relaid`: everybody has another place; `moves` then has all of them as coming. */
export type Laid = { floor: Floor; relaid: boolean; moves: Moves };

/** Changes the seats of `floor` in place unless it lays them anew. */
export function lay(floor: Floor | null, wanted: Wanted, random: () => number): Laid {
  const { frame, figure, numbers } = wanted;
  const longest = Math.max(...[...numbers].map((number) => number.length), 0);
  const kept =
    floor !== null &&
    floor.frame === frame &&
    floor.figure === figure &&
    longest <= floor.longest &&
    !mustRelay(floor.laidFor, numbers.size);
  if (kept) {
    const { seats } = floor;
    const moves = seats ? reseat(seats, numbers, random) : { coming: [], going: new Map() };
    return { floor, relaid: false, moves };
  }
  const laidFor = preferred(numbers.size);
  const clearing = clearingOf(frame, wanted.type, figure, wanted.label, laidFor);
  const grid = gridOf(frame, wanted.type, clearing, laidFor, Math.max(1, longest));
  const seats = grid && emptySeats(grid);
  const fresh = { frame, figure, clearing, laidFor, longest, seats };
  return {
    floor: fresh,
    relaid: true,
    moves: seats ? reseat(seats, numbers, random) : { coming: [], going: new Map() },
  };
}
