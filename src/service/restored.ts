import type { Clock, Stop } from '../clock.js';
import { KEPT } from '../domain/kept.js';
import type { Engine } from '../engine/engine.js';

/** From a backup to its restoring, ms since the epoch. */
export type Window = [from: number, to: number];

/** Under which the engine keeps them, as long as a token of then could last. */
const WHERE = 'restored';
const EVERY = 1000;

/** Writes them down where no server has run yet. */
export async function noteRestored(engine: Engine, windows: Window[]): Promise<void> {
  const until = engine.now() + KEPT.restored.until.within;
  await engine.reserve(WHERE, JSON.stringify(windows), until);
}

export async function readRestored(engine: Pick<Engine, 'holder'>): Promise<Window[]> {
  return readWindows(await engine.holder(WHERE));
}

export const readWindows = (text: string | null): Window[] =>
  text === null ? [] : (JSON.parse(text) as Window[]);

/** The row of the embedded engine's file that they stand in (spent.ts). */
export const restoredIn = (rows: readonly [id: string, until: number][]): Window[] => {
  const row = rows.find(([id]) => id.startsWith(`${WHERE}\n`))?.[0];
  return readWindows(row === undefined ? null : row.slice(WHERE.length + 1));
};

/**
 * Kept number tokens of between a backup and its restoring: their numbers may be drawn again, for
 * somebody else, so they identify nobody (A2, A4). Read once; until the store answers, nobody can be
 * seated either.
 */
export function createRestored(deps: { engine: Engine; clock: Clock }): {
  /** Whether a token made then (s since the epoch) is of such a time. */
  refuses: (issuedAt: number) => boolean;
  stop: Stop;
} {
  let windows: Window[] = [];
  let asking = false;
  const stop = deps.clock.every(EVERY, () => {
    if (!asking) look();
  });
  const look = () => {
    asking = true;
    readRestored(deps.engine).then(
      (read) => {
        windows = read;
        stop();
      },
      () => {
        asking = false;
      },
    );
  };
  look();
  return {
    refuses: (issuedAt) =>
      windows.some(([from, to]) => issuedAt >= Math.floor(from / 1000) && issuedAt * 1000 <= to),
    stop,
  };
}
