import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chosen, REFERENCE } from '../contestants/all.js';
import type { Contestant } from '../contestants/contestant.js';
import { simulate } from '../simulate/simulate.js';
import { round } from '../summary.js';
import { joinBeside, sizes } from './connected.js';
import { joinAmong } from './nosos.js';
import { inWords } from './on-walls.js';
import { joinAmongSeated, type SeatedFigures } from './seated.js';
import { type Chart, drawChart } from './svg.js';
import { type WallFigures, wallCosts, wallFigures } from './walls.js';

type Point = { x: number; y: number };
export type Curves = {
  bench: 'curves';
  /** CPU µs of a join, by phones connected; by key. */
  connected: Record<string, Point[]>;
  /** CPU µs of a frame to a wall, and the share of a core; by key. */
  walls: Record<string, WallFigures[]>;
  /** CPU µs of a join, by NoSos open. */
  nosos: Point[];
  seated: { http: SeatedFigures[]; engine: Point[] };
};

const FULL = {
  connected: [1000, 5000, 20_000, 50_000],
  walls: [100, 1000],
  spells: { turns: 3, seconds: 10, seed: 1 },
  nosos: [1, 100, 1000],
  joins: 5000,
  seated: [1000, 100_000, 1_000_000],
};
const QUICK: typeof FULL = {
  connected: [500, 1000],
  walls: [100],
  spells: { turns: 1, seconds: 3, seed: 1 },
  nosos: [1, 50],
  joins: 1000,
  seated: [1000, 20_000],
};

/** Measures the curves and writes their charts into `folder`. */
export async function runCurves(
  quick: boolean,
  folder: string,
  say: (line: string) => void,
): Promise<Curves> {
  const plan = quick ? QUICK : FULL;
  const [ours, reference] = chosen(['ours', REFERENCE]) as [Contestant, Contestant];
  const curves: Curves = {
    bench: 'curves',
    connected: {},
    walls: {},
    nosos: [],
    seated: { http: [], engine: [] },
  };
  for (const contestant of [ours, reference]) {
    const points: Point[] = [];
    for (const n of await sizes(plan.connected)) {
      const cpu = await joinBeside(contestant, n);
      points.push({ x: n, y: round(cpu) });
      say(`${contestant.key}: ${round(cpu)} µs a join beside ${n} connected`);
    }
    curves.connected[contestant.key] = points;
  }
  for (const walls of plan.walls) {
    const costs = await wallCosts([ours, reference], walls, plan.spells);
    for (const [key, pairs] of Object.entries(costs)) {
      const figures = wallFigures(walls, pairs);
      say(inWords(key, figures));
      curves.walls[key] = [...(curves.walls[key] ?? []), figures];
    }
  }
  for (const nosos of plan.nosos) {
    const cpu = await joinAmong(nosos, plan.joins);
    curves.nosos.push({ x: nosos, y: round(cpu) });
    say(`ours: ${round(cpu)} µs a join among ${nosos} open NoSos`);
  }
  for (const seats of plan.seated) {
    const http = await joinAmongSeated(seats, plan.joins);
    curves.seated.http.push(http);
    const alone = await simulate('embedded', 1, seats);
    curves.seated.engine.push({ x: seats, y: round(alone.last) });
    say(
      `ours: ${round(http.join)} µs a seat over HTTP among ${seats} seated, ${round(alone.last)} in the engine; restart ${round(http.restart)} s, ${round(http.rss)} MiB`,
    );
  }
  await mkdir(folder, { recursive: true });
  for (const [name, chart] of Object.entries(charts(curves))) {
    await writeFile(join(folder, `${name}.svg`), drawChart(chart));
  }
  say(`charts are in ${folder}`);
  return curves;
}

function charts(curves: Curves): Record<string, Chart> {
  const both = (of: (key: string) => Point[]): Chart['lines'] => [
    { name: 'good practice', tone: 'graphite', points: of(REFERENCE) },
    { name: 'NoSo', tone: 'ink', points: of('ours') },
  ];
  return {
    connected: {
      title: 'A join, beside so many phones',
      caption: 'Server CPU per join, µs, on a warm process.',
      x: 'phones connected',
      lines: both((key) => curves.connected[key] ?? []),
    },
    walls: {
      title: 'An update, on so many walls',
      caption: 'Server CPU per frame and wall, µs, at eight updates a second.',
      x: 'walls',
      lines: both((key) =>
        (curves.walls[key] ?? []).map(({ walls, perFrame }) => ({ x: walls, y: round(perFrame) })),
      ),
    },
    nosos: {
      title: 'A join, among so many gatherings',
      caption: 'Server CPU per join, µs, spread over all that are open.',
      x: 'NoSos open',
      lines: [{ name: 'NoSo', tone: 'ink', points: curves.nosos }],
    },
    seated: {
      title: 'A seat, where so many are taken',
      caption: 'CPU per seat, µs: over HTTP, and in the engine alone.',
      x: 'seats taken',
      lines: [
        {
          name: 'over HTTP',
          tone: 'ink',
          points: curves.seated.http.map(({ seats, join: y }) => ({ x: seats, y: round(y) })),
        },
        { name: 'engine alone', tone: 'graphite', points: curves.seated.engine },
      ],
    },
  };
}
