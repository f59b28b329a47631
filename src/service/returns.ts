import { timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import type { Noso } from '../domain/noso.js';
import type { Engine } from '../engine/engine.js';
import { readReturnCode } from '../protocol/spelling.js';

/** So many tries without a pass are answered for one NoSo … */
const TRIES = 10;
/** … in this long. */
const WITHIN = 60_000;

/** What is said to whoever shows a number and a return code that do not belong together, or no more. */
export const notTogether = (): Refusal =>
  new Refusal('bad_code.return', 'this number and this return code are of no seat');

/** Whether what was typed is this return code; how long that takes tells nothing. */
export function sameCode(right: string, typed: string): boolean {
  const read = Buffer.from((readReturnCode(typed) ?? '').padEnd(right.length));
  return read.length === right.length && timingSafeEqual(read, Buffer.from(right));
}

/**
 * Who comes back without a pass: only where a NoSo is full, since no wall shows a code then, and so
 * seldom for each that a return code cannot be guessed.
 */
export function createReturns(deps: {
  engine: Pick<Engine, 'tail'>;
  clock: Pick<Clock, 'steady'>;
  nosos: () => Iterable<Noso>;
}) {
  const tries = new Map<string, number[]>();

  async function isFull({ id, capacity }: Noso): Promise<boolean> {
    try {
      return capacity !== null && (await deps.engine.tail(id, null)).count >= capacity;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not_open') return false;
      throw error;
    }
  }

  return {
    /** The open NoSos that are full. */
    async full(): Promise<Noso[]> {
      const open = [...deps.nosos()].filter(
        ({ life, capacity }) => life.is === 'open' && capacity !== null,
      );
      const are = await Promise.all(open.map(isFull));
      return open.filter((_, k) => are[k]);
    },
    /** Notes a try at a NoSo; `rate_limited` if there were too many. */
    tried(noso: string): void {
      const now = deps.clock.steady();
      for (const [id, times] of tries) {
        if ((times.at(-1) ?? 0) <= now - WITHIN) tries.delete(id);
      }
      const lately = (tries.get(noso) ?? []).filter((at) => at > now - WITHIN);
      tries.set(noso, lately);
      if (lately.length >= TRIES) {
        const wait = (lately[0] as number) + WITHIN - now;
        throw new Refusal('rate_limited.guesses', undefined, Math.max(1, Math.ceil(wait / 1000)));
      }
      lately.push(now);
    },
  };
}
