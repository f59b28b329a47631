import { STANDS } from '../../../src/protocol/bounds.js';

/** A screen's size (inches) and how far away it is read (metres), as they are typed. */
export type Measures = { diagonal: string; distance: string };

/** A number with a comma or a point; null where nothing is typed. NaN for anything else. */
export function numberOf(typed: string): number | null {
  if (typed === '') return null;
  return /^\d{1,4}([.,]\d{1,2})?$/.test(typed) ? Number(typed.replace(',', '.')) : Number.NaN;
}

/** Whether it is nothing, or a measure that the server takes. */
export function fits(typed: string, { least, most }: { least: number; most: number }): boolean {
  const n = numberOf(typed);
  return n === null || (n >= least && n <= most);
}

export const fitDiagonal = (typed: string): boolean => fits(typed, STANDS.diagonal);
export const fitDistance = (typed: string): boolean => fits(typed, STANDS.distance);
