import { chosen } from '../contestants/all.js';
import { type LifeFigures, liveAlone } from '../life.js';
import { median } from '../measure/stats.js';
import { paceOf } from '../rounds.js';
import { round } from '../summary.js';
import { type Costs, HABITS, type Plan, plan } from './plan.js';
import { type EngineName, type Simulated, simulate } from './simulate.js';

export type Simulation = {
  bench: 'simulate';
  scenarios: Simulated[];
  costs: Costs;
  habits: typeof HABITS;
  plans: Plan[];
};

const FULL = {
  n: 5000,
  sizes: [
    [1, 1000],
    [1000, 1000],
    [1, 1_000_000],
  ] as const,
};
const QUICK = {
  n: 1000,
  sizes: [
    [1, 1000],
    [50, 1000],
    [1, 50_000],
  ] as const,
};
const CROWDS = [10_000, 1_000_000, 10_000_000];

/** Drives the real engines at large sizes, and says what machines such crowds need. */
export async function runSimulation(
  quick: boolean,
  say: (line: string) => void,
): Promise<Simulation> {
  const { n, sizes } = quick ? QUICK : FULL;
  const scenarios: Simulated[] = [];
  for (const engine of ['embedded', 'redis'] satisfies EngineName[]) {
    for (const [nosos, seats] of sizes) {
      const got = await simulate(engine, nosos, seats);
      scenarios.push(got);
      say(describe(got));
    }
  }
  const costs = costsOf(
    await live('ours-redis', n, quick),
    await live('ours-http', n, quick),
    scenarios,
  );
  const plans = CROWDS.map((crowd) => plan(crowd, costs));
  say(
    `\nEverybody comes within ${HABITS.arrival / 60} min and lets go after ${HABITS.connectedFor} s;`,
  );
  say(`cores and memory are used to ${HABITS.busy * 100} % and ${HABITS.memory / 2 ** 30} GiB:`);
  for (const each of plans) {
    say(
      `${each.seats} seats: ${each.joinsPerSecond} joins/s, ${each.connected} connected, ` +
        `${each.nodes} nodes, ${each.redisShards} Redis (${each.redisMemoryMiB} MiB); ` +
        `first to run out: ${each.first.what}, ${round(each.first.share * 100)} % of that used`,
    );
  }
  return { bench: 'simulate', scenarios, costs, habits: HABITS, plans };
}

function describe(s: Simulated): string {
  const redis = s.redis
    ? `; Redis ${round(s.redis.cpu)} µs, ${round(s.redis.scripts)} scripts, ${round(s.redis.bytesPerSeat)} B a seat`
    : '';
  return (
    `${s.engine}, ${s.nosos} × ${s.seats}: ${round(s.fill)} µs a seat, ${round(s.last)} once full ` +
    `(${round(s.first)} at 1,000), ${round(s.bytesPerSeat)} B a seat, ${round(s.rss)} MiB, ` +
    `restart ${round(s.restart)} s, close ${round(s.close)} ms, tail ${round(s.tail)} µs${redis}`
  );
}

async function live(key: string, n: number, quick: boolean): Promise<LifeFigures> {
  const [contestant] = chosen([key]);
  if (!contestant) throw new Error(`no ${key}`);
  const pace = paceOf({ quick, storms: 3 });
  return liveAlone(contestant, { n, walls: 5, storms: pace.storms }, pace);
}

/** What was measured, as the plan wants it. */
function costsOf(sockets: LifeFigures, http: LifeFigures, scenarios: Simulated[]): Costs {
  const largest = scenarios.findLast((each) => each.engine === 'redis');
  return {
    join: median(sockets.warm.map((storm) => storm.cpu)),
    redisJoin: median(sockets.warm.map((storm) => storm.redis?.cpu ?? 0)),
    connected: (sockets.rss?.cold ?? 0) * 1024,
    seated: (http.letGo ?? 0) * 1024,
    redisSeat: largest?.redis?.bytesPerSeat ?? 0,
    idle: sockets.idle ?? 0,
  };
}
