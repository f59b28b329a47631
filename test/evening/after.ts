import * as assert from 'uvu/assert';
import type { NosoRecord } from '../../src/protocol/wire.js';
import type { TestWall } from '../support/sockets.js';
import { until } from '../support/wait.js';
import type { House } from './house.js';

const MINUTE = 60_000;

/** So many seats taken at some moment between both, ms; and the same of those given back. */
export type Span = { n: number; from: number; to: number };

/**
 * L5: person-minutes of the silence, to the unit: where a moment is known as lying between two, both
 * ends of it are counted through.
 */
export function judgeMinutes(record: NosoRecord, taken: Span[], left: Span[]): void {
  const [began, closed] = [record.beganAt, record.closedAt ?? ''].map(Date.parse) as [
    number,
    number,
  ];
  const stay = ({ n }: Span, since: number) => n * (closed - Math.max(since, began));
  const sum = (spans: Span[], of: (span: Span) => number) =>
    spans.reduce((all, span) => all + stay(span, of(span)), 0);
  const least = sum(taken, ({ to }) => to) - sum(left, ({ from }) => from);
  const most = sum(taken, ({ from }) => from) - sum(left, ({ to }) => to);
  const [low, high] = [Math.round(least / MINUTE), Math.round(most / MINUTE)];
  const { personMinutes } = record;
  const of = `${personMinutes} person-minutes, of ${low} to ${high}`;
  assert.ok(personMinutes >= low && personMinutes <= high, of);
}

/** A number, and nothing that goes on before or after it: moments are longer. */
const standing = (number: string) => new RegExp(`(?<![\\dA-Za-z])${number}(?![\\dA-Za-z])`);

/** Of `numbers` and `secrets`, those that lie anywhere in the store. */
export async function foundIn(
  house: House,
  noso: string,
  numbers: readonly string[],
  secrets: readonly string[],
): Promise<{ found: string[]; live: string[] }> {
  const { text, live } = await house.stored(noso);
  const found = [
    ...numbers.filter((number) => standing(number).test(text)),
    ...secrets.filter((secret) => text.includes(secret)),
  ];
  return { found, live };
}

/** L4: nothing of them is left within the minute. */
export async function judgeForgetting(
  house: House,
  noso: string,
  numbers: readonly string[],
  secrets: readonly string[],
): Promise<void> {
  let last = '';
  const gone = async () => {
    const { found, live } = await foundIn(house, noso, numbers, secrets);
    last = [...found, ...live].join(', ');
    return last === '';
  };
  await until(gone, { what: 'nothing to be left', deadline: 60_000, every: 200 }).catch((error) => {
    throw new Error(`${error.message}: ${last}`);
  });
}

/** P1 W4: whatever was killed, no wall ever shows fewer than were acknowledged. */
export function judgeFloors(walls: TestWall[], floors: { from: number; count: number }[]): void {
  for (const [k, wall] of walls.entries()) {
    for (const { at, event, frame } of wall.frames) {
      const floor = floors.findLast(({ from }) => from <= at)?.count ?? 0;
      if (!('count' in frame)) continue;
      assert.ok(frame.count >= floor, `wall ${k}: a ${event} of ${frame.count} after ${floor}`);
    }
  }
}
