/**
 * Numbers are drawn at random, without replacement, from those of so many digits, none with a leading
 * zero. There are at least 20 times as many of these as were ever drawn (A3).
 */
const LEAST_DIGITS = 6;
const SPARSITY = 20;
/** With a NoSo's length there are so many times as many as were drawn until it opened. */
const ROOM = 40;

const sizeOf = (digits: number): number => 9 * 10 ** (digits - 1);

function least(digits: number, size: number): number {
  let longer = digits;
  while (sizeOf(longer) < size) longer += 1;
  return longer;
}

/**
 * How long the numbers are that a NoSo draws which opens now, and draws until its close, so that
 * nobody's tells when they came. `drawn`: how many were ever drawn.
 */
export const lengthAt = (drawn: number): number => least(LEAST_DIGITS, drawn * ROOM);

/**
 * The space from which the next number of so many digits is drawn, once `drawn` have been; a longer
 * one, should one evening have drawn half of the room that there was. `last` is included.
 */
export function space(digits: number, drawn: number): { first: number; last: number } {
  const length = least(digits, (drawn + 1) * SPARSITY);
  return { first: 10 ** (length - 1), last: 10 ** length - 1 };
}

/** How many may ever have been drawn for numbers of so many digits to be drawn still. */
export const mayBeDrawn = (digits: number): number => Math.floor(sizeOf(digits) / SPARSITY);

/** A number as people and the wire see it. */
export const spell = (number: number): string => String(number);

/** The number that `text` spells, or null. */
export function unspell(text: string): number | null {
  return /^[1-9][0-9]{3,14}$/.test(text) ? Number(text) : null;
}
