import type { DoorClick, DoorResult } from '../../src/protocol/wire.js';

/** What waits to be sent, in words: so many entries, exits, undoings. */
export type Waiting = { entries: number; exits: number; undos: number };

/** What clicks that are not answered yet come to, as far as can be told here. */
export function netOf(
  clicks: readonly DoorClick[],
  known: ReadonlyMap<string, 'in' | 'out'>,
): number {
  let net = 0;
  for (const { what, of } of clicks) {
    const undone = of === undefined ? undefined : known.get(of);
    if (what === 'in' || undone === 'out') net += 1;
    if (what === 'out' || undone === 'in') net -= 1;
  }
  return net;
}

export function waitingOf(clicks: readonly DoorClick[]): Waiting {
  const of = (what: DoorClick['what']) => clicks.filter((click) => click.what === what).length;
  return { entries: of('in'), exits: of('out'), undos: of('undo') };
}

/** An answer that is none: the same click is sent again, and is the same click (P9). */
export const isOpen = (result: DoorResult): boolean =>
  !result.ok && (result.code === 'unavailable' || result.code === 'rate_limited');

/** From this share of the seats on a door says how many are left. */
export const NEARLY = 0.95;

export type Room =
  | { is: 'open' }
  | { is: 'roomy'; capacity: number }
  | { is: 'nearly'; left: number }
  | { is: 'full'; capacity: number };

export function roomOf(count: number, capacity: number | null): Room {
  if (capacity === null) return { is: 'open' };
  if (count >= capacity) return { is: 'full', capacity };
  return count >= capacity * NEARLY
    ? { is: 'nearly', left: capacity - count }
    : { is: 'roomy', capacity };
}
