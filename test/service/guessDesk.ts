// A desk where codes are tried, on a clock that moves only when told to.
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { type Caller, createGuesses, type Turn } from '../../src/service/guesses.js';

/** Codes that begin with `right` lead to the NoSo that follows. */
const codes = {
  lookUp: (typed: string) => (typed.startsWith('right') ? typed.slice('right '.length) : null),
};
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Ten look-ups of an address may fail a second, and three answers say so; ms. */
export const LOOK_UP = 100;
export const ANSWER = 1000 / 3;

export function desk() {
  const clock = manualClock(1_000_000);
  const guesses = createGuesses({ clock, codes, now: clock.now });
  const lines = new Map<object, { hungUp: boolean; isGone: boolean; gone: Set<() => void> }>();
  const newState = () => ({ hungUp: false, isGone: false, gone: new Set<() => void>() });

  function caller(from: string, line: object | null = {}): Caller {
    const state = (line && lines.get(line)) ?? newState();
    if (line) lines.set(line, state);
    return {
      from,
      line,
      isGone: () => state.isGone,
      whenGone(work) {
        state.gone.add(work);
        return () => state.gone.delete(work);
      },
      hangUp() {
        state.hungUp = true;
        if (line) self.go(line);
      },
    };
  }

  const self = {
    clock,
    guesses,
    caller,
    lines,
    /** Whose code was looked up, and who was answered, in order. */
    served: [] as string[],
    answered: [] as string[],
    refused: [] as string[],
    /** A connection goes. */
    go(line: object): void {
      const state = lines.get(line);
      if (!state) return;
      state.isGone = true;
      for (const work of [...state.gone]) work();
    },
    /** Tries a code, under a name; resolves once it was answered, with whether it was at all. */
    async try(name: string, typed: string, who: Caller): Promise<boolean> {
      try {
        const turn: Turn = await guesses.turn(who, typed);
        self.served.push(name);
        const noso = codes.lookUp(typed);
        if (noso !== null) turn.right(noso);
        await turn.wrong();
        self.answered.push(name);
        return true;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        self.refused.push(`${name} ${error.why}`);
        return false;
      }
    },
    /** Wrong codes, each on a connection of its own, until the next would have to wait. */
    async slow(from: string) {
      for (let k = self.answered.length; k < 100; k += 1)
        void self.try(`wrong ${k}`, 'wrong', caller(from));
      await settled();
      assert.is(self.answered.length, 100, 'a hundred at once are as good as any');
      self.served.length = 0;
      self.answered.length = 0;
    },
    /** Moves time on, in steps of `ms`. */
    async pass(steps: number, ms = LOOK_UP) {
      for (let k = 0; k < steps; k += 1) {
        clock.advance(ms);
        await settled();
      }
    },
  };
  return self;
}
