import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Engine } from '../engine/engine.js';
import { FOREVER } from './secretMark.js';

/** How long until a store that did not answer is asked again, in ms. */
const AGAIN = 1000;
/** Where the id is written. */
const ID = 'installation';

/** The id that a store has, or null. */
export const readInstallation = (engine: Pick<Engine, 'holder'>): Promise<string | null> =>
  engine.holder(ID);

/** Gives a store the id of what it is a copy of. False where it has another. */
export const noteInstallation = async (
  engine: Pick<Engine, 'reserve'>,
  id: string,
): Promise<boolean> => (await engine.reserve(ID, id, FOREVER)) === id;

/** Among the rows of the embedded engine's file that reservations stand in (spent.ts). */
export const installationIn = (rows: readonly [id: string, until: number][]): string | null =>
  rows.find(([id]) => id.startsWith(`${ID}\n`))?.[0].slice(ID.length + 1) ?? null;

/**
 * The id of this installation: drawn once by whichever node asks first, stored, and the same for all
 * that share the store. It tells nothing of anybody; cookies' names bear it.
 */
export function createInstallation(deps: {
  engine: Pick<Engine, 'reserve'>;
  clock: Pick<Clock, 'after'>;
}) {
  let id: string | null = null;
  let stop: (() => void) | null = null;
  let ended = false;

  const self = {
    /** Null until the store has told it. */
    id: (): string | null => id,
    /** Asks the store, again and again if it must be; resolves after the first answer or failure. */
    async look(): Promise<void> {
      try {
        id = await deps.engine.reserve(ID, randomBytes(6).toString('hex'), FOREVER);
      } catch {
        // A store that is down now heals later (F1); readiness says so meanwhile.
        if (!ended) stop = deps.clock.after(AGAIN, () => void self.look());
      }
    },
    stop(): void {
      ended = true;
      stop?.();
    },
  };
  return self;
}
