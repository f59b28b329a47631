// A world of a pair: its phones, walls, door and loud one, and how they do what the plot says.
import type { TestApi } from '../../support/api.js';
import { click, type Doorway, openDoorway, PAPERS } from './doorway.js';
import { type House, type Line, wallToken, worldId } from './house.js';
import { type Loud, leave, noise, sit } from './loud.js';
import { type Deed, HONEST } from './plot.js';
import { seeded } from './random.js';

type Ear = { line: Line | null; frames: string[] };
export type World = {
  id: number;
  loud: Loud;
  phones: Ear[];
  walls: Ear[];
  door: Doorway;
  /** What those who ask are answered. */
  answers: string[];
};

export const numberOf = (world: number, who: number) => 100_000 + world * 10 + who;
export const papersOf = (world: number) =>
  Array.from({ length: PAPERS }, (_, k) => numberOf(world, HONEST + 1 + k));

function ear(house: House, hello: string): Ear {
  const frames: string[] = [];
  return { frames, line: house.dial(hello, (frame) => frames.push(frame)) };
}

/** Carries out what an honest participant or a wall does. */
export function act(house: House, world: World, deed: Deed): void | Promise<void> {
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

export async function step(house: House, world: World, deed: Deed): Promise<void> {
  const { loud } = world;
  if (deed.do === 'loud sits') return sit(loud);
  if (deed.do === 'loud leaves') return leave(loud);
  const acts = Array.from({ length: loud.random.below(3) }, () => () => noise(loud));
  const all = loud.random.shuffled([...acts, () => act(house, world, deed)]);
  await Promise.all(all.map((each) => each()));
}

export async function closeAll(house: House, worlds: World[], api: TestApi): Promise<void> {
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

/** A world in which nothing has happened, and whose loud one draws its bytes from a seed. */
export function openWorld(house: House, id: number, bytes: number): World {
  const loud: Loud = {
    house,
    world: id,
    number: numberOf(id, HONEST),
    random: seeded(bytes),
    standing: 'never',
    sitting: 0,
    code: '',
    tabs: [],
  };
  const world = { id, loud, phones: [], walls: [], answers: [], door: openDoorway(house, id) };
  act(house, world, { do: 'wall' });
  return world;
}
