import type { Stage } from './contestants/contestant.js';
import { busyTime, cpuOf } from './measure/proc.js';
import type { Loads } from './storm.js';

/** Starts to watch what else keeps the machine busy; asked, it says so in cores. */
export async function otherWork(stage: Stage, loads: Loads): Promise<() => Promise<number>> {
  const look = async () => {
    const { user, system } = process.cpuUsage();
    const servers = [...stage.pids, ...(stage.redis ? [stage.redis.pid] : [])];
    const own = (await loads.phones.cpu()) + (await loads.walls.cpu()) + (user + system) / 1000;
    return { at: performance.now(), others: (await busyTime()) - own - (await cpuOf(servers)) };
  };
  const before = await look();
  return async () => {
    const after = await look();
    return Math.max(0, (after.others - before.others) / (after.at - before.at));
  };
}
