import { request } from 'node:http';
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import { apiOf, type TestApi } from '../support/api.js';
import { startNodes, type TestCluster } from '../support/cluster.js';
import { machineTime } from '../support/machineTime.js';
import { DURABLE, startRedis } from '../support/redis.js';
import type { TestServer } from '../support/server.js';
import { openPhone, openWall, type TestWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { type Balancer, type Kind, reserve, startBalancer } from './balancer.js';

type Stage = TestCluster & { balancer: Balancer; api: TestApi; noso: Noso };

/** Reads figures where they may be read: from a node, with what is set to be needed. */
const METRICS_TOKEN = 'figures';
const readingFigures = { headers: { authorization: `Bearer ${METRICS_TOKEN}` } };

/** Three nodes behind the proxy of deploy/, and an open NoSo. */
const staged = (kind: Kind, work: (stage: Stage) => Promise<void>) => async () => {
  const redis = await startRedis(DURABLE);
  const stops = [redis.stop];
  try {
    const port = await reserve();
    const env = { PUBLIC_URL: `http://127.0.0.1:${port}`, TRUST_PROXY: 'loopback', METRICS_TOKEN };
    const cluster = await startNodes(redis.url, 3, env);
    stops.push(cluster.stop);
    const balancer = await startBalancer(
      kind,
      port,
      cluster.nodes.map((node) => node.port),
    );
    stops.push(balancer.stop);
    const [first] = cluster.nodes as [TestServer];
    const api = apiOf(balancer.url, first.owner);
    await work({ ...cluster, balancer, api, noso: await api.noso({ veil: 0 }) });
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
};

/** Walls that come back as a page does. */
const hang = (stage: Stage, token: string, count: number): TestWall[] =>
  Array.from({ length: count }, () =>
    openWall(stage.balancer.url, token, {
      reconnection: true,
      reconnectionDelay: 500,
      reconnectionDelayMax: 4000,
      randomizationFactor: 1,
    }),
  );

const showAll = (walls: TestWall[], count: number, deadline?: number) =>
  Promise.all(walls.map((wall) => wall.shows(count, deadline)));

/** Asks from an address of the loopback network that nothing else uses. */
function from(
  address: string,
  url: string,
  body: object,
  more: Record<string, string> = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'user-agent': 'canary-agent', ...more };
    const options = { method: 'POST', localAddress: address, headers, agent: false };
    const asking = request(`${url}/api/passes`, options, (response) => {
      let text = '';
      response.on('data', (data) => (text += data));
      // A proxy that lost the node amidst the request has no more than a status to say.
      const coded = () => (text.startsWith('{') ? (JSON.parse(text) as { code: string }).code : '');
      response.on('end', () => resolve(coded()));
    });
    asking.on('error', reject);
    asking.end(JSON.stringify(body));
  });
}

/** Which of them log what they were asked; the others log what went wrong. */
const LOGS_REQUESTS: Kind[] = ['haproxy', 'nginx'];

