import type { Answer } from './request.js';
import type { TakenSeat } from './taking.js';
import { backOff, jitter } from './waiting.js';

/** With a finite pocket a seated phone stays connected while it can; else it lets go (P7). */
export function createHolding(of: {
  /** Whether this phone is seated, and holds on to its seat. */
  wanted: () => boolean;
  take: () => Promise<Answer<TakenSeat>>;
  taken: (seat: TakenSeat) => void;
  refused: () => void;
}) {
  let connection: (() => void) | null = null;
  let timer = 0;
  let silences = 0;

  const self = {
    letGo(): void {
      clearTimeout(timer);
      connection?.();
      connection = null;
    },
    /** The seat was taken over this connection, or over none. */
    have(letGo: (() => void) | null): void {
      connection = letGo;
      silences = 0;
    },
    dropped(): void {
      connection = null;
      void self.hold(jitter(backOff(silences++)) * 1000);
    },
    /** Connects, in `delay` ms, unless it is; again and again while nobody answers. */
    async hold(delay = 0): Promise<void> {
      clearTimeout(timer);
      if (connection || !of.wanted()) return;
      if (delay > 0) {
        timer = window.setTimeout(self.hold, delay);
        return;
      }
      const answer = await of.take();
      if (answer.is === 'done') of.taken(answer.value);
      else if (answer.is === 'refused') of.refused();
      else void self.hold(jitter(answer.retryAfter ?? backOff(silences++)) * 1000);
    },
  };
  return self;
}
