import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import { createDeadline, unavailable } from '../engine/deadline.js';
import type { Engine } from '../engine/engine.js';
import { readCode } from '../protocol/spelling.js';
import type { Codes } from './codes.js';
import { createComingBack } from './comingBack.js';
import { createDesk, type Place } from './desk.js';
import { createEntering } from './entering.js';
import type { Exchanges } from './exchanges.js';
import { type Caller, FREE, type Guesses, type Turn } from './guesses.js';
import type { Catalogue } from './mirror.js';
import type { Passes } from './passes.js';
import { badCode } from './refusals.js';
import { createReturns } from './returns.js';
import type { Tokens } from './tokens.js';

/** Participants are answered within 2 s, however much there is to ask of the store (F1), in ms. */
const ANSWERED = 1850;

export type Reception = ReturnType<typeof createReception>;

/**
 * Where participants are received: the verbs behind the HTTP API, the form without JavaScript and
 * the phone's socket, so that all three seat people by the same rules. Throws `Refusal`s.
 */
export function createReception(deps: {
  engine: Engine;
  clock: Clock;
  catalogue: Catalogue;
  codes: Codes;
  tokens: Tokens;
  passes: Passes;
  exchanges: Pick<Exchanges, 'admit'>;
  guesses: Pick<Guesses, 'turn'>;
  /** Told after a number left, so that its other connections learn it, on whatever node. */
  left: (noso: string, number: number, sitting: number | null) => void;
  /** Told how many seconds it took to seat somebody, or to refuse to. */
  tookSeat: (seconds: number) => void;
}) {
  const { engine, clock, catalogue, codes, guesses } = deps;
  const desk = createDesk(deps);
  const entering = createEntering({ ...deps, desk });
  const returns = createReturns({ engine, nosos: catalogue.nosos });
  const comingBack = createComingBack({ ...deps, desk, returns });

  const deadline = createDeadline(clock, ANSWERED, () => unavailable('it takes too long', 'late'));
  /** Or else `unavailable`: each of several steps may be in time, and all together late. */
  const inTime =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    (...args: A): Promise<T> =>
      deadline(work(...args));

  /**
   * Whatever tries a code, or a return code (null), does it in its turn: who guesses waits for one,
   * and for the answer, and is told that they do. Neither wait is part of what has to be in time.
   */
  async function inTurn<T>(
    caller: Caller,
    typed: string | null,
    work: (trying: { from: string; turn: Turn }) => Promise<T>,
  ): Promise<T> {
    if (typed !== null && readCode(typed) === null) throw badCode(typed);
    const turn = await guesses.turn(caller, typed);
    try {
      return await work({ from: caller.from, turn });
    } catch (error) {
      // What could not be found out is said at once (F1), and tells nothing of the code.
      if (!(error instanceof Refusal) || error.code === 'unavailable') throw error;
      const slowed = await turn.wrong();
      if (!slowed || error.code !== 'bad_code') throw error;
      throw new Refusal('rate_limited.guesses', undefined, 1);
    }
  }

  const exchange = inTime(entering.exchange);
  const sitByCode = inTime(entering.sitByCode);
  const enter = inTime(entering.enter);
  const comeBack = inTime(comingBack.comeBack);
  type Asking<V extends (who: never) => unknown> = Omit<Parameters<V>[0], 'from' | 'turn'> & {
    caller: Caller;
  };

  return {
    find: desk.find,
    ...entering,
    /**
     * The NoSo that a code leads to, without opening a way in; `bad_code`. `own`: one that whoever
     * asks has a pass for. Its codes, and those that it had, are nothing that they could guess.
     */
    async findByCode(code: string, caller: Caller, own: string | null): Promise<Place> {
      const place = own === null ? undefined : catalogue.noso(own);
      if (place && codes.isOf(place, code, engine.now())) return entering.findByCode(code, FREE);
      return inTurn(caller, code, ({ turn }) => entering.findByCode(code, turn));
    },
    exchange: (code: string, caller: Caller) =>
      inTurn(caller, code, (trying) => exchange(code, trying)),
    drawNumber: inTime(entering.drawNumber),
    sit: inTime(entering.sit),
    sitByCode: (who: Asking<typeof entering.sitByCode>) =>
      inTurn(who.caller, who.code, (trying) =>
        sitByCode({ from: trying.from, turn: trying.turn, ...who }),
      ),
    enter: (who: Asking<typeof entering.enter>) =>
      'pass' in who.way
        ? enter({ from: who.caller.from, turn: FREE, ...who })
        : inTurn(who.caller, who.way.code, (trying) =>
            enter({ from: trying.from, turn: trying.turn, ...who }),
          ),
    ...comingBack,
    comeBack: (who: Asking<typeof comingBack.comeBack>) =>
      inTurn(who.caller, null, (trying) => comeBack({ turn: trying.turn, ...who })),
    seat: inTime(comingBack.seat),
    leave: inTime(comingBack.leave),
  };
}
