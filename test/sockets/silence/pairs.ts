// S5: pairs of runs that differ only in the bytes that one participant sends. Two servers, their
// clocks held together, run the same NoSos with the same numbers, tokens and deeds; in each the
// loud one's bytes are drawn anew. Whatever anybody else is sent must be the same to the byte.
import { randomUUID } from 'node:crypto';
import { besides, knowDoor, news, saveDoor } from './doorway.js';
import { compare, type Difference, timeless } from './frames.js';
import { type House, openHouse, openWorlds, planWorlds, worldId } from './house.js';
import { beforehand, leave, sit } from './loud.js';
import { askAhead, askMeanwhile, readFigures } from './others.js';
import { type Deed, drawPlot } from './plot.js';
import { type Random, seeded } from './random.js';
import { closeAll, openWorld, papersOf, step, type World } from './world.js';

/** Steps of a run that goes through all that can be, a seat that comes back after a minute too … */
const LONG = 14;
/** … and of most, of which there can be many. */
const SHORT = 4;
/** The first lot, and one in so many after it, is long, and half as large. */
const OF_WHICH_LONG = 5;
/** How time passes between two steps, in ms; once in a long run it is a minute. */
const PAUSES = [0, 1, 40, 110, 130, 500, 1000, 2500, 5000];
const MINUTE = 60_500;
/** How long a NoSo gathers before its silence, in ms; not at all, or well into the run. */
const AHEAD = [0, 1000, 4000, 15_000, 70_000];
/** The same where the engine's time goes on by itself. */
const PASSING = [0, 1, 40, 130, 500];

export type Outcome = { pairs: number; frames: number; differences: Difference[] };

type Run = {
  house: House;
  ids: number[];
  /** What happens, and what the loud ones' bytes are drawn from. */
  seed: number;
  bytes: number;
  also: boolean;
  /** Whether time is the house's own to hold; else nothing happens that needs a minute or a tick. */
  held: boolean;
  long: boolean;
};

/** How long it is until each of the steps, ms. */
function drawPauses(random: Random, { held, long }: Run): number[] {
  const length = held ? (long ? LONG : SHORT) : LONG / 2;
  const pauses = Array.from({ length }, () => random.of(held ? PAUSES : PASSING));
  if (held && long) pauses[random.below(length)] = MINUTE;
  return pauses;
}

/** One run of many worlds; what everybody but the loud ones was sent, by name. */
async function run(given: Run): Promise<Map<string, string[]>> {
  const { house, ids, seed, bytes, also, held } = given;
  const random = seeded(seed);
  const pauses = drawPauses(random, given);
  await planWorlds(
    house,
    ids.map((id) => ({
      id,
      veil: held ? random.of([0, 1, 5]) : 0,
      ahead: random.of(held ? AHEAD : AHEAD.slice(0, 3)),
    })),
  );
  // After their NoSos: a door of none is cleared away.
  for (const id of ids) await saveDoor(house, id, papersOf(id));
  // The mirror looks every second.
  if (held) await house.advance(1000);
  else for (const id of ids) await knowDoor(house, id);
  const worlds: World[] = [];
  const plots = new Map<World, Deed[]>();
  for (const id of ids) {
    const world = openWorld(house, id, bytes + id);
    plots.set(world, drawPlot(random, pauses));
    worlds.push(world);
  }
  await house.settle();
  // Whoever means to come says so, as often and in whatever bytes they like: nobody is told (S2 S5).
  await Promise.all(worlds.map(({ loud }) => beforehand(loud)));
  await house.settle();
  for (const { id, answers } of worlds) answers.push(...(await askAhead(house, id, held)));
  await openWorlds(house, ids);
  for (const { id, loud } of worlds) {
    loud.code = (await house.local.api.code(worldId(id))).code;
  }
  for (let k = 0; k < pauses.length; k += 1) {
    await house.advance(pauses[k] as number);
    const at = worlds.map((world) => step(house, world, (plots.get(world) as Deed[])[k] as Deed));
    await Promise.all(at);
    await house.settle();
  }
  // The control of the test itself: one more deed, which must show.
  const first = worlds[0];
  if (held && first?.loud.standing === 'left') await house.advance(MINUTE);
  if (also && first) await (first.loud.standing === 'seated' ? leave : sit)(first.loud);
  await house.advance(held ? 6000 : 500);
  for (const { id, answers } of worlds) answers.push(...(await askMeanwhile(house, id, held)));
  const figures = await readFigures(house);
  await closeAll(house, worlds, house.local.api);
  for (const { id, door } of worlds) {
    const strays = besides(door.frames);
    if (strays.length > 0) throw new Error(`the door of ${id} was sent ${strays[0]}`);
  }
  return new Map([
    [`${ids[0]} figures`, figures] as const,
    ...worlds.flatMap(({ id, phones, walls, door, answers }) => [
      [`${id} asked`, answers] as const,
      [`${id} door`, news(door.frames)] as const,
      ...Array.from(phones, (each, k) => [`${id} phone ${k}`, each?.frames ?? []] as const),
      ...walls.map((each, k) => [`${id} wall ${k}`, each.frames] as const),
    ]),
  ]);
}

