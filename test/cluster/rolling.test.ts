import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import type { Noso, Snapshot } from '../../src/protocol/wire.js';
import { chanceOf } from '../chaos/chance.js';
import { check } from '../chaos/check.js';
import { type Gathering, newPass } from '../chaos/gatherings.js';
import { newHistory } from '../chaos/history.js';
import type { Node } from '../chaos/nodes.js';
import { startLoad } from '../chaos/phones.js';
import { hangWall } from '../chaos/walls.js';
import { apiOf, type TestApi } from '../support/api.js';
import { startNodes } from '../support/cluster.js';
import { machineTime } from '../support/machineTime.js';
import { nextVersion } from '../support/nextVersion.js';
import { program } from '../support/program.js';
import { DURABLE, startRedis } from '../support/redis.js';
import { SECRET, startServer, type TestServer } from '../support/server.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { reserve, startBalancer } from './balancer.js';

const test = suite('a rolling upgrade');

const MAIN = fileURLToPath(new URL('../../src/programs/main.js', import.meta.url));

/** What an older node writes the newer ones read, and the other way round. */
async function eachReadsTheOther(apis: TestApi[], { id }: Noso, name: string): Promise<void> {
  for (const [k, writer] of apis.entries()) {
    const title = `${name}, ${k}`;
    await writer.own('PATCH', `/api/nosos/${id}`, { title });
    for (const reader of apis) {
      const isRead = async () =>
        (await reader.own<Noso>('GET', `/api/nosos/${id}`)).title === title;
      await until(isRead, { what: `${title} to be read` });
    }
  }
}

test(
  'F2 U1 three nodes are replaced by the next version, one after the other, under load: no dip on any wall, nobody lost',
  async () => {
    const redis = await startRedis(DURABLE);
    const folder = await mkdtemp(join(tmpdir(), 'noso-next-'));
    const stops: (() => Promise<void>)[] = [
      () => rm(folder, { recursive: true, force: true }),
      redis.stop,
    ];
    try {
      const next = await nextVersion(folder);
      let main = MAIN;
      const port = await reserve();
      const env = { PUBLIC_URL: `http://127.0.0.1:${port}`, TRUST_PROXY: 'loopback' };
      const cluster = await startNodes(redis.url, 3, env, () => main);
      stops.push(cluster.stop);
      const ports = cluster.nodes.map((node) => node.port);
      const balancer = await startBalancer('haproxy', port, ports);
      stops.push(balancer.stop);
      const api = apiOf(balancer.url, (cluster.nodes[0] as TestServer).owner);
      const noso = await api.noso({ veil: 0 });
      const { token } = await api.wall(noso.venue.id);
      // They come, come back when they are cut off, and nobody leaves: a count that falls is a dip.
      const hall: Gathering = {
        noso: noso.id,
        capacity: null,
        pocket: null,
        wall: token,
        pass: () => newPass(noso.id),
        every: 120,
        stays: [500, 4000],
        leaving: 0,
      };
      const history = newHistory();
      const urls = [balancer.url];
      const walls = Array.from({ length: 6 }, (_, wall) =>
        hangWall({ wall, noso: noso.id, token, urls, first: 0, history }),
      );
      const door = { url: balancer.url, now: () => ({ node: 0, died: null }) } as Node;
      const chance = chanceOf(7);
      // A wall's page loads itself anew where it hears of another version; this one notes it.
      const versions = new Set<string | undefined>();
      const page = openWall(balancer.url, token, { reconnection: true });
      stops.push(async () => page.close());
      page.socket.on('snapshot', ({ version }: Snapshot) => versions.add(version));
      const load = startLoad({
        gatherings: [hall],
        nodes: [door, door, door],
        history,
        chance,
        lossy: false,
      });
      const seated = () => history.sittings.filter((each) => each.said.length > 0).length;
      await until(() => seated() > 20, { what: 'people' });
      for (const [k, node] of cluster.nodes.entries()) {
        const at = machineTime();
        assert.is(await node.terminate(), 0, `node ${k}: ${node.output()}`);
        const took = machineTime() - at;
        assert.ok(took < 10_000, `node ${k} took ${took} ms`);
        main = next;
        await node.restart();
        await eachReadsTheOther(cluster.apis, noso, `Nº ${k}`);
        const before = seated();
        await until(() => seated() > before + 10, { what: 'more people' });
      }
      await until(() => versions.size === 2, { what: 'the page to hear of the next version' });
      await load.stop();
      const total = seated();
      await until(() => walls.every((w) => w.count() === total), { what: `${total} on all walls` });
      for (const wall of walls) wall.stop();
      const { violations } = check(history, { capacity: () => null, lossy: false });
      assert.equal(violations, []);
      for (let wall = 0; wall < walls.length; wall += 1) {
        let highest = 0;
        for (const frame of history.shown.filter((f) => f.wall === wall && f.event !== 'numbers')) {
          const { count } = frame as { count: number };
          assert.ok(count >= highest, `wall ${wall}: ${count} after ${highest}`);
          highest = count;
        }
        assert.ok((walls[wall]?.longest() ?? 0) < 5000, `wall ${wall} was silent for too long`);
      }
      // Nobody met an error: what a node did not take, another did.
      const answers = new Map<string, number>();
      for (const { answer } of history.asked) answers.set(answer, (answers.get(answer) ?? 0) + 1);
      console.log(`  ${total} seats, ${JSON.stringify(Object.fromEntries(answers))}`);
      const lost = history.asked.length - (answers.get('yes') ?? 0);
      assert.ok(lost <= history.asked.length / 50, `${lost} of ${history.asked.length} cut off`);
    } finally {
      for (const stop of stops.reverse()) await stop();
    }
  },
  { deadline: 120_000 },
);

