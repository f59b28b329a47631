import type { DoorCount } from '../../src/protocol/wire.js';
import { loadScript } from '../shared/loadScript.js';

/** What a line tells: the count, each second at least; that there is nothing more to tell; that it is cut. */
export type Told = { count: (count: DoorCount) => void; over: () => void; cut: () => void };
export type OpenLine = (token: string, told: Told) => void;

declare global {
  interface Window {
    nosoDoor?: OpenLine;
  }
}

/** A line that says nothing for so long is as good as none, ms. */
const MUTE = 3000;
/** When its script could not be had, in ms. */
const AGAIN = 10_000;

const load = loadScript('/assets/door/entrance.page.js', () => window.nosoDoor);

/**
 * The live count, while there is a line to hear it by. Nothing hangs on it: `live` says whether it is
 * there, and while it is not, somebody asks.
 */
export function openLine(
  token: string,
  told: { count: (count: DoorCount) => void; over: () => void },
): { live: () => boolean } {
  let heardAt = Number.NEGATIVE_INFINITY;

  async function open(): Promise<void> {
    const line = await load();
    if (!line) {
      setTimeout(open, AGAIN);
      return;
    }
    line(token, {
      count(count) {
        heardAt = performance.now();
        told.count(count);
      },
      over: told.over,
      cut() {
        heardAt = Number.NEGATIVE_INFINITY;
      },
    });
  }
  void open();
  return { live: () => performance.now() - heardAt < MUTE };
}
