/** The signs of codes: no vowels (no words, rude or otherwise) and no look-alikes. */
export const ALPHABET = '346789CDFGHJKMNPQRTVWXY';
/** A code has so many signs, a dash after each group. */
export const LENGTH = 9;
export const GROUP = 3;
/** A return code has fewer. */
export const RETURN_LENGTH = 2 * GROUP;

/** Signs as people read them: `XXX-XXX-XXX`. */
function grouped(signs: string): string {
  let text = signs.slice(0, GROUP);
  for (let k = GROUP; k < signs.length; k += GROUP) text += `-${signs.slice(k, k + GROUP)}`;
  return text;
}

/** Digits of 32 bits, of which a digest has four. */
const WORD = 2 ** 32;

/**
 * The code that a digest (at least 16 bytes) spells. The bytes are read as one large integer, so
 * that the signs are even to within 2^-80.
 */
export const codeOf = (digest: Uint8Array): string => grouped(signsOf(digest, LENGTH));

/** The first signs of what a digest spells, the lowest digit first: long division, word by word. */
function signsOf(digest: Uint8Array, count: number): string {
  const bytes = new DataView(digest.buffer, digest.byteOffset, 16);
  const words = [0, 4, 8, 12].map((at) => bytes.getUint32(at));
  let signs = '';
  for (let k = 0; k < count; k += 1) {
    let rest = 0;
    for (let n = 0; n < 4; n += 1) {
      const value = rest * WORD + (words[n] as number);
      words[n] = Math.floor(value / ALPHABET.length);
      rest = value % ALPHABET.length;
    }
    signs += ALPHABET[rest];
  }
  return signs;
}

/** A shorter one, of two groups: what a seated phone shows to another browser of the same person. */
export const returnCodeOf = (digest: Uint8Array): string => grouped(signsOf(digest, RETURN_LENGTH));

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
/** Longer than any message that somebody pastes whole; what is longer is not looked at. */
const LONGEST = 500;
/** Longer than any way to write a code by itself. */
const ALONE = 64;
/** A code in a text: nine of its signs in a row, or three groups that are set apart the same way. */
const SIGNS = `[${ALPHABET}]`;
const WITHIN = new RegExp(
  `(?:^|[^A-Z0-9])(${SIGNS}{9}|${SIGNS}{3}(?:(?:[-.·_] ?| )${SIGNS}{3}){2})(?![A-Z0-9])`,
  'g',
);
const LINK = /\/j\/([^\s/?#]+)/i;

/** So many signs of the alphabet and nothing else, however they were typed; else null. */
export function readSigns(typed: string, length: number): string | null {
  if (typed.length > ALONE) return null;
  const signs = upper(typed).replace(BETWEEN, '');
  return signs.length === length && signsIn(signs) === signs ? signs : null;
}

/** A return code as it is shown (`XXX-XXX`), however it was typed; null if it cannot be one. */
export function readReturnCode(typed: string): string | null {
  const signs = readSigns(typed, RETURN_LENGTH);
  return signs === null ? null : grouped(signs);
}

/** Dashes of every kind are dashes, spaces are spaces, and what has no width is not there. */
const plain = (text: string): string =>
  upper(text)
    .replace(/[\p{Pd}\u2212\u30fb\u30fc]/gu, '-')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Z}\s]+/gu, ' ');

/**
 * The code as it is kept (`XXX-XXX-XXX`), however it was typed, or pasted with a link or a sentence
 * around it; null if there is none, or more than one.
 */
export function readCode(typed: string): string | null {
  if (typed.length > LONGEST) return null;
  const linked = LINK.exec(typed)?.[1];
  const alone = readSigns(linked?.replace(/%20|%2d/gi, '-') ?? typed, LENGTH);
  if (alone !== null || linked !== undefined) return alone && grouped(alone);
  const text = plain(typed);
  const found = new Set<string>();
  for (const [, signs = ''] of text.matchAll(WITHIN)) found.add(grouped(signsIn(signs)));
  const [only] = found;
  return found.size === 1 && only !== undefined ? only : null;
}
