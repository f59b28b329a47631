/**
 * The numbers of every space fall into so many shares, and whoever is the master draws from one. A
 * server that is promoted goes on with the next. So one that is cut off and does not know yet that it
 * was replaced, and the one in its place, never draw the same number, nor does the new one draw what
 * was drawn in the last moments and lost (A4, P2). Which share a number is in hangs on the store's id,
 * which nobody outside knows: not a digit of it says when it was drawn, nor from whom.
 */
export const SHARES = 4;

/** A prime whose square is a whole number still, here and in Lua. */
const PRIME = 67_108_859;

/**
 * Squares, twice, with three pieces of the id in between: cheap, since each candidate of each draw is
 * looked at, and nothing that is drawn tells what the pieces are.
 */
export function shareOf(store: string, number: number): number {
  const piece = (k: number) => Number.parseInt(store.slice(6 * k, 6 * k + 6), 16);
  const once = ((number + piece(0)) % PRIME) ** 2;
  const twice = ((once + piece(1)) % PRIME) ** 2;
  return ((twice + piece(2)) % PRIME) % SHARES;
}

/** The same for scripts: a function `shareOf` of a number, where `store` is the id. */
export const SHARE_OF = `
local function piece(k) return tonumber(string.sub(store, 6 * k + 1, 6 * k + 6), 16) end
local first, second, third = piece(0), piece(1), piece(2)
local function shareOf(number)
  local once = ((number + first) % ${PRIME}) ^ 2
  local twice = ((once + second) % ${PRIME}) ^ 2
  return ((twice + third) % ${PRIME}) % ${SHARES}
end
`;
