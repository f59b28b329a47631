import { joinMore } from '../joins.js';
import { descriptorsOf, settledRss, until } from '../measure/proc.js';
import { median, quantile } from '../measure/stats.js';
import { startMany } from './nosos.js';
import { onStages, type Side } from './on-stage.js';

export type Among = {
  bench: 'nosos';
  nosos: number;
  /** The server's CPU for a join to one NoSo, and to one of so many, µs; medians. */
  one: number;
  many: number;
  /** Of the second to the first, turn by turn: the median, and the quartiles. */
  ratio: number;
  quartiles: [number, number];
  /** Joins that were acknowledged in a second of a storm over all; the median. */
  perSecond: number;
  /** What an open NoSo takes, KiB: when just opened, and once people sit in it. */
  opened: number;
  seated: number;
};

/** Storms of each before any counts: a cold process costs more. */
const WARM = 2;
const SETTLE = 2000;

/** One storm, after which every phone is gone again; the seats stay. CPU µs a join, joins a second. */
async function storm(
  side: Side,
  nosos: number,
  n: number,
): Promise<{ cpu: number; perSecond: number }> {
  const { stage, loads } = side;
  const idle = await descriptorsOf(stage.pids);
  side.shown += Math.ceil(n / nosos);
  const figures = await joinMore(stage, loads, await stage.crowd(n), side.shown);
  await loads.phones.drop();
  await until('connections are closed', 60_000, async () => {
    return (await descriptorsOf(stage.pids)) <= idle + 8;
  });
  return { cpu: figures.cpu, perSecond: n / figures.seconds };
}

/** Two servers live at the same time, one with one NoSo, and take turns at storms of `n`. */
export async function runAmong(
  nosos: number,
  { n, rounds }: { n: number; rounds: number },
  say: (line: string) => void,
): Promise<Among> {
  const acts = [1, nosos].map((open) => ({
    contestant: { name: `ours with ${open}`, start: () => startMany(open) },
    setting: { n, walls: 0, storms: 0 },
  }));
  return onStages(acts, async (sides) => {
    const [one, many] = sides as [Side, Side];
    const rss = (side: Side) => settledRss(side.stage.pids, SETTLE);
    const each = async () => ((await rss(many)) - (await rss(one))) / nosos;
    const opened = await each();
    const turns: { one: number; many: number; perSecond: number }[] = [];
    for (let turn = 0; turn < WARM + rounds; turn += 1) {
      const first = turn % 2 === 0 ? await storm(one, 1, n) : null;
      const spread = await storm(many, nosos, n);
      const { cpu } = first ?? (await storm(one, 1, n));
      say(`${turn < WARM ? 'warm-up: ' : ''}${cpu.toFixed(0)} and ${spread.cpu.toFixed(0)} µs`);
      if (turn >= WARM) turns.push({ one: cpu, many: spread.cpu, perSecond: spread.perSecond });
    }
    const ratios = turns.map((turn) => turn.many / turn.one);
    const among: Among = {
      ...{ bench: 'nosos', nosos, opened, seated: await each() },
      one: median(turns.map((turn) => turn.one)),
      many: median(turns.map((turn) => turn.many)),
      ratio: median(ratios),
      quartiles: [quantile(ratios, 0.25), quantile(ratios, 0.75)],
      perSecond: median(turns.map((turn) => turn.perSecond)),
    };
    const [low, high] = among.quartiles;
    say(
      `${nosos} NoSos: ${among.ratio.toFixed(2)} × one (quartiles ${low.toFixed(2)} to ${high.toFixed(2)}), ` +
        `${among.perSecond.toFixed(0)} joins a second, ${opened.toFixed(1)} KiB an open NoSo ` +
        `(${among.seated.toFixed(1)} with ${many.shown} seats each)`,
    );
    return among;
  });
}
