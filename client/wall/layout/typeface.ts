import { joined, pieces, signs } from './writtenLine.js';

/**
 * What a wall knows of its typeface, in em. It is measured on the screen that shows it, never
 * assumed: every system brings another one.
 */
export type Type = {
  /** Advance of a tabular digit: a. */
  digit: number;
  /** Advance of a colon between tabular digits. */
  colon: number;
  /** Height of a flat capital: c. */
  cap: number;
  /** Height of the tallest digit: round ones rise above the capitals. */
  rise: number;
  /** Sum of advances of a text, without tracking, digits as in prose. */
  width: (text: string) => number;
  /** How far a text's ink reaches below the baseline: a J does in some faces, a Q in most. */
  depth: (text: string) => number;
  /** From the origin to the first ink, and from the last ink to the end of the advance. */
  ink: (text: string) => { before: number; after: number };
  /** The same for a tabular digit, or for another glyph that begins a figure. */
  figureInk: (glyph: string) => { before: number; after: number };
};

/** Width of a tracked text, in em, without the tracking after its last letter. */
export const tracked = (type: Type, text: string, tracking: number): number =>
  type.width(text) + tracking * ([...text].length - 1);

/** The text, or as much of it as fits `most` em, closed by an ellipsis. */
export function clipped(type: Type, text: string, most: number): string {
  if (type.width(text) <= most) return text;
  const letters = signs(text);
  while (letters.length > 1 && type.width(`${letters.join('').trimEnd()}…`) > most) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** The text in at most `lines` lines of `most` em each; the last one is clipped. */
export function wrapped(type: Type, text: string, most: number, lines: number): string[] {
  const done: string[] = [];
  let left = pieces(text);
  while (left.length > 0 && done.length < lines - 1) {
    let taken = 1;
    while (taken < left.length && type.width(joined(left.slice(0, taken + 1))) <= most) taken++;
    done.push(clipped(type, joined(left.slice(0, taken)), most));
    left = left.slice(taken);
  }
  if (left.length > 0) done.push(clipped(type, joined(left), most));
  return done;
}

/** Whether all of the text is in those lines. */
export function isWhole(lines: readonly string[], text: string): boolean {
  const bare = (some: string) => some.replace(/ /g, '');
  return bare(lines.join('')) === bare(text);
}
