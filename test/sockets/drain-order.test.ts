import type { Server } from 'node:http';
import * as assert from 'uvu/assert';
import { drain } from '../../src/sockets/drain.js';
import type { Io } from '../../src/sockets/io.js';
import { seeded } from '../engine/seeded.js';
import { suite } from '../support/suite.js';

const test = suite('the order of a drain');

/** Connections, in the order in which they came, and how often they are drained. */
const MANY = 20;
const RUNS = 4000;

/** A server with so many phones; who was moved, by when they came. `wait` is told how many were by then. */
async function drained(
  random: (n: number) => number,
  many = MANY,
  wait: (ms: number, moved: number) => void = () => {},
): Promise<number[]> {
  const moved: number[] = [];
  const sockets = new Map(
    Array.from({ length: many }, (_, k) => [k, { conn: { close: () => moved.push(k) } }]),
  );
  const http = {
    close: (done: () => void) => done(),
    closeIdleConnections: () => {},
    closeAllConnections: () => {},
  };
  const io = {
    of: (name: string) => ({ sockets: name === '/phone' ? sockets : new Map() }),
    close: async () => {},
  };
  const waited = async (ms: number) => wait(ms, moved.length);
  await drain(http as unknown as Server, io as unknown as Io, { random, wait: waited });
  return moved;
}

test('F2 whoever connected when, each place in the order is as likely as any other', async () => {
  const next = seeded(20261126);
  const random = (n: number) => Math.floor(next() * n);
  const seen = Array.from({ length: MANY }, () => new Array<number>(MANY).fill(0));
  for (let run = 0; run < RUNS; run += 1) {
    const moved = await drained(random);
    assert.is(new Set(moved).size, MANY, 'each is moved once');
    for (const [place, who] of moved.entries()) {
      const row = seen[who] as number[];
      row[place] = (row[place] ?? 0) + 1;
    }
  }
  // Pearson's χ² over who × place: 19² degrees of freedom, so 361 on average, ± 27. One that sorted
  // by a coin had the first to come in the first place in 11.6 % of runs, and ten times as much here.
  const expected = RUNS / MANY;
  const chi = seen.flat().reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  assert.ok(chi < 361 + 5 * 27, `χ² is ${Math.round(chi)}`);
  assert.ok(chi > 361 - 5 * 27, `χ² is ${Math.round(chi)}: too even to be chance`);
});

test('F2 in batches: spread out over some seconds, never more than a few in the same moment', async () => {
  for (const many of [21, 300, 10_000]) {
    const pauses: [ms: number, moved: number][] = [];
    await drained(
      () => 0,
      many,
      (ms, moved) => pauses.push([ms, moved]),
    );
    // The last wait is for requests that are under way.
    const between = pauses.filter(([, moved]) => moved < many);
    const sizes = between.map(([, moved], k) => moved - (between[k - 1]?.[1] ?? 0));
    assert.ok(
      Math.max(...sizes) <= Math.ceil(many / 20),
      `${Math.max(...sizes)} of ${many} at once`,
    );
    assert.ok(between.every(([ms]) => ms >= 200));
    const all = between.reduce((sum, [ms]) => sum + ms, 0);
    assert.ok(all >= 2000 && all <= 4000, `${many} over ${all} ms`);
  }
});
