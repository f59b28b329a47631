import * as assert from 'uvu/assert';
import { chanceOf } from '../chaos/chance.js';
import { check } from '../chaos/check.js';
import { type Gathering, newPass } from '../chaos/gatherings.js';
import { newHistory } from '../chaos/history.js';
import type { Node } from '../chaos/nodes.js';
import { startLoad } from '../chaos/phones.js';
import { hangWall } from '../chaos/walls.js';
import { apiOf } from '../support/api.js';
import { startNodes } from '../support/cluster.js';
import { machineTime } from '../support/machineTime.js';
import { DURABLE, startRedis } from '../support/redis.js';
import type { TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { reserve, startBalancer } from './balancer.js';

const test = suite('a rolling restart');

test(
  'F2 three nodes restart one after the other under load: no dip on any wall, nobody lost',
  async () => {
    const redis = await startRedis(DURABLE);
    const stops = [redis.stop];
    try {
      const port = await reserve();
      const env = { PUBLIC_URL: `http://127.0.0.1:${port}`, TRUST_PROXY: 'loopback' };
      const cluster = await startNodes(redis.url, 3, env);
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
        await node.restart();
        const before = seated();
        await until(() => seated() > before + 10, { what: 'more people' });
      }
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
