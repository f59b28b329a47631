import type { Contestant } from './contestants/contestant.js';
import { onStage } from './curves/on-stage.js';
import { joinStorm } from './joins.js';
import { heapOf, inspect } from './measure/inspector.js';

/**
 * What a connected phone, its seat included, holds of the heap once garbage is collected, KiB: in a
 * process of its own, since whoever looks disturbs what else is measured. Null where phones join over HTTP.
 */
export async function heapPerPhone(contestant: Contestant, n: number): Promise<number | null> {
  return onStage(contestant, { n, walls: 5, storms: 1 }, async (stage, loads) => {
    const [pid] = stage.pids;
    if (stage.join === 'http' || stage.pids.length !== 1 || pid === undefined) return null;
    const phones = await stage.nextStorm();
    const inspector = await inspect(pid, stage.said);
    const before = await heapOf(inspector);
    await joinStorm(stage, loads, phones, false);
    const after = await heapOf(inspector);
    inspector.close();
    return (after - before) / n / 1024;
  });
}
