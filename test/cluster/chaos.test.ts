import * as assert from 'uvu/assert';
import type { History } from '../chaos/history.js';
import { run } from '../chaos/run.js';
import { table } from '../chaos/table.js';
import { startNodes, type TestCluster } from '../support/cluster.js';
import { DURABLE, startRedis } from '../support/redis.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('chaos');

const SEED = 1;

/** That enough happened to say anything: a busy machine gets less done in forty seconds. */
const enough = ({ sittings, hands, shown }: History): boolean =>
  sittings.filter(({ said }) => said.length > 0).length > 40 &&
  hands.filter(({ result }) => result === 'ok').length > 5 &&
  shown.length > 300;

test(
  `P1 P2 P3 P4 P5 P6 P9 W2 W4 L4 L5 forty seconds of faults, seed ${SEED}: nobody lost, no phantom`,
  async () => {
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    const options = { seed: SEED, seconds: 40, store: 'standalone', most: 1000 } as const;
    const outcome = await run({ ...options, only: null, say, enough });
    console.log(table(outcome));
    for (const kind of outcome.skipped) console.log(`skipped: ${kind} needs Debian's faketime`);
    assert.equal(outcome.violations, [], lines.join('\n'));
    assert.ok(outcome.faults.length >= 20);
  },
  { deadline: 180_000 },
);

test(
  'W4 seed 1: a node that was stopped shows nobody what it knew before',
  async () => {
    const redis = await startRedis(DURABLE);
    let cluster: TestCluster | null = null;
    try {
      cluster = await startNodes(redis.url, 2);
      const [stopped, other] = cluster.nodes as [TestCluster['nodes'][0], TestCluster['nodes'][0]];
      const [, api] = cluster.apis as [TestCluster['apis'][0], TestCluster['apis'][0]];
      const noso = await api.noso({ veil: 0 });
      const { token } = await api.wall(noso.venue.id);
      const pass = await api.pass(noso.id);
      const before = openWall(stopped.url, token);
      await before.shows(0);
      stopped.child().kill('SIGSTOP');
      const stoppedAt = Date.now();
      const { token: number } = await api.number(pass);
      assert.is((await api.sit(number, pass)).status, 200);
      const seen = openWall(other.url, token);
      await seen.shows(1);
      const late = openWall(stopped.url, token);
      await until(() => Date.now() - stoppedAt > 3000, { what: 'three seconds' });
      stopped.child().kill('SIGCONT');
      await until(() => late.snapshot, { what: 'a snapshot' });
      assert.is(late.snapshot?.count, 1);
      for (const wall of [before, seen, late]) wall.close();
    } finally {
      await cluster?.stop();
      await redis.stop();
    }
  },
  { deadline: 30_000 },
);
