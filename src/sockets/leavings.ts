import type { ControlMessage } from './io.js';

/** At most so many in one message. */
const MOST = 1000;

/**
 * Tells the nodes who has left, for the sake of other tabs. Whoever leaves within a turn of the event
 * loop is told of together: when a room of thousands says goodbye, that is a message for each batch
 * of theirs, not one for each of them.
 */
export function createLeavings(
  tell: (message: ControlMessage) => void,
): (noso: string, number: number, sitting: number | null) => void {
  const waiting = new Map<string, [number: number, sitting: number | null][]>();

  function send(): void {
    for (const [noso, seats] of waiting) {
      for (let k = 0; k < seats.length; k += MOST) {
        tell({ say: 'left', noso, seats: seats.slice(k, k + MOST) });
      }
    }
    waiting.clear();
  }

  return (noso, number, sitting) => {
    if (waiting.size === 0) setImmediate(send);
    const seats = waiting.get(noso);
    if (seats) seats.push([number, sitting]);
    else waiting.set(noso, [[number, sitting]]);
  };
}

/** Tells the nodes whose seats were taken back. */
export function tellTakenBack(
  tell: (message: ControlMessage) => void,
  noso: string,
  seats: readonly { number: number; sitting: number }[],
): void {
  for (let k = 0; k < seats.length; k += MOST) {
    const some = seats.slice(k, k + MOST);
    const named = some.map(({ number, sitting }): [number, number] => [number, sitting]);
    tell({ say: 'left', noso, seats: named, voided: true });
  }
}
