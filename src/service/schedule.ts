import type { Clock, Stop } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import { due, type Noso, type NosoCommand } from '../domain/noso.js';
import type { Engine } from '../engine/engine.js';

/** NoSos open, close and lapse by themselves within a second of their hour (L3). */
const LOOK = 200;

/**
 * Carries out the schedule: whatever is due, at every look. Every node of a cluster does; the
 * engine lets one of them through, and to the others it is a conflict, which is fine.
 */
export function keepSchedule(deps: {
  engine: Engine;
  clock: Clock;
  nosos: () => Iterable<Noso>;
  wrote: () => Promise<void>;
  onError: (error: unknown) => void;
}): Stop {
  const busy = new Set<string>();

  async function carryOut(noso: Noso, command: NosoCommand): Promise<void> {
    if (busy.has(noso.id)) return;
    busy.add(noso.id);
    try {
      await deps.engine.command(noso.id, command);
      await deps.wrote();
    } catch (error) {
      // Another node was first, or it is not so any more: the mirror will say.
      if (!(error instanceof Refusal) || error.code === 'unavailable') throw error;
    } finally {
      busy.delete(noso.id);
    }
  }

  return deps.clock.every(LOOK, () => {
    const nosos = [...deps.nosos()];
    const taken = new Set(nosos.filter((n) => n.life.is === 'open').map((n) => n.venue));
    for (const noso of nosos) {
      const command = due(noso, deps.engine.now());
      const waits = command?.do === 'open' && taken.has(noso.venue);
      if (command && !waits) carryOut(noso, command).catch(deps.onError);
    }
  });
}
