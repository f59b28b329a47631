// S5: pairs of runs that differ only in the bytes that one participant sends. Two servers, their
// clocks held together, run the same NoSos with the same numbers, tokens and deeds; in each the
// loud one's bytes are drawn anew. Whatever anybody else is sent must be the same to the byte.
import type { TestApi } from '../../support/api.js';
import { besides, click, type Doorway, news, openDoorway, PAPERS, saveDoor } from './doorway.js';
import { compare, type Difference, timeless } from './frames.js';
import {
  type House,
  type Line,
  openHouse,
  openWorlds,
  planWorlds,
  wallToken,
  worldId,
} from './house.js';
import { beforehand, type Loud, leave, noise, sit } from './loud.js';
import { type Deed, drawPlot, HONEST } from './plot.js';
import { seeded } from './random.js';

const STEPS = 14;
/** How time passes between two steps, in ms; once in a run, half the time, it is a minute. */
const PAUSES = [0, 1, 40, 110, 130, 500, 1000, 2500, 5000];
const MINUTE = 60_500;
/** How long a NoSo gathers before its silence, in ms; not at all, or well into the run. */
const AHEAD = [0, 1000, 4000, 15_000, 70_000];
/** The same where the engine's time goes on by itself. */
const SHORT = [0, 1, 40, 130, 500];

type Ear = { line: Line | null; frames: string[] };
type World = {
  id: number;
  loud: Loud;
  phones: Ear[];
  walls: Ear[];
  door: Doorway;
  /** What those who ask are answered before it opens. */
  answers: string[];
};

export type Outcome = { pairs: number; frames: number; differences: Difference[] };

const numberOf = (world: number, who: number) => 100_000 + world * 10 + who;
const papersOf = (world: number) =>
  Array.from({ length: PAPERS }, (_, k) => numberOf(world, HONEST + 1 + k));

function ear(house: House, hello: string): Ear {
  const frames: string[] = [];
  return { frames, line: house.dial(hello, (frame) => frames.push(frame)) };
}

/** Carries out what an honest participant or a wall does. */
function act(house: House, world: World, deed: Deed): void | Promise<void> {
  switch (deed.do) {
    case 'sit': {
      const before = world.phones[deed.who];
      before?.line?.drop();
      const id = worldId(world.id);
      const token = house.tokens.number(numberOf(world.id, deed.who));
      const pass = house.passes.entry(id, house.now(), house.start);
      const next = ear(house, `40/phone,${JSON.stringify({ token, pass })}`);
      world.phones[deed.who] = { ...next, frames: next.frames };
      if (before) next.frames.unshift(...before.frames);
      return;
    }
    case 'leave':
      world.phones[deed.who]?.line?.send('42/phone,1["leave"]');
      return;
    case 'drop':
      world.phones[deed.who]?.line?.drop();
      return;
    case 'wall':
      world.walls.push(ear(house, `40/wall,${JSON.stringify({ token: wallToken(world.id) })}`));
      return;
    case 'door':
      return click(house, world.id, world.door, deed, papersOf(world.id));
    case 'sync':
      world.walls[0]?.line?.send('42/wall,1["sync"]');
      return;
    default:
  }
}

async function step(house: House, world: World, deed: Deed): Promise<void> {
  const { loud } = world;
  if (deed.do === 'loud sits') return sit(loud);
  if (deed.do === 'loud leaves') return leave(loud);
  const acts = Array.from({ length: loud.random.below(3) }, () => () => noise(loud));
  const all = loud.random.shuffled([...acts, () => act(house, world, deed)]);
  await Promise.all(all.map((each) => each()));
}

async function closeAll(house: House, worlds: World[], api: TestApi): Promise<void> {
  for (const { id } of worlds) {
    await api.own('POST', `/api/nosos/${worldId(id)}/close`);
  }
  await house.advance(1000);
  for (const { loud, phones, walls, door } of worlds) {
    for (const each of [...phones, ...walls, door]) each?.line?.drop();
    for (const tab of loud.tabs) tab.drop();
  }
  await house.settle();
}

/** What a stranger and an honest participant are answered of a NoSo that is planned. */
async function asked(house: House, id: number, held: boolean): Promise<string[]> {
  const { url } = house.local;
  const token = house.tokens.number(numberOf(id, 0));
  const who: Record<string, string>[] = [{}, { authorization: `Bearer ${token}` }];
  // A page says hours in words, which are the same where time is held.
  const paths = [`/api/nosos/${worldId(id)}`, ...(held ? [`/n/${worldId(id)}`, '/'] : [])];
  const answers: string[] = [];
  for (const path of paths) {
    for (const headers of who) answers.push(await (await fetch(url + path, { headers })).text());
  }
  return answers;
}

type Run = {
  house: House;
  ids: number[];
  /** What happens, and what the loud ones' bytes are drawn from. */
  seed: number;
  bytes: number;
  also: boolean;
  /** Whether time is the house's own to hold; else nothing happens that needs a minute or a tick. */
  held: boolean;
};

