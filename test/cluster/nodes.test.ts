import { io } from 'socket.io-client';
import * as assert from 'uvu/assert';
import type { ConsoleCount, Noso } from '../../src/protocol/wire.js';
import type { TestApi } from '../support/api.js';
import { startNodes, type TestCluster } from '../support/cluster.js';
import { machineTime } from '../support/machineTime.js';
import { DURABLE, type Server, startRedis } from '../support/redis.js';
import type { TestServer } from '../support/server.js';
import { openPhone, openWall, type TestWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('three nodes over one Redis');

type Stage = TestCluster & { redis: Server; walls: TestWall[]; noso: Noso };

/** Three nodes, an open NoSo and a wall on each node. */
const staged =
  (work: (stage: Stage) => Promise<void>, fields: Record<string, unknown> = {}) =>
  async () => {
    const redis = await startRedis(DURABLE);
    const walls: TestWall[] = [];
    let cluster: TestCluster | null = null;
    try {
      cluster = await startNodes(redis.url, 3);
      const [api] = cluster.apis as [TestApi];
      const noso = await api.noso({ veil: 0, ...fields });
      const { token } = await api.wall(noso.venue.id);
      for (const node of cluster.nodes) {
        const wall = openWall(node.url, token, { reconnection: true, reconnectionDelayMax: 500 });
        walls.push(wall);
        await wall.shows(0);
      }
      await work({ ...cluster, redis, walls, noso });
    } finally {
      for (const wall of walls) wall.close();
      await cluster?.stop();
      await redis.stop();
    }
  };

const at = <T>(items: T[], k: number): T => items[k % items.length] as T;

/** Seats `count` numbers over sockets, spread over the nodes. */
async function seat(stage: Stage, count: number) {
  return Promise.all(
    Array.from({ length: count }, async (_, k) => {
      const { token, number, pass } = await at(stage.apis, k).person(stage.noso.id);
      const phone = await openPhone(at(stage.nodes, k + 1).url, { token, pass });
      return { token, number, phone, pass };
    }),
  );
}

const showAll = (walls: TestWall[], count: number, deadline = 3000) =>
  Promise.all(walls.map((wall) => wall.shows(count, deadline)));

test(
  'P1 W4 a node is killed: the count never moves, and its walls are right elsewhere',
  staged(async (stage) => {
    const { nodes, walls } = stage;
    const phones = await seat(stage, 150);
    await showAll(walls, 150);
    const watched = at(walls, 1);
    const from = watched.frames.length;
    await at(nodes, 0).kill();
    const { token } = await at(stage.apis, 1).wall(stage.noso.venue.id);
    const moved = openWall(at(nodes, 1).url, token);
    await moved.shows(150, 2000);
    moved.close();
    await until(() => watched.frames.length > from + 3);
    const lowest = Math.min(
      ...watched.frames
        .slice(from)
        .flatMap(({ event, frame }) =>
          event === 'count' ? [(frame as { count: number }).count] : [],
        ),
    );
    assert.is(lowest, 150);
    for (const { phone } of phones) phone.socket.disconnect();
  }),
  { deadline: 60_000 },
);

test(
  'P2 P5 one number on every node counts once; of 60 for 20 seats exactly 20 sit',
  staged(
    async (stage) => {
      const { apis, nodes, noso } = stage;
      const one = await at(apis, 0).person(noso.id);
      const { token, pass } = one;
      await Promise.all(nodes.map((node) => openPhone(node.url, { token, pass })));
      await showAll(stage.walls, 1);
      await at(apis, 2).leave(one.token, noso.id);
      await showAll(stage.walls, 0);
      const people = await Promise.all(
        Array.from({ length: 60 }, (_, k) => at(apis, k).person(noso.id)),
      );
      const replies = await Promise.all(
        people.map(({ token, pass }, k) => at(apis, k + 1).sit(token, pass)),
      );
      assert.is(replies.filter((r) => r.status === 200).length, 20);
      assert.is(replies.filter((r) => r.body.code === 'full').length, 40);
      await showAll(stage.walls, 20);
    },
    { capacity: 20 },
  ),
  { deadline: 60_000 },
);

test(
  'P4 leaving on one node tells the phone on another; closing tells all; a wall is revoked everywhere',
  staged(async (stage) => {
    const { apis, nodes, noso, walls } = stage;
    const one = await at(apis, 0).person(noso.id);
    const two = await at(apis, 1).person(noso.id);
    const a = await openPhone(at(nodes, 0).url, { token: one.token, pass: one.pass });
    const b = await openPhone(at(nodes, 1).url, { token: two.token, pass: two.pass });
    await at(apis, 2).leave(one.token, noso.id);
    await until(() => a.closed, { what: 'the phone to be told' });
    assert.is(a.closed?.reason, 'left');
    const { id, token } = await at(apis, 2).wall(noso.venue.id, 'Escalier');
    const revoked = openWall(at(nodes, 0).url, token);
    await revoked.shows(1);
    await at(apis, 1).own('DELETE', `/api/walls/${id}`);
    await until(() => !revoked.socket.connected, { what: 'the wall to be let go', deadline: 5000 });
    await at(apis, 2).own('POST', `/api/nosos/${noso.id}/close`);
    await until(() => b.closed?.reason === 'closed');
    await until(() => walls.every((w) => w.snapshot?.noso?.state === 'closed'));
  }),
  { deadline: 60_000 },
);

test(
  'P8 one code is worth one bound on all nodes together, and a console on any of them says so',
  staged(
    async ({ apis, nodes, noso }) => {
      const [owner] = apis as [TestApi];
      const console = io(`${at(nodes, 2).url}/organizer`, {
        auth: { token: owner.token },
        transports: ['websocket'],
        forceNew: true,
      });
      const counts: ConsoleCount[] = [];
      console.on('count', (count: ConsoleCount) => counts.push(count));
      await until(() => counts.length > 0, { what: 'a console' });
      assert.not.ok(counts[0]?.strained);
      const { code } = await owner.code(noso.id);
      // Each of the two is asked for less than the bound, and so none refuses by itself.
      const flood = async () => {
        const asked = Array.from({ length: 300 }, (_, k) =>
          at(apis, k % 2).call('POST', '/api/passes', { code }),
        );
        return (await Promise.all(asked)).some(({ body }) => body.reason === 'exchanges');
      };
      await until(flood, { what: 'the two together to refuse', deadline: 30_000 });
      await until(() => counts.at(-1)?.strained, { what: 'the console of a third to say so' });
      console.disconnect();
    },
    { capacity: 20 },
  ),
  { deadline: 60_000 },
);

test(
  'F1 Redis is gone: unavailable within 2 s, no beat, no exit; all heals within 3 s of its return',
  staged(async (stage) => {
    const { apis, nodes, redis, walls, noso } = stage;
    await seat(stage, 30);
    await showAll(walls, 30);
    const pass = await at(apis, 0).pass(noso.id);
    const { token } = await at(apis, 0).number(pass);
    await redis.kill();
    const asked = machineTime();
    const take = (k: number) => at(apis, k).call('PUT', '/api/presence', { pass }, token);
    const reply = await take(0);
    assert.is(reply.body.code, 'unavailable');
    assert.ok(reply.body.retryAfter);
    const took = machineTime() - asked;
    assert.ok(took < 2100, `answered after ${took} ms`);
    const beats = () => walls.map((w) => w.frames.length).join();
    let before = beats();
    let quiet = Date.now();
    await until(
      () => {
        if (beats() !== before) [before, quiet] = [beats(), Date.now()];
        return Date.now() - quiet > 3000;
      },
      { what: 'the walls to hear nothing', deadline: 8000 },
    );
    const seen = walls.map((wall) => wall.frames.length);
    await redis.restart();
    const back = machineTime();
    // Each node by itself: its walls hear a beat, and whoever asks it is seated.
    const beating = until(() => walls.every((wall, k) => wall.frames.length > (seen[k] ?? 0)));
    const seating = apis.map((_, k) => until(async () => (await take(k)).status === 200));
    await Promise.all([beating, ...seating]);
    const healed = machineTime() - back;
    assert.ok(healed < 3000, `healed after ${healed} ms`);
    await showAll(walls, 31);
    const counts = walls.flatMap(({ frames }, k) =>
      frames.slice(seen[k]).map(({ frame }) => frame),
    );
    assert.ok(
      counts.every((frame) => !('count' in frame) || frame.count >= 30),
      'no wall ever shows less',
    );
    assert.ok(nodes.every((node: TestServer) => node.child().exitCode === null));
  }),
  { deadline: 60_000 },
);