export type Pairs = {
  pairs: number;
  together: number;
  seed: number;
  /** The first of each lot has one more deed in its second run, so that a difference is to be found. */
  also?: boolean;
  /** On this Redis, whose time nobody holds: then frames are compared without their times and beats. */
  redis?: string;
  /** How much longer the disk takes for each job, in ms. */
  slow?: number;
};

/** A lot of them, from the `first` on, on two servers of its own. */
async function runLot(options: Pairs, first: number, long: boolean): Promise<Outcome> {
  const { redis, also = false } = options;
  const held = redis === undefined;
  const most = held && long ? Math.ceil(options.together / 2) : options.together;
  const size = Math.min(most, options.pairs - first);
  const ids = Array.from({ length: size }, (_, k) => first + k);
  const seed = options.seed + first;
  const open = () =>
    openHouse(held ? null : { url: redis, prefix: `${randomUUID()}:` }, options.slow);
  const houses = [await open(), await open()] as const;
  try {
    const same = { ids, seed, held, long };
    const [one, other] = await Promise.all([
      run({ ...same, house: houses[0], bytes: seed + 1e6, also: false }),
      run({ ...same, house: houses[1], bytes: seed + 2e6, also }),
    ]);
    const lots = held ? ([one, other] as const) : ([timeless(one), timeless(other)] as const);
    const frames = [...lots[0].values()].reduce((sum, each) => sum + each.length, 0);
    return { pairs: size, frames, differences: compare(...lots) };
  } finally {
    for (const house of houses) await house.stop();
  }
}

const placeOf = ({ world, who }: Difference) => `${world} ${who.split(',')[0]}`;

/**
 * Runs `pairs` pairs, `together` at a time, until there is a difference. A lot in which one was seen is
 * run again, `times` in all, and what counts is what was in the same place each time: what a
 * participant's bytes do they do each time, since all chance is fixed; what a busy machine does to one of
 * two servers is in another place, or nowhere.
 */
export async function runPairs(options: Pairs & { times?: number }): Promise<Outcome> {
  const { times = 3 } = options;
  const outcome: Outcome = { pairs: 0, frames: 0, differences: [] };
  for (let lot = 0; outcome.pairs < options.pairs && outcome.differences.length === 0; lot += 1) {
    const long = lot % OF_WHICH_LONG === 0;
    let { pairs, frames, differences } = await runLot(options, outcome.pairs, long);
    for (let time = 2; differences.length > 0 && time <= times; time += 1) {
      const places = new Set(differences.map(placeOf));
      const again = await runLot(options, outcome.pairs, long);
      differences = again.differences.filter((each) => places.has(placeOf(each)));
    }
    outcome.pairs += pairs;
    outcome.frames += frames;
    outcome.differences.push(...differences);
  }
  return outcome;
}
