/** The last veil tick at or before `now`: the server's clock cut into pieces of `veil` seconds. */
export const lastTick = (veil: number, now: number): number =>
  veil === 0 ? now : Math.floor(now / (veil * 1000)) * veil * 1000;

/** When the next tick is due, in milliseconds since the epoch. */
export const nextTick = (veil: number, now: number): number =>
  veil === 0 ? now : lastTick(veil, now) + veil * 1000;

/** Fisher and Yates; `random(n)` gives an integer in [0, n). Shuffles in place and returns it. */
export function shuffle<T>(items: T[], random: (n: number) => number): T[] {
  for (let k = items.length - 1; k > 0; k -= 1) {
    const other = random(k + 1);
    [items[k], items[other]] = [items[other] as T, items[k] as T];
  }
  return items;
}

/**
 * What a stretch of the log amounts to: who is seated that was not, who is gone that was. Net and
 * disjoint: a number that came and went in between is in neither.
 */
export function net(
  held: ReadonlySet<number>,
  entries: Iterable<{ number: number; seated: boolean }>,
): { seated: number[]; gone: number[] } {
  const last = new Map<number, boolean>();
  for (const { number, seated } of entries) last.set(number, seated);
  const seated: number[] = [];
  const gone: number[] = [];
  for (const [number, is] of last) {
    if (is && !held.has(number)) seated.push(number);
    if (!is && held.has(number)) gone.push(number);
  }
  return { seated, gone };
}
