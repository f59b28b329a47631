import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import type { Snapshot } from '../protocol/wire.js';
import type { Catalogue } from '../service/mirror.js';
import { shownWall } from '../service/shownWall.js';
import type { Show, Stage } from './stage.js';

/** A venue that nobody asked about for so long is no longer followed, in ms. */
const FOLLOWED = 120_000;

/** Nobody is connected: who wants to know asks. */
const NOBODY: Show = { all: () => {}, snapshot: () => {} };

/** Snapshots for those that keep no connection. A venue is followed as long as it is asked about. */
export function createGlances(deps: {
  clock: Pick<Clock, 'steady' | 'every'>;
  catalogue: Catalogue;
  stageOf: (venue: string, show: Show) => Stage;
}): { of: (wall: string) => Promise<Snapshot>; stop: () => void } {
  const stages = new Map<string, { stage: Stage; askedAt: number }>();

  const stopLooking = deps.clock.every(FOLLOWED / 2, () => {
    for (const [venue, { stage, askedAt }] of stages) {
      if (deps.clock.steady() - askedAt < FOLLOWED) continue;
      stage.stop();
      stages.delete(venue);
    }
  });

  return {
    async of(wall) {
      const venue = deps.catalogue.wall(wall)?.venue;
      if (venue === undefined) throw new Refusal('unauthorized.revoked', 'this wall is no more');
      const stage = stages.get(venue)?.stage ?? deps.stageOf(venue, NOBODY);
      stages.set(venue, { stage, askedAt: deps.clock.steady() });
      stage.changed();
      const snapshot = await new Promise<Snapshot>((resolve, reject) => {
        stage.snapshot(resolve).catch(reject);
      });
      return { ...snapshot, wall: shownWall(deps.catalogue, wall) };
    },
    stop() {
      stopLooking();
      for (const { stage } of stages.values()) stage.stop();
      stages.clear();
    },
  };
}
