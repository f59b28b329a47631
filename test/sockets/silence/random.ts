/** Chance from a seed: the same seed, the same draws. */
export type Random = {
  /** An integer in [0, n). */
  below: (n: number) => number;
  of: <T>(items: readonly T[]) => T;
  chance: (p: number) => boolean;
  bytes: (most: number) => Buffer;
  shuffled: <T>(items: readonly T[]) => T[];
};

/** Mulberry32: small, and good enough to choose what a test does. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n: number) => Math.floor(next() * n);
  const random: Random = {
    below,
    of: (items) => items[below(items.length)] as (typeof items)[number],
    chance: (p) => next() < p,
    bytes: (most) => Buffer.from(Array.from({ length: below(most + 1) }, () => below(256))),
    shuffled(items) {
      const all = [...items];
      for (let k = all.length - 1; k > 0; k -= 1) {
        const other = below(k + 1);
        [all[k], all[other]] = [all[other] as never, all[k] as never];
      }
      return all;
    },
  };
  return random;
}
