// How much two orders have to do with each other, in standard deviations of what chance alone gives.

/** Nobody is wrongly accused more often than once in a million times and more. */
export const CHANCE = 5.5;

/** Kendall's S of one list of ranks (no two alike), and its variance where the order is by chance. */
function kendall(ranks: readonly number[]): { s: number; variance: number } {
  let s = 0;
  for (const [k, rank] of ranks.entries()) {
    for (let j = 0; j < k; j += 1) s += Math.sign(rank - (ranks[j] as number));
  }
  const n = ranks.length;
  return { s, variance: (n * (n - 1) * (2 * n + 5)) / 18 };
}

/**
 * `lists` are arrival ranks, in the order in which they were told: how far they rise, or fall, all
 * together. Lists of one tell nothing.
 */
export function rising(lists: readonly (readonly number[])[]): number {
  let s = 0;
  let variance = 0;
  for (const list of lists) {
    const one = kendall(list);
    s += one.s;
    variance += one.variance;
  }
  return variance === 0 ? 0 : s / Math.sqrt(variance);
}

/** Of pairs next to each other in a list, how many more were neighbours in arrival than by chance. */
export function neighbours(lists: readonly (readonly number[])[]): number {
  let seen = 0;
  let expected = 0;
  for (const list of lists) {
    const sorted = [...list].sort((a, b) => a - b);
    const place = new Map(sorted.map((rank, k) => [rank, k]));
    for (const [k, rank] of list.entries()) {
      const before = k > 0 && place.get(list[k - 1] as number);
      if (before === false || before === undefined) continue;
      if (Math.abs((place.get(rank) as number) - before) === 1) seen += 1;
    }
    // Each of n − 1 places holds one of the n − 1 pairs of neighbours with a chance of 2/n.
    if (list.length > 1) expected += (2 * (list.length - 1)) / list.length;
  }
  // Nearly Poisson, rare and nearly independent: of few that are expected the root tells what chance
  // gives, as of many.
  return 2 * (Math.sqrt(seen) - Math.sqrt(expected));
}

/** Whether what is `high` lies otherwise in the order than the rest (Mann, Whitney). */
export function apart(high: readonly boolean[]): number {
  const n = high.filter(Boolean).length;
  const m = high.length - n;
  const sum = high.reduce((total, is, k) => total + (is ? k + 1 : 0), 0);
  const u = sum - (n * (n + 1)) / 2;
  return (u - (n * m) / 2) / Math.sqrt((n * m * (n + m + 1)) / 12);
}
