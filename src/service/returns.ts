import { timingSafeEqual } from 'node:crypto';
import { Refusal } from '../domain/errors.js';
import type { Noso } from '../domain/noso.js';
import type { Engine } from '../engine/engine.js';
import { readReturnCode } from '../protocol/spelling.js';

/** So many tries without a pass are answered for one NoSo in a minute … */
const TRIES = 10;
/** … and whoever is refused may well try again in so many seconds. */
const RETRY = 30;

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
  engine: Pick<Engine, 'tail' | 'ration'>;
  nosos: () => Iterable<Noso>;
}) {
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
    /** Notes a try at a NoSo; `rate_limited` if there were too many, on whatever nodes. */
    async tried(noso: string): Promise<void> {
      if ((await deps.engine.ration(noso, 'tries', TRIES)) !== null) return;
      throw new Refusal('rate_limited.guesses', undefined, RETRY);
    },
  };
}
