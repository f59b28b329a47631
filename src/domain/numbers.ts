/**
 * Numbers are drawn at random, without replacement, from a space at least 20 times as large as
 * what was ever drawn (A3): those of `digits` digits, none with a leading zero.
 */
const LEAST_DIGITS = 4;
const SPARSITY = 20;

/** The space from which the next number is drawn, once `drawn` have been. `last` is included. */
export function space(drawn: number): { first: number; last: number } {
  let digits = LEAST_DIGITS;
  while (9 * 10 ** (digits - 1) < (drawn + 1) * SPARSITY) digits += 1;
  return { first: 10 ** (digits - 1), last: 10 ** digits - 1 };
}

/** A number as people and the wire see it. */
export const spell = (number: number): string => String(number);

/** The number that `text` spells, or null. */
export function unspell(text: string): number | null {
  return /^[1-9][0-9]{3,14}$/.test(text) ? Number(text) : null;
}
