import { parseArgs } from 'node:util';

/** What a profile is of; idle: per phone, of one ping interval of ours. */
export type Profile = 'join' | 'reconnect' | 'leave' | 'idle';

export type Options = {
  quick: boolean;
  check: boolean;
  curves: boolean;
  simulate: boolean;
  /** So many NoSos open at once, beside one; null: the table. */
  nosos: number | null;
  /** How many walls there are while a frame's cost is measured, one number after the other; null: the table. */
  frames: number[] | null;
  charts: string;
  profile: Profile | null;
  /** Contestants' keys; empty: all. */
  only: string[];
  n: number;
  rounds: number;
  /** Storms in the life of each contestant. */
  storms: number;
  walls: number;
  seed: number;
};

export const USAGE = `npm run bench -- [options]

  --quick        one round of 1,000 phones, no idling: under a minute
  --only a,b     these contestants (see the table's keys)
  --n 5000       phones
  --storms 5     storms in each life; those from the third on are warm (quick: 3)
  --rounds 3     rounds; the contestants take turns within each
  --walls 5      walls
  --seed 1       decides the order of the turns
  --check        compares with the bounds in test/bench/bounds.ts; exit code 1 if one fell
  --curves       scale curves of ours, and their charts, instead of the table
  --profile join where the CPU of a join (or reconnect, leave, idle) goes, instead of the table; leaves
                 <key>.<what>.cpuprofile in the working directory
  --nosos 1000   joins spread over so many open NoSos, in turn with the same joins to one, instead of
                 the table: the ratio, joins a second, and what an open NoSo takes
  --frames 300,1000  what a count frame costs the server with so many walls, in turn with the same
                 joins and one wall, instead of the table; the contestants take turns too
  --charts path  where they go; test/bench/charts
  --simulate     the engines alone at a million seats, and the plan, instead of the table`;

/** Reads the command line; throws with what is wrong with it. */
export function readOptions(given: string[]): Options {
  const { values } = parseArgs({
    args: given,
    options: {
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      curves: { type: 'boolean', default: false },
      simulate: { type: 'boolean', default: false },
      profile: { type: 'string' },
      nosos: { type: 'string' },
      frames: { type: 'string' },
      charts: { type: 'string', default: 'test/bench/charts' },
      only: { type: 'string', default: '' },
      n: { type: 'string' },
      rounds: { type: 'string' },
      storms: { type: 'string' },
      walls: { type: 'string' },
      seed: { type: 'string' },
    },
  });
  const { quick } = values;
  return {
    quick,
    check: values.check,
    curves: values.curves,
    simulate: values.simulate,
    charts: values.charts,
    profile: profileOf(values.profile),
    nosos: values.nosos === undefined ? null : count('nosos', values.nosos, 1),
    frames: values.frames?.split(',').map((walls) => count('frames', walls, 1)) ?? null,
    only: values.only.split(',').filter((key) => key !== ''),
    n: count('n', values.n, quick ? 1000 : 5000),
    rounds: count('rounds', values.rounds, quick ? 1 : 3),
    storms: count('storms', values.storms, quick ? 3 : 5),
    walls: count('walls', values.walls, 5),
    seed: count('seed', values.seed, Date.now() % 1_000_000),
  };
}

function profileOf(given: string | undefined): Options['profile'] {
  if (given === undefined) return null;
  if (given === 'join' || given === 'reconnect' || given === 'leave' || given === 'idle') {
    return given;
  }
  throw new Error('--profile: join, reconnect, leave or idle');
}

function count(name: string, given: string | undefined, otherwise: number): number {
  const value = given === undefined ? otherwise : Number(given);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name}: a count, from 1`);
  return value;
}
