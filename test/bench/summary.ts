import type { LifeFigures } from './life.js';
import type { RedisFigures } from './measure/redis.js';
import { median, quantile } from './measure/stats.js';
import type { StormFigures } from './storm.js';

/** What is held against the reference, turn by turn. */
export type Paired = 'join' | 'reconnect' | 'leave';

/** Of the rounds: the middle and the best. */
export type Spread = { median: number; min: number };

/** What all rounds of one contestant say together. CPU in µs per operation, of the servers alone. */
export type Summary = {
  key: string;
  name: string;
  n: number;
  rounds: number;
  join: Spread;
  /** CPU of every warm storm and of every reconnect, in the order of rounds. */
  each: { join: number[]; reconnect: number[]; leave: number[] };
  cold: Spread;
  reconnect: Spread | null;
  /** Of all who leave at once. */
  leave: Spread | null;
  /** The median of the ratios to what the reference took in the same turn; null without it. */
  ratio: Record<Paired, number | null>;
  /** The lower and the upper quartile of these ratios. */
  quartiles: Record<Paired, [number, number] | null>;
  /** The first storm of a process against those from the third on. */
  coldToWarm: number;
  /** KiB per connected phone: after the first storm, the last, and (where watched) idling. */
  rss: { cold: number; warm: number; idle: number | null } | null;
  /** KiB of live heap per connected phone; null where phones joined over HTTP. */
  heap: number | null;
  /** MiB of the processes before the first phone. */
  base: number;
  /** MiB of the processes with all phones connected, after the first storm and after the last. */
  whole: { cold: number; warm: number };
  /** KiB per seat whose phone is gone. */
  letGo: number | null;
  /** CPU s per minute with all connected. */
  idle: number | null;
  /** The lowest count that a wall showed while all reconnected. */
  lowest: number | null;
  walls: {
    framesPerSecond: number;
    bytesPerJoin: number;
    /** ms from the last acknowledgement until a wall was right, over all walls and storms. */
    delay: { p50: number; p99: number };
  } | null;
  /** ms from dialling to the acknowledgement, warm. */
  latency: { p50: number; p99: number };
  redis: RedisFigures | null;
  /** The busiest that the load's processes were, of a core each. */
  load: { phones: number; walls: number };
  /** What else ran on the machine meanwhile, in cores. */
  others: number;
};

const spread = (values: number[]): Spread => ({
  median: round(median(values)),
  min: round(Math.min(...values)),
});

/** Three significant digits and no less than whole numbers: more would be noise. */
export const round = (value: number): number =>
  Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));

const present = <T>(values: (T | null)[]): T[] =>
  values.filter((value): value is T => value !== null);
const middle = (values: number[]) => (values.length === 0 ? null : round(median(values)));

