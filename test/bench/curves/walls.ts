import type { Contestant } from '../contestants/contestant.js';
import { joinMore } from '../joins.js';
import { cpuOf, pause } from '../measure/proc.js';
import { onStage } from './on-stage.js';

export type WallFigures = {
  walls: number;
  /** Of a core, with eight updates a second on every wall, idling and joins taken off. */
  share: number;
  /** The same for one frame to one wall, µs. */
  perFrame: number;
};

/** Joins a second: enough that every throttle period has news. */
const PER_SECOND = 40;

/**
 * What walls cost while people come in slowly: the CPU with `walls` walls, less that of the same
 * joins with one.
 */
export async function wallUpdates(
  contestant: Contestant,
  walls: number,
  seconds: number,
): Promise<{ cpu: number; frames: number; joins: number; seconds: number }> {
  return onStage(contestant, { n: 1000, walls, storms: 1 }, async (stage, loads) => {
    const joins = PER_SECOND * seconds;
    await stage.nextStorm();
    await pause(1500); // walls follow to the new NoSo a second after it opens
    await joinMore(stage, loads, await stage.crowd(PER_SECOND * 5), PER_SECOND * 5, PER_SECOND);
    const before = await cpuOf(stage.pids);
    const startedAt = performance.now();
    const shown = PER_SECOND * 5 + joins;
    const figures = await joinMore(stage, loads, await stage.crowd(joins), shown, PER_SECOND);
    const cpu = (await cpuOf(stage.pids)) - before;
    const took = (performance.now() - startedAt) / 1000;
    return { cpu, frames: figures.countFrames, joins, seconds: took };
  });
}

/** The figures for each number of walls, from runs of which the first has one wall. */
export function wallCurve(
  runs: { walls: number; cpu: number; frames: number; seconds: number }[],
): WallFigures[] {
  const [one] = runs;
  if (!one) return [];
  return runs.slice(1).map(({ walls, cpu, frames, seconds }) => {
    const alone = (one.cpu / one.seconds) * seconds;
    return {
      walls,
      share: Math.max(0, cpu - alone) / 1000 / seconds,
      perFrame: (Math.max(0, cpu - alone) * 1000) / Math.max(1, frames - one.frames),
    };
  });
}
