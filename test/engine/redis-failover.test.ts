import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import type { Taken } from '../../src/domain/seating.js';
import type { Engine } from '../../src/engine/engine.js';
import { keysOf } from '../../src/engine/redis/keys.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { machineTime } from '../support/machineTime.js';
import {
  type Group,
  ownPrefix,
  type Server,
  SLOTS,
  startCluster,
  startSentinels,
  written,
} from '../support/redis.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { opened, seated } from './contract/cast.js';
import { healed, inOrder, numbersOf } from './healing.js';

const test = suite('Redis engine: failover');
const DEADLINE = 60_000;

/** Two nodes on a group of servers. */
async function withNodes(
  start: () => Promise<Group>,
  play: (group: Group, prefix: string, one: Engine, two: Engine) => Promise<void>,
): Promise<void> {
  const group = await start();
  const prefix = ownPrefix();
  const open = () => openRedis({ url: group.url, clock: realClock, prefix });
  try {
    const [one, two] = await Promise.all([open(), open()]);
    try {
      await play(group, prefix, one, two);
    } finally {
      await Promise.all([one.close(), two.close()]);
    }
  } finally {
    await group.stop();
  }
}

/** Which of a Cluster's three shards has a key. */
async function shardOf(group: Group, key: string): Promise<number> {
  const [first] = group.servers as [Server];
  const slot = Number(await first.ask((redis) => redis.call('CLUSTER', 'KEYSLOT', key)));
  return Math.floor((slot * 3) / SLOTS);
}

/** From here on the replica is told nothing; once resumed, it has what it had. */
async function cutOff(master: Server, replica: Server): Promise<void> {
  const offset = async (server: Server) => {
    const info = await server.ask((redis) => redis.info('replication'));
    return /(?:slave_repl_offset|master_repl_offset):(\d+)/.exec(info)?.[1];
  };
  await until(async () => (await offset(master)) === (await offset(replica)));
  replica.pause();
  await master.ask((redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'replica'));
}

/** A master fails before its replica was told of seats that were acknowledged. */
async function failOver(
  master: Server,
  replica: Server,
  id: string,
  one: Engine,
  two: Engine,
  /** Whether the replica is the master by now, for whoever asks. */
  elected: () => Promise<boolean>,
): Promise<void> {
  const kept = await seated(one, id, 10);
  await cutOff(master, replica);
  const lost = [...(await seated(one, id, 15)), ...(await seated(two, id, 15))];
  const gone = kept[0] as Taken;
  await two.leave(id, gone.number, gone.sitting);
  const before = await one.tail(id, null);
  await master.kill();
  replica.resume();
  let over = false;
  const look = () => over || elected().catch(() => false);
  const promoted = until(look, { deadline: 30_000, every: 20 });
  const promotedAt = promoted.then(() => machineTime());
  const counts: number[] = [];
  const read = (engine: Engine) => async () => {
    counts.push((await engine.tail(id, null)).count);
  };
  try {
    await Promise.all([healed(read(one), 30_000), healed(read(two), 30_000)]);
  } finally {
    over = true;
  }
  const silence = machineTime() - (await promotedAt);
  console.log(`silent for ${Math.round(silence)} ms beyond detection and election`);
  assert.equal(counts, [39, 39], 'no wall ever shows less');
  const after = await two.tail(id, null);
  assert.ok(after.epoch > before.epoch);
  const all = [...kept, ...lost].filter((each) => each !== gone);
  assert.equal(await numbersOf(two, id), inOrder(all));
  await healed(() => one.changesSince(0));
  await seated(one, id, 1);
}

test(
  'P1 what a Sentinel failover lost, the nodes put back',
  () =>
    withNodes(startSentinels, async (group, _prefix, one, two) => {
      const [master, replica] = group.servers as [Server, Server];
      const id = await opened(one);
      const sentinel = group.servers[2] as Server;
      await failOver(master, replica, id, one, two, async () => {
        const ask = (redis: Redis) => redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'noso');
        return String(await sentinel.ask(ask)).endsWith(String(replica.port));
      });
      // Bells ring from the new master.
      let rung = 0;
      const stop = two.watch(id, () => (rung += 1));
      await until(async () => {
        await seated(one, id, 1);
        return rung > 0;
      });
      stop();
    }),
  { deadline: DEADLINE },
);

test(
  'P1 what a Cluster failover lost, the nodes put back',
  () =>
    withNodes(
      () => startCluster(1),
      async (group, prefix, one, two) => {
        const id = await opened(one);
        let rung = 0;
        const stop = two.watch(id, () => (rung += 1));
        const shard = await shardOf(group, keysOf(prefix).noso(id).state);
        const [master, replica] = [group.servers[shard], group.servers[shard + 3]];
        await failOver(master as Server, replica as Server, id, one, two, async () => {
          const [role] = (await (replica as Server).ask((redis) => redis.role())) as [string];
          return role === 'master';
        });
        rung = 0;
        await until(async () => {
          await seated(one, id, 1);
          return rung > 0;
        });
        stop();
        const { life } = await one.command(id, { do: 'close', by: 'organizer' });
        assert.ok(life.is === 'closed');
      },
    ),
  { deadline: DEADLINE },
);

test(
  'P1 F1 any master of a Cluster killed and started again has lost nothing',
  () =>
    withNodes(startCluster, async (group, _prefix, one, two) => {
      const id = await opened(one);
      const seats = await seated(one, id, 20);
      for (const master of group.servers) {
        await written(master);
        await master.kill();
        await master.restart();
        const took = await healed(async () => {
          await two.tail(id, null);
          await one.changesSince(0);
          await one.draw(1);
        });
        // A Cluster's master that comes back waits 2 s before it serves (cluster_state).
        assert.ok(took <= 6000, `healed after ${took} ms`);
        assert.equal(await numbersOf(two, id), inOrder(seats));
      }
      await seated(two, id, 1);
    }),
  { deadline: DEADLINE },
);
