import type { Stage } from './contestants/contestant.js';
import { dialects } from './load/dialects.js';
import type { StormResult } from './load/phones.js';
import type { RemoteLoad } from './load/remote.js';
import { cpuOf, pause, until } from './measure/proc.js';
import { type RedisFigures, spent, workOf } from './measure/redis.js';
import { otherWork } from './noise.js';

/** The load's processes: one for the phones, one for the walls. */
export type Loads = { phones: RemoteLoad; walls: RemoteLoad };

export type StormFigures = {
  /** The servers' CPU per operation until every count was right, µs. */
  prompt: number;
  /** The same, the telling of numbers included. */
  cpu: number;
  redis: RedisFigures | null;
  /** From the first dial to the last acknowledgement, s. */
  seconds: number;
  /** From dialling to being acknowledged, ms. */
  latency: number[];
  /** From the last acknowledgement until each wall was right, ms. */
  delays: number[];
  /** Count frames that walls got, all together. */
  countFrames: number;
  /** The lowest count that any wall showed. */
  lowest: number | null;
  /** The most count frames that any wall got within a second. */
  framesPerSecond: number | null;
  /** What a wall was sent, numbers included, per operation. */
  bytes: number | null;
  /** How often the server pings, ms, where it says so. */
  pingInterval: number | null;
  /** How busy the load was: CPU per second, phones and walls. */
  load: { phones: number; walls: number };
  /** How busy all that is no part of the bench was, in cores: it is noise in everything above. */
  others: number;
};

/** A wall or an acknowledgement was not what it must be: the run is worth nothing. */
export class Wrong extends Error {}

const RIGHT = 20_000;
/** What a server still does once all is right: deferred work, the last throttled frames. ms. */
const TAIL = 250;
/** Above this many seats, our walls are told no numbers. */
const MOST_NUMBERS = 10_000;

/** Waits until every wall shows `count`; throws `Wrong` if one does not. */
export async function wallsShow(loads: Loads, count: number): Promise<void> {
  let shown: number[] = [];
  await until('walls', RIGHT, async () => {
    const views = await loads.walls.look();
    const fault = views.find((view) => view.fault !== null)?.fault;
    if (fault) throw new Wrong(`a wall: ${fault}`);
    shown = views.map((view) => view.count);
    return shown.every((each) => each === count);
  }).catch((error: unknown) => {
    if (error instanceof Wrong) throw error;
    throw new Wrong(`walls show ${shown.join(', ')} where ${count} are seated`);
  });
}

/** What a storm is to come to. */
export type Goal = {
  /** Acknowledgements. */
  n: number;
  /** What every wall is to show. */
  shown: number;
  /** What no wall is to show more than; `shown`, unless people leave. */
  most?: number;
  awaitNumbers: boolean;
};

/** Lets `join` seat phones, and measures the servers until every wall is right. */
export async function measured(
  stage: Stage,
  loads: Loads,
  { n, shown, most = shown, awaitNumbers }: Goal,
  join: () => Promise<Omit<StormResult, 'numbers'>>,
): Promise<StormFigures> {
  await loads.walls.watch();
  const redisBefore = stage.redis && (await workOf(stage.redis));
  const wallsCpu = await loads.walls.cpu();
  const noise = await otherWork(stage, loads);
  const before = await cpuOf(stage.pids);
  const result = await join();
  if (result.acked !== n) {
    throw new Wrong(`${result.acked} of ${n} acknowledged: ${JSON.stringify(result.failures)}`);
  }
  if (stage.walls.length > 0) await wallsShow(loads, shown);
  await pause(TAIL);
  const used = (await cpuOf(stage.pids)) - before;
  const redisAfter = stage.redis && (await workOf(stage.redis));
  const late = awaitNumbers ? await numbersShown(stage, loads, shown) : 0;
  const views = await loads.walls.look();
  const over = views.find((view) => view.highest > most || view.count !== shown);
  if (over) throw new Wrong(`a wall showed ${over.highest}, then ${over.count}, of ${shown}`);
  const seconds = (result.lastAckAt - result.startedAt) / 1000;
  return {
    prompt: (used * 1000) / n,
    cpu: ((used + late) * 1000) / n,
    redis: redisBefore && redisAfter ? spent(redisBefore, redisAfter, n) : null,
    seconds,
    latency: result.latency,
    delays: views.map((view) => Math.max(0, view.since - result.lastAckAt)),
    countFrames: views.reduce((sum, view) => sum + view.countFrames, 0),
    lowest: views.length > 0 ? Math.min(...views.map((view) => view.lowest)) : null,
    framesPerSecond: views.length > 0 ? Math.max(...views.map((view) => view.mostInASecond)) : null,
    bytes: views.length > 0 ? Math.max(...views.map((view) => view.bytes)) / n : null,
    pingInterval: result.pingInterval,
    load: {
      phones: result.cpu / 1000 / seconds,
      walls: ((await loads.walls.cpu()) - wallsCpu) / 1000 / seconds,
    },
    others: await noise(),
  };
}

/**
 * Our walls are told the numbers at veil ticks, up to 5 s after the storm: waits for them and
 * returns the CPU (ms) that telling them took, over and above what the same time costs idle.
 */
async function numbersShown(stage: Stage, loads: Loads, n: number): Promise<number> {
  if (!dialects[stage.dialect].numbers || n > MOST_NUMBERS || stage.walls.length === 0) return 0;
  const started = Date.now();
  const before = await cpuOf(stage.pids);
  await until('walls hold every number', RIGHT, async () =>
    (await loads.walls.look()).every((view) => view.numbers === n),
  ).catch((error: Error) => {
    throw new Wrong(error.message);
  });
  const took = Date.now() - started;
  const after = await cpuOf(stage.pids);
  await pause(1000);
  const idle = ((await cpuOf(stage.pids)) - after) / 1000;
  return Math.max(0, after - before - idle * took);
}
