import { ALPHABET, readSigns } from './spelling.js';

/** Signs of the code that a screen shows to be paired; the last is a check. */
const LENGTH = 6;

/**
 * The check of the signs before it: weighed by their places, modulo the size of the alphabet, which
 * is prime. One wrong sign, or two neighbours that changed places, never check.
 */
function check(values: readonly number[]): number {
  const sum = values.reduce((all, value, at) => all + (at + 2) * value, 0);
  return sum % ALPHABET.length;
}

const spell = (values: readonly number[]): string => {
  const signs = values.map((value) => ALPHABET[value]).join('');
  return `${signs.slice(0, 3)}-${signs.slice(3)}`;
};

/** A code `XXX-XXX`. `random`: a value from 0 up to, not with, the size of the alphabet. */
export function screenCode(random: () => number): string {
  const values = Array.from({ length: LENGTH - 1 }, random);
  return spell([...values, check(values)]);
}

/** The code as it is kept, however it was typed; null if it is none, or mistyped. */
export function readScreenCode(typed: string): string | null {
  const signs = readSigns(typed, LENGTH);
  if (signs === null) return null;
  const values = [...signs].map((sign) => ALPHABET.indexOf(sign));
  return check(values.slice(0, -1)) === values[LENGTH - 1] ? spell(values) : null;
}
