/** What scripts of the world ask of a line: which way it runs, and where it may be broken. */

/** Letters of Hebrew, Arabic, Syriac, Thaana, N'Ko and their like; of any other script. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /\p{L}/u;
/** Scripts that put no space between words. */
const WITHOUT_SPACES =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]/u;
/** A letter with all that belongs to it, where the browser cannot tell (before Chromium 87). */
const LETTERS = /\P{M}(?:\u200d\P{M}|\p{M}|\u200d)*/gu;

/** Whether its first letter runs from right to left: what `dir="auto"` goes by. */
export function isRightToLeft(text: string): boolean {
  for (const sign of text) if (LETTER.test(sign)) return RIGHT_TO_LEFT.test(sign);
  return false;
}

type Grain = 'grapheme' | 'word';
type Segmenter = { segment: (text: string) => Iterable<{ segment: string }> };
type WithSegmenter = { Segmenter?: new (_: undefined, to: { granularity: Grain }) => Segmenter };

/** Making one takes longer than all that it is asked on a wall. */
const made = new Map<Grain, Segmenter>();

function segments(text: string, granularity: Grain): string[] | null {
  const { Segmenter } = Intl as WithSegmenter;
  if (!Segmenter) return null;
  const segmenter = made.get(granularity) ?? new Segmenter(undefined, { granularity });
  made.set(granularity, segmenter);
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** What a reader takes for single signs: none is cut in two. */
export const signs = (text: string): string[] =>
  segments(text, 'grapheme') ?? text.match(LETTERS) ?? [];

/** `apart`: a space stands before it. */
export type Piece = { text: string; apart: boolean };

/** The pieces that a line may be broken between: words, or less where a script has no spaces. */
export function pieces(text: string): Piece[] {
  const all: Piece[] = [];
  for (const word of text.split(' ').filter((word) => word !== '')) {
    const parts = WITHOUT_SPACES.test(word) ? (segments(word, 'word') ?? signs(word)) : [word];
    parts.forEach((part, at) => {
      all.push({ text: part, apart: all.length > 0 && at === 0 });
    });
  }
  return all;
}

export const joined = (taken: readonly Piece[]): string =>
  taken.map(({ text, apart }, k) => (apart && k > 0 ? ` ${text}` : text)).join('');