export function summarize(
  key: string,
  name: string,
  lives: LifeFigures[],
  heap: number | null = null,
): Summary {
  const warm = lives.flatMap((life) => life.warm);
  const reconnects = present(lives.map((life) => life.reconnect));
  const leaves = lives.flatMap((life) => life.leaves);
  const storms = [...lives.map((life) => life.cold), ...warm];
  const join = spread(warm.map((storm) => storm.cpu));
  const cold = spread(lives.map((life) => life.cold.prompt));
  const latency = warm.flatMap((storm) => storm.latency);
  const redis = present(warm.map((storm) => storm.redis));
  const busiest = (part: 'phones' | 'walls') =>
    round(Math.max(...[...storms, ...reconnects].map((storm) => storm.load[part])));
  return {
    key,
    name,
    n: lives[0]?.n ?? 0,
    rounds: lives.length,
    join,
    each: {
      join: warm.map((storm) => round(storm.cpu)),
      reconnect: reconnects.map((storm) => round(storm.cpu)),
      leave: leaves.map((storm) => round(storm.cpu)),
    },
    cold,
    reconnect: reconnects.length > 0 ? spread(reconnects.map((storm) => storm.cpu)) : null,
    leave: leaves.length > 0 ? spread(leaves.map((storm) => storm.cpu)) : null,
    ratio: { join: null, reconnect: null, leave: null },
    quartiles: { join: null, reconnect: null, leave: null },
    coldToWarm: round(cold.median / median(warm.map((storm) => storm.prompt))),
    rss: rssOf(present(lives.map((life) => life.rss))),
    heap: heap === null ? null : round(heap),
    base: round(median(lives.map(({ whole }) => whole.bare))),
    whole: {
      cold: round(median(lives.map(({ whole }) => whole.cold))),
      warm: round(median(lives.map(({ whole }) => whole.warm))),
    },
    letGo: middle(present(lives.map((life) => life.letGo))),
    idle: middle(present(lives.map((life) => life.idle))),
    lowest: reconnects.length > 0 ? lowestOf(reconnects) : null,
    walls: wallsOf(storms, warm),
    latency: { p50: round(quantile(latency, 0.5)), p99: round(quantile(latency, 0.99)) },
    redis:
      redis.length === 0
        ? null
        : {
            cpu: round(median(redis.map((r) => r.cpu))),
            scripts: round(median(redis.map((r) => r.scripts))),
            commands: round(median(redis.map((r) => r.commands))),
            reads: round(median(redis.map((r) => r.reads))),
          },
    load: { phones: busiest('phones'), walls: busiest('walls') },
    others: round(median([...storms, ...reconnects].map((storm) => storm.others))),
  };
}

/** The memory that is quoted: later ones depend on when a collector last felt like it. */
export const settled = ({ rss }: Summary): number | null => rss?.cold ?? null;

function rssOf(sizes: NonNullable<LifeFigures['rss']>[]): Summary['rss'] {
  if (sizes.length === 0) return null;
  return {
    cold: round(median(sizes.map((size) => size.cold))),
    warm: round(median(sizes.map((size) => size.warm))),
    idle: middle(present(sizes.map((size) => size.idle))),
  };
}

function lowestOf(storms: StormFigures[]): number | null {
  const lowest = present(storms.map((storm) => storm.lowest));
  return lowest.length > 0 ? Math.min(...lowest) : null;
}

function wallsOf(storms: StormFigures[], warm: StormFigures[]): Summary['walls'] {
  const frames = present(storms.map((storm) => storm.framesPerSecond));
  if (frames.length === 0) return null;
  const delays = storms.flatMap((storm) => storm.delays);
  return {
    framesPerSecond: Math.max(...frames),
    bytesPerJoin: round(median(present(warm.map((storm) => storm.bytes)))),
    delay: { p50: round(quantile(delays, 0.5)), p99: round(quantile(delays, 0.99)) },
  };
}

/** Turn by turn, since within a turn the machine is the same. A round that went wrong is left out. */
function ratiosOf(own: number[], reference: number[]): number[] {
  return own.flatMap((value, k) => {
    const beside = reference[k];
    return beside === undefined ? [] : [value / beside];
  });
}

const PAIRED: readonly Paired[] = ['join', 'reconnect', 'leave'];
const ofEach = <T>(figure: (what: Paired) => T) =>
  Object.fromEntries(PAIRED.map((what) => [what, figure(what)])) as Record<Paired, T>;

const quartiles = (values: number[]): [number, number] | null =>
  values.length === 0 ? null : [round(quantile(values, 0.25)), round(quantile(values, 0.75))];

/** Adds to each the ratio to the reference, where that ran. */
export function compared(summaries: Summary[], reference: string): Summary[] {
  const r = summaries.find((each) => each.key === reference);
  if (!r) return summaries;
  return summaries.map((summary) => {
    const ratios = ofEach((what) => ratiosOf(summary.each[what], r.each[what]));
    return {
      ...summary,
      ratio: ofEach((what) => middle(ratios[what])),
      quartiles: ofEach((what) => quartiles(ratios[what])),
    };
  });
}
