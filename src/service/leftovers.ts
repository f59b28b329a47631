import type { Clock, Stop } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import type { Engine } from '../engine/engine.js';
import type { Catalogue } from './mirror.js';

/** How often it is looked what is left of NoSos that are over, in ms: well within L4's minute. */
const LOOK = 2000;

/**
 * Doors and paper numbers of a NoSo go when it is over, or no more (L4). Every node sees to it; what
 * another was first to remove is no news.
 */
export function clearLeftovers(deps: {
  engine: Pick<Engine, 'remove'>;
  clock: Clock;
  catalogue: Pick<Catalogue, 'noso' | 'doors' | 'papers' | 'isRead'>;
  wrote: () => Promise<void>;
  onError: (error: unknown) => void;
}): { stop: Stop } {
  const { engine, catalogue } = deps;
  let busy = false;

  const isOver = ({ noso }: { noso: string }) => {
    const life = catalogue.noso(noso)?.life.is;
    return life !== 'scheduled' && life !== 'open';
  };

  async function clear(): Promise<void> {
    const gone = [
      ...[...catalogue.doors()].filter(isOver).map(({ id }) => ['door', id] as const),
      ...[...catalogue.papers()].filter(isOver).map(({ id }) => ['paper', id] as const),
    ];
    for (const [kind, id] of gone) {
      await engine.remove(kind, id).catch((error: unknown) => {
        if (!(error instanceof Refusal) || error.code !== 'not_found') throw error;
      });
    }
    if (gone.length > 0) await deps.wrote();
  }

  const stop = deps.clock.every(LOOK, () => {
    if (busy || !catalogue.isRead()) return;
    busy = true;
    clear()
      .catch(deps.onError)
      .finally(() => {
        busy = false;
      });
  });
  return { stop };
}
