import type { Seat } from '../../src/protocol/wire.js';
import { askTruth } from './truth.js';

/** Asked when the end is due, in ms: phones do not ask in the same instant. */
export const SPREAD = 1000;

/** The end as it is known: it may have been put off since this phone last heard (L3). */
export function createEnding(
  noso: string,
  of: {
    seated: () => boolean;
    /** The seat is held still, and this is said. False where it is over all the same. */
    goesOn: (seat: Seat) => boolean;
    over: () => void;
  },
) {
  let timer = 0;
  const stop = () => clearTimeout(timer);

  async function end(): Promise<void> {
    if (!of.seated()) return;
    const found = await askTruth(noso, true);
    if (!of.seated() || (found.is === 'seated' && of.goesOn(found.seat))) return;
    of.over();
  }

  return {
    stop,
    /** It is due in `ms`. */
    wait(ms: number): void {
      stop();
      timer = window.setTimeout(end, ms + Math.random() * SPREAD);
    },
  };
}
