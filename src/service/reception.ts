import type { Clock } from '../clock.js';
import { unavailable, within } from '../engine/deadline.js';
import type { Engine } from '../engine/engine.js';
import type { Codes } from './codes.js';
import { createComingBack } from './comingBack.js';
import { createDesk } from './desk.js';
import { createEntering } from './entering.js';
import type { Exchanges } from './exchanges.js';
import type { Catalogue } from './mirror.js';
import type { Passes } from './passes.js';
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
  /** Told after a number left, so that its other connections learn it, on whatever node. */
  left: (noso: string, number: number, sitting: number | null) => void;
  /** Told how many seconds it took to seat somebody, or to refuse to. */
  tookSeat: (seconds: number) => void;
}) {
  const { engine, clock, catalogue } = deps;
  const desk = createDesk(deps);
  const entering = createEntering({ ...deps, desk });
  const returns = createReturns({ engine, clock, nosos: catalogue.nosos });
  const comingBack = createComingBack({ ...deps, desk, returns });

  /** Or else `unavailable`: each of several steps may be in time, and all together late. */
  const inTime =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    (...args: A): Promise<T> =>
      within(clock, ANSWERED, work(...args), () => unavailable('it takes too long', 'late'));

  return {
    find: desk.find,
    ...entering,
    exchange: inTime(entering.exchange),
    drawNumber: inTime(entering.drawNumber),
    sit: inTime(entering.sit),
    sitByCode: inTime(entering.sitByCode),
    enter: inTime(entering.enter),
    ...comingBack,
    comeBack: inTime(comingBack.comeBack),
    seat: inTime(comingBack.seat),
    leave: inTime(comingBack.leave),
  };
}
