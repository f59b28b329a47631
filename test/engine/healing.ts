import { realClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Taken } from '../../src/domain/seating.js';
import type { Engine } from '../../src/engine/engine.js';
import { until } from '../support/wait.js';

// What tests of faults have in common.

/** Waits until `work` is not refused as unavailable; tells how long that took, in ms. */
export async function healed(work: () => Promise<unknown>, deadline = 10_000): Promise<number> {
  const start = realClock.now();
  const works = () =>
    work().then(
      () => true,
      (error: unknown) => {
        if (error instanceof Refusal && error.code === 'unavailable') return false;
        throw error;
      },
    );
  await until(works, { what: 'healing', deadline });
  return realClock.now() - start;
}

export const numbersOf = async (engine: Engine, noso: string): Promise<number[]> => {
  const { numbers } = await engine.seats(noso, engine.now() + 1000);
  return numbers.sort((a, b) => a - b);
};
export const inOrder = (taken: Taken[]): number[] =>
  taken.map((t) => t.number).sort((a, b) => a - b);