/** One run of many worlds; what everybody but the loud ones was sent, by name. */
async function run({ house, ids, seed, bytes, also, held }: Run): Promise<Map<string, string[]>> {
  const random = seeded(seed);
  const steps = held ? STEPS : STEPS / 2;
  const pauses = Array.from({ length: steps }, () => random.of(held ? PAUSES : SHORT));
  if (held && random.chance(0.5)) pauses[random.below(steps)] = MINUTE;
  for (const id of ids) await saveDoor(house, id, papersOf(id));
  await planWorlds(
    house,
    ids.map((id) => ({
      id,
      veil: held ? random.of([0, 1, 5]) : 0,
      ahead: random.of(held ? AHEAD : AHEAD.slice(0, 3)),
    })),
  );
  const worlds: World[] = [];
  const plots = new Map<World, Deed[]>();
  for (const id of ids) {
    const loud: Loud = {
      house,
      world: id,
      number: numberOf(id, HONEST),
      random: seeded(bytes + id),
      standing: 'never',
      sitting: 0,
      code: '',
      tabs: [],
    };
    const world: World = {
      id,
      loud,
      phones: [],
      walls: [],
      answers: [],
      door: openDoorway(house, id),
    };
    plots.set(world, drawPlot(random, pauses));
    act(house, world, { do: 'wall' });
    worlds.push(world);
  }
  await house.settle();
  // Whoever means to come says so, as often and in whatever bytes they like: nobody is told (S2 S5).
  await Promise.all(worlds.map(({ loud }) => beforehand(loud)));
  await house.settle();
  for (const { id, answers } of worlds) answers.push(...(await asked(house, id, held)));
  await openWorlds(house, ids);
  for (const { id, loud } of worlds) {
    loud.code = (await house.local.api.code(worldId(id))).code;
  }
  for (let k = 0; k < steps; k += 1) {
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
  await closeAll(house, worlds, house.local.api);
  for (const { id, door } of worlds) {
    const strays = besides(door.frames);
    if (strays.length > 0) throw new Error(`the door of ${id} was sent ${strays[0]}`);
  }
  return new Map(
    worlds.flatMap(({ id, phones, walls, door, answers }) => [
      [`${id} asked`, answers] as const,
      [`${id} door`, news(door.frames)] as const,
      ...Array.from(phones, (each, k) => [`${id} phone ${k}`, each?.frames ?? []] as const),
      ...walls.map((each, k) => [`${id} wall ${k}`, each.frames] as const),
    ]),
  );
}

/**
 * Runs `pairs` pairs, `together` at a time. With `also`, the first of each lot has one more deed in
 * its second run, so that a difference is to be found. With `redis`, on that Redis, whose time
 * nobody holds: then frames are compared without their times and without beats.
 */
export async function runPairs(options: {
  pairs: number;
  together: number;
  seed: number;
  also?: boolean;
  redis?: string;
  /** Which time it is that these are run. */
  time?: number;
}): Promise<Outcome> {
  const { redis, also = false, time = 1 } = options;
  const on = (prefix: string) => (redis === undefined ? null : { url: redis, prefix });
  const houses = [
    await openHouse(on(`one${options.seed}.${time}:`)),
    await openHouse(on(`other${options.seed}.${time}:`)),
  ] as const;
  const held = redis === undefined;
  const outcome: Outcome = { pairs: 0, frames: 0, differences: [] };
  try {
    while (outcome.pairs < options.pairs && outcome.differences.length === 0) {
      const ids = Array.from({ length: options.together }, (_, k) => outcome.pairs + k);
      const seed = options.seed + outcome.pairs;
      const same = { ids, seed, held };
      const [one, other] = await Promise.all([
        run({ ...same, house: houses[0], bytes: seed + 1e6, also: false }),
        run({ ...same, house: houses[1], bytes: seed + 2e6, also }),
      ]);
      const lots = held ? ([one, other] as const) : ([timeless(one), timeless(other)] as const);
      outcome.differences.push(...compare(...lots));
      outcome.pairs += ids.length;
      outcome.frames += [...lots[0].values()].reduce((sum, frames) => sum + frames.length, 0);
    }
  } finally {
    for (const house of houses) await house.stop();
  }
  return outcome;
}

/**
 * The same, and up to twice more where a difference was seen. What a participant's bytes do they do each time,
 * since all chance is fixed; what a busy machine does to one of two servers is in another place, or
 * nowhere.
 */
export async function runPairsSurely(options: Parameters<typeof runPairs>[0]): Promise<Outcome> {
  let outcome = await runPairs(options);
  const place = ({ world, who }: Difference) => `${world} ${who.split(',')[0]}`;
  for (let time = 2; outcome.differences.length > 0 && time <= 3; time += 1) {
    const before = new Set(outcome.differences.map(place));
    const again = await runPairs({ ...options, time });
    outcome = {
      ...again,
      differences: again.differences.filter((each) => before.has(place(each))),
    };
  }
  return outcome;
}
