// A door of a world: somebody at the entrance counts people in and out by hand, on paper numbers so
// that no chance is in it. What it is sent and answered is heard like everybody else's.
import { hashOf } from '../../../src/service/identity.js';
import { until } from '../../support/wait.js';
import { type House, keep, type Line, worldId } from './house.js';
import type { Random } from './random.js';

/** Paper numbers of a world. */
export const PAPERS = 3;

/** What somebody at the door does: with a paper number, or takes back a click of before. */
export type AtDoor = { do: 'door'; what: 'in' | 'out' | 'undo'; paper: number };

export type Doorway = { line: Line; frames: string[]; clicks: string[] };

const doorToken = (world: number) => `door.door${world}.for the tests`;

export const atDoor = (random: Random): AtDoor => ({
  do: 'door',
  what: random.of(['in', 'in', 'out', 'undo']),
  paper: random.below(PAPERS),
});

/** What belongs to a world's door, in the catalogue. */
export async function saveDoor(house: House, world: number, numbers: number[]): Promise<void> {
  const noso = worldId(world);
  await keep(house, 'door', `door${world}`, {
    ...{ id: `door${world}`, noso, name: 'Entrée' },
    ...{ hash: hashOf(doorToken(world)), createdAt: house.now() },
  });
  await keep(house, 'paper', `paper${world}`, { id: `paper${world}`, noso, numbers });
}

/** Resolves once the server knows of a world's door: on Redis it reads of it when it gets to it. */
export async function knowDoor(house: House, world: number): Promise<void> {
  const look = () => house.local.api.call('POST', '/api/door', { clicks: [] }, doorToken(world));
  // A store that does not answer in time says nothing about it either.
  const isKnown = async () => ![401, 503].includes((await look()).status);
  await until(isKnown, { what: `door ${world} to be known`, every: 200 });
}

export function openDoorway(house: House, world: number): Doorway {
  const frames: string[] = [];
  const hello = `40/door,${JSON.stringify({ token: doorToken(world) })}`;
  return { frames, clicks: [], line: house.dial(hello, (frame) => frames.push(frame)) };
}

/** Carries a click out, and hears its answer. */
export async function click(
  house: House,
  world: number,
  doorway: Doorway,
  { what, paper }: AtDoor,
  numbers: number[],
): Promise<void> {
  const { clicks, frames } = doorway;
  const id = `click-of-the-door-${clicks.length}`;
  const of = clicks.at(-1) ?? 'a-click-that-never-was';
  clicks.push(id);
  const at = new Date(house.now()).toISOString();
  const asked = what === 'undo' ? { of } : { number: String(numbers[paper]) };
  const body = { clicks: [{ id, what, at, ...asked }] };
  const ask = () => house.local.api.call('POST', '/api/door', body, doorToken(world));
  let answer = await ask();
  // The same click is safe to be asked for again (P3).
  for (let k = 0; answer.status === 503 && k < 5; k += 1) {
    await house.advance(500);
    answer = await ask();
  }
  if (answer.status !== 200) throw new Error(`door: ${JSON.stringify(answer.body)}`);
  frames.push(`answered ${JSON.stringify(answer.body)}`);
}

const COUNT =
  /42\/door,\["count",\{"noso":"\w+","epoch":\d+,"seq":\d+,"count":\d+,"capacity":null,"here":\d+\}\]$/;
const OTHERS = /^answered | 40\/door,\{"sid"\}$| 42\/door,\["closed",| 41\/door,$| ended$/;

/** What a door was sent that is neither the count nor an answer of its own. */
export const besides = (frames: string[]): string[] =>
  frames.filter((frame) => !COUNT.test(frame) && !OTHERS.test(frame));

const textOf = (frame: string) => frame.replace(/^\d+ /, '');

/**
 * What a door was answered, and what it was told: by lines of their own, either of which may be the
 * faster. What it is told is without what was told just before: it is told the same again with every
 * beat, after a read of its own, whose time the test does not hold.
 */
export const news = (frames: string[]): string[] => {
  const answers = frames.filter((frame) => frame.startsWith('answered '));
  const told = frames.filter((frame) => !frame.startsWith('answered '));
  const isNew = (frame: string, k: number) =>
    k === 0 || textOf(frame) !== textOf(told[k - 1] ?? '');
  return [...answers, ...told.filter(isNew)];
};
