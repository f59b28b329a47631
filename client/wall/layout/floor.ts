/** The field over time: when it is laid out anew, and who sits where in it. */
import { type Grid, gridAt, gridOf, mustRelay, preferred, type Room } from './grid.js';
import { emptySeats, type Moves, reseat, type Seats } from './seats.js';
import { isOf, type Page, pageOf } from './turning.js';
import type { Type } from './typeface.js';

export type Floor = {
  /** What its room hangs on: another key is another room. */
  key: string;
  room: Room;
  laidFor: number;
  longest: number;
  /** Null where not a single number has room. */
  seats: Seats | null;
  /** Where not all of them fit at the least size. */
  page: Page | null;
};

export type Wanted = {
  key: string;
  /** The room of a field for so many seats; `paged`: with a line that says which page it is. */
  room: (seats: number, paged: boolean) => Room;
  type: Type;
  numbers: ReadonlySet<string>;
  /** The least size of a number, in px. */
  least: number;
  /** Which page's turn it is: see `turnAt`. */
  turn: number;
};

/** `relaid`: everybody has another place; `moves` then has all of them as coming. */
export type Laid = { floor: Floor; relaid: boolean; moves: Moves };

const STILL: Moves = { coming: [], going: new Map() };

/** Changes the seats of `floor` in place unless it lays them anew. */
export function lay(floor: Floor | null, wanted: Wanted, random: () => number): Laid {
  const { numbers } = wanted;
  const longest = Math.max(...[...numbers].map((number) => number.length), 0);
  if (floor === null || floor.key !== wanted.key) return anew(wanted, longest);
  if (floor.page !== null)
    return floor.page.turn === wanted.turn
      ? { floor, relaid: false, moves: reseatPage(floor.page, floor.seats, numbers, random) }
      : anew(wanted, longest);
  if (longest > floor.longest || mustRelay(floor.laidFor, numbers.size))
    return anew(wanted, longest);
  const moves = floor.seats ? reseat(floor.seats, numbers, random) : STILL;
  return { floor, relaid: false, moves };

  function anew(wanted: Wanted, longest: number): Laid {
    const floor = fresh(wanted, longest, random);
    const coming = [...(floor.seats?.cellOf.keys() ?? [])];
    return { floor, relaid: true, moves: { coming, going: new Map() } };
  }
}

function fresh(wanted: Wanted, longest: number, random: () => number): Floor {
  const { key, type, numbers, least } = wanted;
  const laidFor = preferred(numbers.size);
  const digits = Math.max(1, longest);
  const room = wanted.room(laidFor, false);
  const grid = gridOf(room, type, laidFor, digits, least);
  if (grid) {
    const seats = emptySeats(grid);
    reseat(seats, numbers, random);
    return { key, room, laidFor, longest, seats, page: null };
  }
  const narrower = wanted.room(laidFor, true);
  const paged = gridAt(narrower, type, least, digits);
  const laid = paged && isRoomy(paged) ? pageOf(paged, numbers, laidFor, wanted.turn) : null;
  return { key, room: narrower, laidFor, longest, seats: null, page: null, ...laid };
}

const isRoomy = (grid: Grid) => emptySeats(grid).free.length > 0;

/** Who comes takes a black cell, as long as there is one; who goes leaves one. */
function reseatPage(
  page: Page,
  seats: Seats | null,
  numbers: ReadonlySet<string>,
  random: () => number,
): Moves {
  if (!seats) return STILL;
  const stay = [...seats.cellOf.keys()].filter((number) => numbers.has(number));
  const come: string[] = [];
  for (const number of numbers) {
    if (come.length === seats.free.length) break;
    if (!seats.cellOf.has(number) && isOf(page, number)) come.push(number);
  }
  return reseat(seats, new Set([...stay, ...come]), random);
}
