import type { Contestant, Setting, Stage } from '../contestants/contestant.js';
import { startLoad } from '../load/remote.js';
import type { Loads } from '../storm.js';

/** Who is put on a stage, and what for. */
export type Act = { contestant: Pick<Contestant, 'name' | 'start'>; setting: Setting };
/** One that stands there with its walls up, and what its walls show. */
export type Side = { stage: Stage; loads: Loads; shown: number };

/** Starts all of them with their walls up, lets `work` measure them, and clears everything away. */
export async function onStages<T>(
  acts: readonly Act[],
  work: (sides: Side[]) => Promise<T>,
): Promise<T> {
  const sides: Side[] = [];
  try {
    for (const { contestant, setting } of acts) {
      const stage = await contestant.start(setting);
      const loads = { phones: startLoad(), walls: startLoad() };
      sides.push({ stage, loads, shown: 0 });
      const { host, ports, dialect } = stage;
      await loads.walls.hang({ dialect, host, ports, tokens: stage.walls });
    }
    return await work(sides);
  } catch (error) {
    if (error instanceof Error) {
      sides.forEach(({ stage }, index) => {
        error.message += `\n${acts[index]?.contestant.name} said:\n${stage.said()}`;
      });
    }
    throw error;
  } finally {
    for (const { stage, loads } of sides) {
      await Promise.all([loads.phones.stop(), loads.walls.stop()]);
      await stage.stop();
    }
  }
}

/** The same with one. */
export function onStage<T>(
  contestant: Act['contestant'],
  setting: Setting,
  work: (stage: Stage, loads: Loads) => Promise<T>,
): Promise<T> {
  return onStages([{ contestant, setting }], ([side]) => {
    const { stage, loads } = side as Side;
    return work(stage, loads);
  });
}
