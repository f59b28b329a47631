import { REFERENCE } from './contestants/all.js';
import type { Contestant } from './contestants/contestant.js';
import { type LifeFigures, liveThrough, type Pace } from './life.js';
import { startLoad } from './load/remote.js';
import { seeded, shuffled } from './measure/stats.js';
import type { Options } from './options.js';
import { compared, type Summary, summarize } from './summary.js';

/** One ping interval of Engine.IO: every connected phone is pinged once. */
const PING = 25_000;

export const paceOf = ({ quick }: { quick: boolean }): Pace => ({
  storms: 3,
  idleFor: quick ? 0 : PING,
  settleFor: quick ? 500 : 2000,
  crowd: quick ? 0 : 100_000,
});

/** Each round, every contestant in turn, in an order that the seed decides. */
export async function runRounds(
  contestants: Contestant[],
  options: Pick<Options, 'quick' | 'n' | 'walls' | 'rounds' | 'seed'>,
  say: (line: string) => void,
): Promise<{ summaries: Summary[]; faults: string[] }> {
  const random = seeded(options.seed);
  const lives = new Map<string, LifeFigures[]>();
  const faults: string[] = [];
  const loads = { phones: startLoad(), walls: startLoad() };
  try {
    for (let turn = 1; turn <= options.rounds; turn += 1) {
      for (const contestant of shuffled(contestants, random)) {
        const pace = paceOf(options);
        const setting = {
          n: Math.min(options.n, contestant.most),
          walls: options.walls,
          storms: pace.storms,
        };
        try {
          const life = await liveThrough(contestant, setting, pace, loads);
          lives.set(contestant.key, [...(lives.get(contestant.key) ?? []), life]);
          const { warm, cold } = life;
          say(
            `${turn}  ${contestant.key}: ${Math.round(warm.cpu)} µs, first ${Math.round(cold.cpu)}`,
          );
        } catch (error) {
          faults.push(`${contestant.key}, round ${turn}: ${(error as Error).message}`);
          say(`${turn}  ${contestant.key}: WRONG, see below`);
        }
      }
    }
  } finally {
    await Promise.all([loads.phones.stop(), loads.walls.stop()]);
  }
  const summaries = contestants.flatMap(({ key, name }) => {
    const own = lives.get(key);
    return own ? [summarize(key, name, own)] : [];
  });
  return { summaries: compared(summaries, REFERENCE), faults };
}