/** What holds behind every proxy of deploy/. */
export function behindProxy(kind: Kind): void {
  const test = suite(`three nodes behind ${kind}, as deploy/ has it`);

  test(
    'P1 W4 a node is killed: nobody is lost, every wall is right within 2 s, through the balancer',
    staged(kind, async (stage) => {
      const { api, noso, nodes, balancer } = stage;
      const { token } = await api.wall(noso.venue.id);
      const walls = hang(stage, token, 6);
      await showAll(walls, 0);
      const seats = await Promise.all(
        Array.from({ length: 40 }, async (_, k) => {
          const { token: number, pass } = await api.person(noso.id);
          if (k % 2 === 0) return api.sit(number, pass);
          const phone = await openPhone(balancer.url, { token: number, pass });
          assert.ok(phone.seat);
          return null;
        }),
      );
      assert.ok(seats.every((reply) => reply === null || reply.status === 200));
      await showAll(walls, 40);
      const late = await api.person(noso.id);
      const from = walls.map((wall) => wall.frames.length);
      const killedAt = machineTime();
      await (nodes[0] as TestServer).kill();
      assert.is((await api.sit(late.token, late.pass)).status, 200);
      await showAll(walls, 41, 3000);
      const took = machineTime() - killedAt;
      assert.ok(took <= 2000, `right again after ${took} ms`);
      for (const [k, wall] of walls.entries()) {
        const counts = wall.frames
          .slice(from[k])
          .flatMap(({ event, frame }) =>
            event === 'count' || event === 'snapshot' ? [(frame as { count: number }).count] : [],
          );
        assert.ok(Math.min(...counts) >= 40, 'the count dipped');
        wall.close();
      }
      // Whoever asks meanwhile is served by the others, and again by all of them once it is back.
      const replies = await Promise.all(
        Array.from({ length: 30 }, () => api.sit(late.token, late.pass)),
      );
      assert.ok(replies.every((reply) => reply.status === 200));
      const back = nodes[0] as TestServer;
      await back.restart();
      // It counts what it refuses, and nobody else asks for this.
      const asked = async () => {
        await api.call('POST', '/api/passes', { code: 'HJK-MNP-QRT' });
        const figures = await (await fetch(`${back.url}/metrics`, readingFigures)).text();
        return figures.includes('noso_refusals_total{code="bad_code"}');
      };
      await until(asked, { what: 'the proxy to see the node again', every: 200 });
    }),
    { deadline: 60_000 },
  );

  test(
    'A1 F6 the proxy logs no address; nodes tell those behind it apart, whatever these say',
    staged(kind, async ({ balancer, nodes }) => {
      const guess = (address: string, claimed?: string) => {
        const more = claimed ? { 'x-forwarded-for': claimed } : {};
        return from(address, balancer.url, { code: 'HJK-MNP-QRT' }, more);
      };
      const answers = new Set<string>();
      // Each of the three nodes lets an address fail a hundred times; then it lets it wait. What is
      // forgiven meanwhile, some a second, is tried again: a slow machine takes longer.
      let guesses = 0;
      for (; guesses < 2000 && !answers.has('rate_limited'); guesses += 54) {
        const lot = Array.from({ length: 54 }, () => guess('127.0.0.99'));
        for (const answer of await Promise.all(lot)) answers.add(answer);
      }
      assert.equal([...answers].sort(), ['bad_code', 'rate_limited']);
      assert.is(await guess('127.0.0.98'), 'bad_code');
      assert.is(await guess('127.0.0.98', '127.0.0.99'), 'bad_code', 'nobody is who they say');
      if (LOGS_REQUESTS.includes(kind)) {
        const logged = async () =>
          (await balancer.log()).split('\n').filter((line) => line.startsWith('POST 4')).length;
        await until(async () => (await logged()) >= guesses, { what: 'the log' });
      }
      await (nodes[0] as TestServer).kill();
      for (let k = 0; k < 4; k += 1) await guess('127.0.0.98');
      const log = await balancer.log();
      for (const trace of ['127.0.0.9', 'canary-agent', 'HJK']) {
        assert.not(log.includes(trace), `the proxy logs ${trace}`);
        for (const node of nodes) assert.not(node.output().includes(trace), `a node logs ${trace}`);
      }
    }),
    { deadline: 60_000 },
  );

  test(
    'A1 figures are refused from outside, whoever asks',
    staged(kind, async ({ balancer, nodes }) => {
      const [node] = nodes as [TestServer];
      assert.is((await fetch(`${node.url}/metrics`, readingFigures)).status, 200);
      for (const path of ['/metrics', '/metrics?name=x', '/Metrics', '/metrics/', '//metrics']) {
        const { status } = await fetch(balancer.url + path, readingFigures);
        assert.ok([400, 403, 404].includes(status), `${path}: ${status}`);
      }
      assert.is((await fetch(`${balancer.url}/metrics`, readingFigures)).status, 403);
    }),
    { deadline: 60_000 },
  );
}
