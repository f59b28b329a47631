import type { Contestant } from '../contestants/contestant.js';
import { joinMore } from '../joins.js';
import { median, quantile, seeded, shuffled } from '../measure/stats.js';
import { onStages, type Side } from './on-stage.js';

/** What a spell of joins took of the servers, ms of CPU, and how many count frames walls got for it. */
export type Spell = { cpu: number; frames: number; seconds: number };
/** The same spell with one wall and with many, one soon after the other. */
export type Pair = { one: Spell; many: Spell };

export type WallFigures = {
  walls: number;
  /** Of a core, what the joins themselves cost taken off. */
  share: number;
  /** The same for one count frame to one wall, µs: the median of the turns, and the quartiles. */
  perFrame: number;
  quartiles: [number, number];
  /** Count frames that a wall got in a second. */
  perSecond: number;
};

export type Spells = {
  /** Turns that count; one more goes before them. */
  turns: number;
  /** Of one spell. */
  seconds: number;
  /** Decides the order within each turn. */
  seed: number;
};

/** Joins a second: enough that every throttle period has news. */
const PER_SECOND = 20;

/** Phones come in slowly for so long, and stay; every wall ends exact, or this throws `Wrong`. */
async function spell(side: Side, seconds: number): Promise<Spell> {
  const joins = PER_SECOND * seconds;
  side.shown += joins;
  const phones = await side.stage.crowd(joins);
  const figures = await joinMore(side.stage, side.loads, phones, side.shown, PER_SECOND);
  const { countFrames, prompt, seconds: took } = figures;
  return { cpu: (prompt * joins) / 1000, frames: countFrames, seconds: took };
}

/**
 * What it costs to tell so many walls while people come in slowly: the CPU of the servers with all of
 * them, less that of the same joins with one. Every contestant lives twice, and all take turns, in an
 * order drawn anew for each. By key.
 */
export async function wallCosts(
  contestants: readonly Contestant[],
  walls: number,
  { turns, seconds, seed }: Spells,
): Promise<Record<string, Pair[]>> {
  const random = seeded(seed);
  const lives = contestants.flatMap((contestant) => [
    { contestant, setting: { n: 1, walls: 1, storms: 1 } },
    { contestant, setting: { n: 1, walls, storms: 1 } },
  ]);
  return onStages(lives, async (sides) => {
    const costs: Record<string, Pair[]> = {};
    for (const [index, { contestant }] of lives.entries()) {
      const { stage } = sides[index] as Side;
      if (stage.walls.length === 0 || stage.join !== 'socket') {
        throw new Error(
          `${contestant.key}: no walls that could be told of one join after the other`,
        );
      }
      costs[contestant.key] = [];
      await stage.nextStorm();
    }
    for (let turn = -1; turn < turns; turn += 1) {
      const took = new Map<Side, Spell>();
      for (const side of shuffled(sides, random)) took.set(side, await spell(side, seconds));
      if (turn < 0) continue; // a cold process costs more, and walls come to a NoSo that just opened
      contestants.forEach(({ key }, index) => {
        const [one, many] = sides.slice(index * 2).map((side) => took.get(side) as Spell);
        costs[key]?.push({ one: one as Spell, many: many as Spell });
      });
    }
    return costs;
  });
}

/** The figures of such turns. */
export function wallFigures(walls: number, pairs: Pair[]): WallFigures {
  const alone = ({ one, many }: Pair) => (one.cpu / one.seconds) * many.seconds;
  const more = (pair: Pair) => Math.max(0, pair.many.cpu - alone(pair));
  const each = pairs.map((pair) => {
    return (more(pair) * 1000) / Math.max(1, pair.many.frames - pair.one.frames);
  });
  return {
    walls,
    share: median(pairs.map((pair) => more(pair) / 1000 / pair.many.seconds)),
    perFrame: median(each),
    quartiles: [quantile(each, 0.25), quantile(each, 0.75)],
    perSecond: median(pairs.map(({ many }) => many.frames / walls / many.seconds)),
  };
}
