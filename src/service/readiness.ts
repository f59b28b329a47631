import type { Clock, Stop } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import type { Engine } from '../engine/engine.js';
import type { Log } from '../log.js';
import { causeOf, type Tell } from './causes.js';
import type { Freshness, Reading } from './freshness.js';
import { NEVER } from './freshness.js';

/** How often it is tried whether somebody could be seated, in ms; the second where nobody could. */
const TRY_EVERY = 1000;
const TRY_AGAIN_EVERY = 250;
/** Ready on the strength of a try, and of a read of the catalogue, that are younger, in ms. */
const TRIED_WITHIN = 3000;
const READ_WITHIN = 5000;
/** Why nobody can be seated, where it is not the store that says so. */
const NO_CATALOGUE = 'CATALOGUE';
const OVERDUE = 'OVERDUE';

export type Readiness = {
  isReady: () => boolean;
  /** Tries now, so that a start is ready as soon as it may be. */
  look: () => Promise<void>;
  stop: Stop;
};

/**
 * Whether somebody can be seated at this node now (F8): the store takes what a seat needs, the
 * catalogue is fresh, and what was to close while nobody was here is closed. What is in the way is
 * logged, in a line whose detail begins with the cause, once a minute at most.
 */
export function watchReadiness(deps: {
  engine: Pick<Engine, 'rehearse'>;
  clock: Clock;
  freshness: Freshness;
  catalogue: { lastRead: () => Reading };
  /** Whether all that was over at the start is closed. */
  caughtUp: () => boolean;
  log: Log;
  tell: Tell;
  onError: (error: unknown) => void;
}): Readiness {
  const { engine, clock, freshness, catalogue, caughtUp, log, onError } = deps;
  const opened = freshness.note();
  let lastTry = NEVER;
  /** What the last try met. */
  let met: string | null = null;
  let trying = false;
  let triedAt = Number.NEGATIVE_INFINITY;
  let wasReady = false;
  let stopped = false;

  function inTheWay(): string | null {
    if (!freshness.within(lastTry, TRIED_WITHIN)) return met ?? 'NO_ANSWER';
    if (!freshness.within(catalogue.lastRead(), READ_WITHIN)) return NO_CATALOGUE;
    return caughtUp() ? null : OVERDUE;
  }

  async function rehearse(): Promise<void> {
    const began = freshness.note();
    trying = true;
    triedAt = clock.steady();
    try {
      await engine.rehearse();
      lastTry = began;
      met = null;
    } catch (error) {
      if (!(error instanceof Refusal)) onError(error);
      met = causeIn(error);
    } finally {
      trying = false;
    }
    tell();
  }

  function tell(): void {
    // Whoever stops seats nobody, and what a try that was under way then comes to is no news.
    if (stopped) return;
    const cause = inTheWay();
    if (cause === null && !wasReady) log.info({ event: 'ready' });
    wasReady = cause === null;
    if (cause === null || (lastTry === NEVER && met === null)) return;
    // What is read for the first time just now is no news, unless that takes too long.
    const isFirst = catalogue.lastRead() === NEVER && freshness.within(opened, READ_WITHIN);
    if (cause === NO_CATALOGUE && isFirst) return;
    const [word = '', ...means] = cause.split(': ');
    // A word that the store gave and the table does not have is told as it came.
    deps.tell(causeOf(word) ?? 'FAULT', means.length > 0 ? { detail: cause } : {});
  }

  const stopTrying = clock.every(TRY_AGAIN_EVERY, () => {
    tell();
    const due = !wasReady || clock.steady() - triedAt >= TRY_EVERY;
    if (due && !trying) rehearse().catch(onError);
  });
  return {
    isReady: () => inTheWay() === null,
    look: rehearse,
    stop() {
      stopped = true;
      stopTrying();
    },
  };
}

/** One word, the store's own or that it does not answer, and what there is to say of it. */
function causeIn(error: unknown): string {
  if (!(error instanceof Refusal)) return 'FAULT';
  const { reason, detail = '' } = error;
  return reason === 'not_writable' ? detail : `NO_ANSWER: ${detail}`;
}
