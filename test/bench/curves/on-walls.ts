import { REFERENCE } from '../contestants/all.js';
import type { Contestant } from '../contestants/contestant.js';
import { round } from '../summary.js';
import { type WallFigures, wallCosts, wallFigures } from './walls.js';

export type OnWalls = {
  bench: 'frames';
  /** By the contestants' keys, one for each number of walls. */
  frames: Record<string, WallFigures[]>;
};

/** Who is measured where nobody is named: R is a throttled broadcast to a Socket.IO room. */
export const ON_WALLS = ['ours', 'ours-redis', REFERENCE];

export const inWords = (
  key: string,
  { walls, share, perFrame, quartiles, perSecond }: WallFigures,
) =>
  `${key}: ${walls} walls, ${round(perSecond)} count frames a second each: ${round(perFrame)} µs a frame ` +
  `(quartiles ${round(quartiles[0])} to ${round(quartiles[1])}), ${round(share * 100)} % of a core`;

/** What a frame to a wall costs each of them, with so many walls. */
export async function runOnWalls(
  contestants: readonly Contestant[],
  walls: readonly number[],
  { quick, rounds, seed }: { quick: boolean; rounds: number; seed: number },
  say: (line: string) => void,
): Promise<OnWalls> {
  const frames: Record<string, WallFigures[]> = {};
  for (const many of walls) {
    const spells = { turns: rounds, seconds: quick ? 3 : 10, seed };
    for (const [key, pairs] of Object.entries(await wallCosts(contestants, many, spells))) {
      const figures = wallFigures(many, pairs);
      frames[key] = [...(frames[key] ?? []), figures];
      say(inWords(key, figures));
    }
  }
  return { bench: 'frames', frames };
}
