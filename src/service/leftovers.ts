import type { Clock, Stop } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import type { Engine } from '../engine/engine.js';
import type { Catalogue } from './mirror.js';

/** How often it is looked what is left of NoSos that are over, in ms: well within L4's minute. */
const LOOK = 2000;
/**
 * How long after the end (ms) a door is still known, so that whoever holds it is told of the end and
 * not that the door was taken back (F8). With a look and a write it is within L4's minute.
 */
const FAREWELL = 40_000;

/**
 * Doors and paper numbers of a NoSo go when it is over, or no more (L4). Every node sees to it; what
 * another was first to remove is no news.
 */
export function clearLeftovers(deps: {
  engine: Pick<Engine, 'remove' | 'now'>;
  clock: Clock;
  catalogue: Pick<Catalogue, 'noso' | 'doors' | 'papers' | 'isRead'>;
  wrote: () => Promise<void>;
  onError: (error: unknown) => void;
}): { stop: Stop } {
  const { engine, catalogue } = deps;
  let busy = false;

  /** When its NoSo was over (ms); null while it is not. */
  const overSince = ({ noso }: { noso: string }): number | null => {
    const life = catalogue.noso(noso)?.life;
    if (life?.is === 'closed') return life.closedAt;
    if (life?.is === 'cancelled') return life.cancelledAt;
    return life ? null : 0;
  };
  const isOver = (left: { noso: string }) => overSince(left) !== null;
  const isForgotten = (left: { noso: string }) => {
    const since = overSince(left);
    return since !== null && engine.now() - since >= FAREWELL;
  };

  async function clear(): Promise<void> {
    const gone = [
      ...[...catalogue.doors()].filter(isForgotten).map(({ id }) => ['door', id] as const),
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