test(
  'U1 a version with a new layout shuts the older ones out at once: they say so, and everybody goes on with it',
  async () => {
    const redis = await startRedis(DURABLE);
    const folder = await mkdtemp(join(tmpdir(), 'noso-next-'));
    const stops: (() => Promise<void>)[] = [
      () => rm(folder, { recursive: true, force: true }),
      redis.stop,
    ];
    try {
      const next = await nextVersion(folder, true);
      const port = await reserve();
      const env = { PUBLIC_URL: `http://127.0.0.1:${port}`, TRUST_PROXY: 'loopback' };
      const cluster = await startNodes(redis.url, 1, env);
      stops.push(cluster.stop);
      const [older] = cluster.nodes as [TestServer];
      const later = await reserve();
      const balancer = await startBalancer('haproxy', port, [older.port, later, later]);
      stops.push(balancer.stop);
      const api = apiOf(balancer.url, older.owner);
      const [at] = cluster.apis as [TestApi];
      const noso = await at.noso({ veil: 0 });
      const people = await at.people(noso.id, 20);
      for (const { token, pass } of people) await at.sit(token, pass);
      const { token } = await at.wall(noso.venue.id);
      const history = newHistory();
      const wall = hangWall({
        ...{ wall: 0, noso: noso.id, token, urls: [balancer.url], first: 0, history },
      });
      stops.push(async () => wall.stop());
      await until(() => wall.count() === 20, { what: 'the wall to show 20' });

      const newer = await startServer(
        { REDIS_URL: redis.url, ...env },
        { main: () => next, port: later },
      );
      stops.push(newer.stop);
      const status = async () => (await fetch(`${older.url}/readyz`)).status;
      await until(async () => (await status()) === 503, { what: 'the older one to be not ready' });
      await until(() => older.output().includes('LATER: '), { what: 'the older one to say why' });
      // Whoever comes now, and whoever sits already, is served by the newer one.
      const comes = async () => (await api.enter(noso.id).catch(() => null))?.status === 201;
      await until(comes, { what: 'somebody to be seated' });
      for (const each of people) {
        const sits = async () => {
          const { status, body } = await api.sit(each.token, each.pass);
          return status === 200 && body.number;
        };
        assert.is(await until(sits, { what: 'an answer' }), each.number);
      }
      await until(() => wall.count() === 21, { what: 'the wall to show 21', deadline: 20_000 });
      assert.is(await older.terminate(), 0);
      const back = program('main', { REDIS_URL: redis.url, NOSO_SECRET: SECRET, PORT: '0' });
      assert.is(await back.ended, 78, 'there is no way back but a backup');
      assert.match(back.stderr(), 'written by a later release');
    } finally {
      for (const stop of stops.reverse()) await stop();
    }
  },
  { deadline: 90_000 },
);
