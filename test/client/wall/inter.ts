import type { Type } from '../../../client/wall/layout/typeface.js';

/** First and last ink of the ten digits, in em, tabular: Inter's, about. */
const INK: Record<string, [number, number]> = {
  0: [0.071, 0.071],
  1: [0.152, 0.226],
  2: [0.097, 0.093],
  3: [0.08, 0.09],
  4: [0.058, 0.064],
  5: [0.097, 0.09],
  6: [0.075, 0.077],
  7: [0.087, 0.096],
  8: [0.075, 0.075],
  9: [0.075, 0.077],
};

/** A typeface like Inter, or as wide as `digit` says, and `deep` below the baseline. Letters are all of one width here. */
export function typeface({ digit = 0.6477, rise = 0.7374, deep = 0 } = {}): Type {
  return {
    digit,
    rise,
    colon: 0.2756,
    cap: rise - 0.01,
    width: (text) => 0.52 * [...text].length,
    depth: () => deep,
    ink: () => ({ before: 0.07, after: 0.06 }),
    figureInk(glyph) {
      const [before, after] = INK[glyph] ?? [0, 0];
      return { before, after };
    },
  };
}
