import { writeFile } from 'node:fs/promises';
import { chosen } from '../contestants/all.js';
import { onStage } from '../curves/on-stage.js';
import { joinStorm, leaveStorm, reconnectStorm } from '../joins.js';
import { descriptorsOf, pause, threadsOf, until } from '../measure/proc.js';
import type { Profile } from '../options.js';
import { round } from '../summary.js';
import { attach } from './inspector.js';
import { type Share, sharesOf } from './shares.js';

export type Profiled = {
  key: string;
  cpu: number;
  threads: Share[];
  parts: Share[];
  functions: Share[];
};

const SHOWN = 40;
/** Collectors tidy up for a while after a storm; then one ping interval of ours. ms. */
const AFTER_A_STORM = 30_000;
const INTERVAL = 45_000;

/**
 * Where the CPU of a warm join (or reconnect, or leave, or of being idle) goes, on the main thread of the first process of each contestant.
 * The profiler itself costs: compare shares, not sums. The raw profile is kept beside, for a
 * browser's tools.
 */
export async function runProfiles(
  keys: string[],
  n: number,
  what: Profile,
  say: (line: string) => void,
): Promise<{ bench: 'profile'; what: string; n: number; profiles: Profiled[] }> {
  const profiles: Profiled[] = [];
  for (const contestant of chosen(keys)) {
    const got = await onStage(contestant, { n, walls: 5, storms: 3 }, async (stage, loads) => {
      const open = await descriptorsOf(stage.pids);
      for (let turn = 0; turn < 2; turn += 1) {
        await joinStorm(stage, loads, await stage.nextStorm(), false);
        if (what !== 'join' && turn === 1) break;
        await loads.phones.drop();
        await until('connections are closed', 20_000, async () => {
          return (await descriptorsOf(stage.pids)) <= open + 8;
        });
      }
      const phones = what === 'join' ? await stage.nextStorm() : [];
      const pid = stage.pids[0] as number;
      if (what === 'idle') await pause(AFTER_A_STORM);
      const profiler = await attach(pid, stage.said);
      await profiler.start();
      const before = await threadsOf(pid);
      if (what === 'join') await joinStorm(stage, loads, phones, false);
      else if (what === 'leave') await leaveStorm(stage, loads, n);
      else if (what === 'reconnect') await reconnectStorm(stage, loads, n);
      else await pause(INTERVAL);
      const after = await threadsOf(pid);
      const profile = await profiler.stop();
      await writeFile(`${contestant.key}.${what}.cpuprofile`, JSON.stringify(profile));
      const used = [...after].map(([id, ms]) => ({
        id,
        us: ((ms - (before.get(id) ?? 0)) * 1000) / n,
      }));
      const threads = used
        .filter(({ us }) => us >= 0.5)
        .map(({ id, us }) => ({
          what: id === pid ? 'main' : `thread ${id - pid}`,
          perOperation: us,
        }));
      const cpu = used.reduce((sum, { us }) => sum + us, 0);
      return { cpu, threads, ...sharesOf(profile, n) };
    });
    say(
      `\n${contestant.key}: ${round(got.cpu)} µs of CPU a ${what}, all threads, the profiler's too`,
    );
    for (const [title, shares] of [
      ['by thread', got.threads],
      ['by part', got.parts],
      ['by function', got.functions],
    ] as const) {
      say(`\n  ${title}, µs`);
      for (const share of shares.slice(0, SHOWN)) {
        say(`  ${share.perOperation.toFixed(1).padStart(7)}  ${share.what}`);
      }
    }
    profiles.push({ key: contestant.key, ...got });
  }
  const short = profiles.map((each) => ({
    ...each,
    parts: each.parts.slice(0, SHOWN),
    functions: each.functions.slice(0, SHOWN),
  }));
  return { bench: 'profile', what, n, profiles: short };
}
