import { randomBytes } from 'node:crypto';
import * as assert from 'uvu/assert';
import { type ErrorCode, Refusal } from '../../../src/domain/errors.js';
import type { Noso, Venue } from '../../../src/domain/noso.js';
import type { Taken, Taking } from '../../../src/domain/seating.js';
import type { Engine } from '../../../src/engine/engine.js';

// What the stories have in common: places, gatherings, people.

const HOUR = 3_600_000;

export const newId = (): string => randomBytes(9).toString('base64url');

export const newVenue = (id = newId()): Venue => ({
  id,
  name: 'Café de la Gare',
  city: 'Lyon',
  timeZone: 'Europe/Paris',
  language: 'fr',
});

/** A NoSo that starts now, for an hour, with nothing special about it. */
export function newNoso(engine: Engine, over: Partial<Noso> = {}): Noso {
  const now = engine.now();
  return {
    id: newId(),
    venue: newId(),
    title: 'One quiet hour',
    startsAt: now,
    endsAt: now + HOUR,
    capacity: null,
    entry: 'code',
    show: 'numbers',
    pocket: null,
    veil: 5,
    opens: 'organizer',
    gather: 0,
    life: { is: 'scheduled' },
    ...over,
  };
}

/** Plans a NoSo at a venue of its own; returns its id. */
export async function planned(engine: Engine, over: Partial<Noso> = {}): Promise<string> {
  const noso = newNoso(engine, over);
  await engine.save('venue', noso.venue, newVenue(noso.venue));
  await engine.save('noso', noso.id, noso);
  return noso.id;
}

/** Plans a NoSo and opens it; returns its id. */
export async function opened(engine: Engine, over: Partial<Noso> = {}): Promise<string> {
  const id = await planned(engine, over);
  await engine.command(id, { do: 'open', by: 'organizer' });
  return id;
}

/** A request for a seat by someone who has just come in. */
export const asking = (engine: Engine, number: number, over: Partial<Taking> = {}): Taking => ({
  number,
  proof: { kind: 'entry', issuedAt: engine.now() },
  back: false,
  fresh: false,
  key: null,
  ...over,
});

/** Draws numbers and seats them all. */
export async function seated(engine: Engine, noso: string, count: number): Promise<Taken[]> {
  const numbers = await engine.draw(count);
  return Promise.all(numbers.map((number) => engine.take(noso, asking(engine, number))));
}

export async function countOf(engine: Engine, noso: string): Promise<number> {
  return (await engine.tail(noso, null)).count;
}

/** The refusal that `work` meets; fails if it meets none, or another one than `code`. */
export async function refused(work: Promise<unknown>, code: ErrorCode): Promise<Refusal> {
  const granted = (value: unknown) =>
    assert.unreachable(`expected ${code}, not ${JSON.stringify(value)}`);
  const error = await work.then(granted, (reason: unknown) => reason);
  if (!(error instanceof Refusal)) throw error;
  assert.is(error.code, code);
  return error;
}

/** What became of many requests: how many were granted, and the codes of the rest. */
export async function tallied(work: Promise<unknown>[]): Promise<Record<string, number>> {
  const tally: Record<string, number> = {};
  for (const outcome of await Promise.allSettled(work)) {
    const key = outcome.status === 'fulfilled' ? 'granted' : codeOf(outcome.reason);
    tally[key] = (tally[key] ?? 0) + 1;
  }
  return tally;
}

function codeOf(error: unknown): string {
  if (error instanceof Refusal) return error.code;
  throw error;
}
