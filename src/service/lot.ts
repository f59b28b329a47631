import { randomInt } from 'node:crypto';
import { Refusal } from '../domain/errors.js';
import type { Engine } from '../engine/engine.js';

/** Numbers held at most that were drawn and are nobody's. */
const MOST = 1000;

export type Lot = ReturnType<typeof createLot>;

/**
 * Numbers for whoever has none yet. One that was drawn and turned out not to be wanted (the pass had
 * a number already, or there is no room) is told to nobody and goes to the next who needs one: so
 * asking again, and being refused, burns no numbers (P8).
 */
export function createLot(engine: Pick<Engine, 'draw'>) {
  /** By their length. */
  const spares = new Map<number, number[]>();

  async function number(spare: number[], digits: number): Promise<number> {
    const last = spare.pop();
    if (last === undefined) return (await engine.draw(1, digits))[0] as number;
    const at = randomInt(spare.length + 1);
    const chosen = spare[at] ?? last;
    if (at < spare.length) spare[at] = last;
    return chosen;
  }

  return {
    /**
     * Does `work` with a number of so many digits that is nobody's. It is used up if `work` answers with that number,
     * or if it is unknown whether it was.
     */
    async with<T extends { number: number }>(
      digits: number,
      work: (number: number) => Promise<T>,
    ): Promise<T> {
      const spare = spares.get(digits) ?? [];
      spares.set(digits, spare);
      const drawn = await number(spare, digits);
      const back = () => {
        if (spare.length < MOST) spare.push(drawn);
      };
      try {
        const answer = await work(drawn);
        if (answer.number !== drawn) back();
        return answer;
      } catch (error) {
        if (error instanceof Refusal && error.code !== 'unavailable') back();
        throw error;
      }
    },
  };
}
