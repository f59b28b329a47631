/** The signs of codes: no vowels (no words, rude or otherwise) and no look-alikes. */
export const ALPHABET = '346789CDFGHJKMNPQRTVWXY';
/** A code has so many signs, a dash after each group. */
export const LENGTH = 9;
export const GROUP = 3;

/** Signs as people read them: `XXX-XXX-XXX`. */
const grouped = (signs: string): string =>
  Array.from({ length: Math.ceil(signs.length / GROUP) }, (_, k) =>
    signs.slice(k * GROUP, (k + 1) * GROUP),
  ).join('-');

/**
 * The code that a digest (at least 16 bytes) spells. The bytes are read as one large integer, so
 * that the signs are even to within 2^-80.
 */
export function codeOf(digest: Uint8Array): string {
  let value = 0n;
  for (const byte of digest.subarray(0, 16)) value = (value << 8n) | BigInt(byte);
  let signs = '';
  for (let k = 0; k < LENGTH; k += 1) {
    signs += ALPHABET[Number(value % BigInt(ALPHABET.length))];
    value /= BigInt(ALPHABET.length);
  }
  return grouped(signs);
}

/** A shorter one, of two groups: what a seated phone shows to another browser of the same person. */
export const returnCodeOf = (digest: Uint8Array): string => codeOf(digest).slice(0, 2 * GROUP + 1);

/** Letters and digits as wide as a Japanese sign are letters and digits. */
const upper = (typed: string): string => typed.normalize('NFKC').toUpperCase();

/** The signs in what somebody typed, whatever else they typed with them. */
export function signsIn(typed: string): string {
  let signs = '';
  for (const sign of upper(typed)) if (ALPHABET.includes(sign)) signs += sign;
  return signs;
}

/** What people, keyboards and messengers set between signs: dashes, spaces, full stops. */
const BETWEEN = /[\p{Pd}\p{Z}\s\p{Cf}\u2212\u30fb\u30fc.·•。_]/gu;
/** Longer than any way to write a code; what is longer is not looked at. */
const LONGEST = 64;

/** The code as it is kept (`XXX-XXX-XXX`), however it was typed; null if it cannot be one. */
export function readCode(typed: string): string | null {
  const signs = readSigns(typed, LENGTH);
  return signs === null ? null : grouped(signs);
}

/** So many signs of the alphabet, however they were typed; null if that is not what was typed. */
export function readSigns(typed: string, length: number): string | null {
  if (typed.length > LONGEST) return null;
  const signs = upper(typed).replace(BETWEEN, '');
  return signs.length === length && signsIn(signs) === signs ? signs : null;
}

/** A return code as it is shown (`XXX-XXX`), however it was typed; null if it cannot be one. */
export function readReturnCode(typed: string): string | null {
  if (typed.length > LONGEST) return null;
  const signs = upper(typed).replace(BETWEEN, '');
  return signs.length === 2 * GROUP && signsIn(signs) === signs ? grouped(signs) : null;
}
