/**
 * A field that cannot show everybody at once turns its pages: equal shares of the numbers, ascending,
 * down the columns, so that people find themselves within a turn.
 */
import { cellsOf, type Grid } from './grid.js';
import type { Seats } from './seats.js';

/** A page stands so long (ms). Walls turn together, since they go by the server's clock. */
export const STANDS = 12_000;
/** So much of a page is left black for those who come. */
const BLACK = 0.05;

export const turnAt = (now: number): number => Math.floor(now / STANDS);

export type Page = {
  turn: number;
  /** From 1. */
  page: number;
  pages: number;
  /** The first and the last number that it was laid with. */
  first: string;
  last: string;
  /** Numbers from `from` on and before `to` are of this page; null: without a bound. */
  from: string | null;
  to: string | null;
};

/** Ascending as numbers are: digits only, without leading zeros. */
const ascending = (a: string, b: string): number =>
  a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);

/** Whether that number is of that page. */
export const isOf = ({ from, to }: Page, number: string): boolean =>
  (from === null || ascending(number, from) >= 0) && (to === null || ascending(number, to) < 0);

/**
 * The page of that turn. `seats`: how many the field is laid out for, at least as many as there are
 * numbers. The same numbers give the same page on every wall with such a grid.
 */
export function pageOf(
  grid: Grid,
  numbers: ReadonlySet<string>,
  seats: number,
  turn: number,
): { page: Page; seats: Seats } {
  const cells = cellsOf(grid);
  const share = Math.max(1, Math.floor((1 - BLACK) * cells.length));
  const pages = Math.ceil(seats / share);
  const at = turn % pages;
  const sorted = [...numbers].sort(ascending);
  const bound = (page: number) => Math.floor((page * sorted.length) / pages);
  const shown = sorted.slice(bound(at), bound(at + 1));
  const random = chance(turn);
  const free: number[] = [];
  while (cells.length > shown.length)
    free.push(...cells.splice(Math.floor(random() * cells.length), 1));
  return {
    page: {
      turn,
      page: at + 1,
      pages,
      first: shown[0] ?? '',
      last: shown[shown.length - 1] ?? '',
      from: at === 0 ? null : (sorted[bound(at)] ?? null),
      to: sorted[bound(at + 1)] ?? null,
    },
    seats: { grid, cellOf: new Map(shown.map((number, k) => [number, cells[k] as number])), free },
  };
}

/** Numbers from 0 to 1 by chance, but the same on every wall for the same turn (mulberry32). */
function chance(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
