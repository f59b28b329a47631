import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import type { Noso, Numbers, Snapshot } from '../../src/protocol/wire.js';
import { type Local, startLocal } from '../support/local.js';
import { machineTime } from '../support/machineTime.js';
import { ownPrefix, startRedis } from '../support/redis.js';
import { openWall, type TestWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { apart, CHANCE, neighbours, rising } from './ranks.js';

const test = suite('what walls tell of the order of arrival');

const COME = 360;
const GO = 120;
/** Snapshots asked for on the way. */
const LOOKS = 6;
/** Pairs of numbers side by side in frames that are enough to tell an order by. */
const PAIRS = 60;

/** Ranks of those that the frames name, in the order of the frames. */
type Told = { seated: number[][]; gone: number[][]; snapshots: number[][] };

/**
 * One evening, from the gathering on, chance and all: they come one after the other, at one node after
 * the other, and later some of them go. What the walls of every node were told of it, as ranks.
 */
async function evening(nodes: Local[]) {
  const [first] = nodes as [Local];
  const startsAt = new Date(Date.now() + 600_000).toISOString();
  const noso = await first.api.noso({ veil: 1, startsAt, gather: 15 });
  const { token } = await first.api.wall(noso.venue.id);
  const walls = nodes.map(({ url }) => openWall(url, token));
  await until(() => walls.every((wall) => wall.snapshot?.noso?.state === 'open'));
  const came: { number: string; token: string; node: number }[] = [];
  let code = '';
  for (let k = 0; k < COME; k += 1) {
    const node = Math.floor(Math.random() * nodes.length);
    const { api } = nodes[node] as Local;
    if (k % 20 === 0) code = (await api.code(noso.id)).code;
    const entered = await api.call<{ token: string; seat: { number: string } }>(
      'POST',
      '/api/seats',
      { code },
    );
    assert.is(entered.status, 201, JSON.stringify(entered.body));
    came.push({ number: entered.body.seat.number, token: entered.body.token, node });
    if (k % (COME / LOOKS) === COME / LOOKS - 1) await look(walls);
    if (k === COME / 2) {
      // What is shown anew is what was shown: on a fast machine no tick had come by now.
      await until(() => walls.every((wall) => wall.numbers?.size === came.length));
      const path = `/api/nosos/${noso.id}`;
      await first.api.own<Noso>('PATCH', path, { startsAt: new Date().toISOString() });
    }
  }
  await until(() => walls.every((wall) => wall.numbers?.size === COME));
  const went = came.filter((_, k) => k % (COME / GO) === 0).reverse();
  for (const [k, { token }] of went.entries()) {
    await (nodes[k % nodes.length] as Local).api.leave(token, noso.id);
  }
  await until(() => walls.every((wall) => wall.numbers?.size === COME - GO));
  for (const wall of walls) wall.close();
  const rank = new Map(came.map(({ number }, k) => [number, k]));
  const left = new Map(went.map(({ number }, k) => [number, k]));
  return { came, told: walls.map((wall) => toldTo(wall, rank, left)) };
}

/** Has each be shown all anew, as if it had asked on its own, and notes what it was answered. */
async function look(walls: TestWall[]): Promise<void> {
  for (const { socket, frames } of walls) {
    const frame = (await socket.timeout(10_000).emitWithAck('sync', {})) as Snapshot;
    if (!frame.venue) continue; // asked too often within a second
    frames.push({ at: Date.now(), given: machineTime(), event: 'snapshot', frame });
  }
}

function toldTo(wall: TestWall, rank: Map<string, number>, left: Map<string, number>): Told {
  const ranks = (numbers: string[], of: Map<string, number>) =>
    numbers.map((number) => of.get(number) ?? assert.unreachable(`${number} is nobody's`));
  const changes = wall.frames.filter(({ event }) => event === 'numbers');
  const all = wall.frames.filter(({ event }) => event === 'snapshot');
  return {
    seated: changes.map(({ frame }) => ranks((frame as Numbers).seated, rank)),
    gone: changes.map(({ frame }) => ranks((frame as Numbers).gone, left)),
    snapshots: all.map(({ frame }) => ranks((frame as Snapshot).numbers ?? [], rank)),
  } as Told;
}

function judge({ came, told }: Awaited<ReturnType<typeof evening>>): void {
  const none = (what: string, deviations: number) =>
    assert.ok(Math.abs(deviations) < CHANCE, `${what}: ${deviations.toFixed(1)} deviations`);
  // What the numbers themselves tell: none is longer, or higher, or odd, for having come early.
  const numbers = came.map(({ number }) => number);
  assert.equal(new Set(numbers.map((number) => number.length)), new Set([6]));
  const values = numbers.map(Number);
  none('how high they are', rising([values]));
  none('how far they are from the one before', rising([steps(values)]));
  for (let digit = 0; digit < 6; digit += 1) {
    none(`digit ${digit + 1}`, apart(numbers.map((number) => Number(number[digit]) >= 5)));
  }
  const highest = [...values].sort((a, b) => a - b);
  const nodes = highest.map((value) => came[values.indexOf(value)]?.node === 0);
  if (nodes.includes(false)) none('which node it was', apart(nodes));
  // What their order in the frames tells.
  for (const [k, { seated, gone, snapshots }] of told.entries()) {
    for (const [what, lists] of Object.entries({ seated, gone, snapshots })) {
      const pairs = lists.reduce((sum, list) => sum + Math.max(0, list.length - 1), 0);
      assert.ok(pairs >= PAIRS, `wall ${k}, ${what}: ${pairs} pairs are too few to tell`);
      none(`wall ${k}, ${what} in order`, rising(lists));
      none(`wall ${k}, ${what} side by side`, neighbours(lists));
    }
  }
}

const steps = (values: number[]): number[] =>
  values.slice(1).map((value, k) => Math.abs(value - (values[k] as number)) + k / values.length);

test('what is told in order, nearly in order, backwards, or in pairs is seen', () => {
  const order = Array.from({ length: 60 }, (_, k) => k);
  assert.ok(rising([order, order]) > CHANCE);
  assert.ok(rising([[...order].reverse()]) < -CHANCE);
  assert.ok(rising(Array.from({ length: 60 }, () => [1, 2])) > CHANCE, 'two at a time');
  const halves = order.map((k) => (k % 2 === 0 ? k / 2 : 59 - (k - 1) / 2));
  assert.ok(neighbours([halves]) < CHANCE && neighbours([order]) > CHANCE);
  const folded = order.map((k) => (k % 2 === 0 ? 59 - k : k - 1)).map((k) => Math.min(k, 59));
  assert.ok(Math.abs(rising([folded])) < CHANCE);
  assert.ok(apart(order.map((k) => k > 29)) > CHANCE);
});

test(
  'A3 W6 on files, over a whole evening of frames, neither order nor digits tell who came when',
  async () => {
    const node = await startLocal();
    try {
      judge(await evening([node]));
    } finally {
      await node.stop();
    }
  },
  { deadline: 60_000 },
);

test(
  'A3 W6 on two nodes over Redis the same, and nothing tells the node',
  async () => {
    const redis = await startRedis();
    const prefix = ownPrefix();
    const open = () => openRedis({ url: redis.url, clock: realClock, prefix });
    const nodes = [await startLocal({ open }), await startLocal({ open })];
    try {
      judge(await evening(nodes));
    } finally {
      for (const node of nodes) await node.stop();
      await redis.stop();
    }
  },
  { deadline: 60_000 },
);
