import { REFERENCE } from './contestants/all.js';
import type { Contestant } from './contestants/contestant.js';
import { heapPerPhone } from './heap.js';
import { type LifeFigures, liveThrough, type Pace } from './life.js';
import { seeded, shuffled } from './measure/stats.js';
import type { Options } from './options.js';
import { compared, type Summary, summarize } from './summary.js';

/** One ping interval of Engine.IO: every connected phone is pinged once. */
const PING = 25_000;

export const paceOf = ({ quick, storms }: Pick<Options, 'quick' | 'storms'>): Pace => ({
  storms,
  idleFor: quick ? 0 : PING,
  settleFor: quick ? 500 : 2000,
  crowd: quick ? 0 : 100_000,
});

/**
 * In each round all contestants live at the same time and take turns at every phase, in an order
 * that the seed decides: what a shared machine gives changes within minutes, by half and more.
 */
export async function runRounds(
  contestants: Contestant[],
  options: Pick<Options, 'quick' | 'n' | 'storms' | 'walls' | 'rounds' | 'seed'>,
  say: (line: string) => void,
): Promise<{ summaries: Summary[]; faults: string[] }> {
  const random = seeded(options.seed);
  const pace = paceOf(options);
  const lives = new Map<string, LifeFigures[]>();
  const faults: string[] = [];
  const begin = (contestant: Contestant) => {
    const n = Math.min(options.n, contestant.most);
    const setting = { n, walls: options.walls, storms: pace.storms };
    return { key: contestant.key, life: liveThrough(contestant, setting, pace) };
  };
  for (let turn = 1; turn <= options.rounds; turn += 1) {
    let alive = contestants.map(begin);
    /** Leads one through its next phase; true if that was not its last. */
    const step = async ({ key, life }: (typeof alive)[number]): Promise<boolean> => {
      try {
        const { done, value } = await life.next();
        if (!done) return true;
        lives.set(key, [...(lives.get(key) ?? []), value]);
        const warm = value.warm.map(({ cpu }) => Math.round(cpu)).join(', ');
        say(`${turn}  ${key}: first ${Math.round(value.cold.cpu)} µs, then ${warm}`);
      } catch (error) {
        faults.push(`${key}, round ${turn}: ${(error as Error).message}`);
        say(`${turn}  ${key}: WRONG, see below`);
      }
      return false;
    };
    while (alive.length > 0) {
      const left: typeof alive = [];
      for (const each of shuffled(alive, random)) if (await step(each)) left.push(each);
      alive = left;
    }
  }
  const summaries: Summary[] = [];
  for (const contestant of contestants) {
    const own = lives.get(contestant.key);
    if (!own) continue;
    const heap = await heapPerPhone(contestant, own[0]?.n ?? options.n);
    summaries.push(summarize(contestant.key, contestant.name, own, heap));
  }
  return { summaries: compared(summaries, REFERENCE), faults };
}
