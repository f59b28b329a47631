/** The first and the last instant that there is (ECMA-262, 21.4.1.1), in ms. */
const [FIRST, LAST] = [-8.64e15, 8.64e15];

/**
 * An instant (ms) as the contract says it: ISO 8601, UTC. What is out of all range is at its end,
 * and what is none is the first second of 1970: no stored date takes a page or a wall along (F9).
 */
export const iso = (ms: number): string =>
  new Date(Math.min(LAST, Math.max(FIRST, ms)) || 0).toISOString();
