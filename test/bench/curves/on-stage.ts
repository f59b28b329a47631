import type { Contestant, Setting, Stage } from '../contestants/contestant.js';
import { startLoad } from '../load/remote.js';
import type { Loads } from '../storm.js';

/** Starts a contestant with its walls up, lets `work` measure it, and clears everything away. */
export async function onStage<T>(
  contestant: Pick<Contestant, 'name' | 'start'>,
  setting: Setting,
  work: (stage: Stage, loads: Loads) => Promise<T>,
): Promise<T> {
  const loads = { phones: startLoad(), walls: startLoad() };
  const stage = await contestant.start(setting);
  try {
    const { host, ports, dialect } = stage;
    await loads.walls.hang({ dialect, host, ports, tokens: stage.walls });
    return await work(stage, loads);
  } catch (error) {
    if (error instanceof Error) error.message += `\n${contestant.name} said:\n${stage.said()}`;
    throw error;
  } finally {
    await Promise.all([loads.phones.stop(), loads.walls.stop()]);
    await stage.stop();
  }
}
