import { seeded } from '../engine/seeded.js';

/** Chance that a seed repeats. */
export type Chance = {
  /** A whole number, both ends included. */
  between: (least: number, most: number) => number;
  pick: <T>(items: readonly T[]) => T;
  /** True this often, of 1. */
  happens: (share: number) => boolean;
};

export function chanceOf(seed: number): Chance {
  const random = seeded(seed);
  const between = (least: number, most: number) =>
    least + Math.floor(random() * (most - least + 1));
  return {
    between,
    pick: <T>(items: readonly T[]) => items[between(0, items.length - 1)] as T,
    happens: (share) => random() < share,
  };
}
