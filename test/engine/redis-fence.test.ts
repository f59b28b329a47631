import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import {
  ownPrefix,
  type Server,
  startCluster,
  startRedis,
  startSentinels,
} from '../support/redis.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { opened, seated } from './contract/cast.js';
import { healed } from './healing.js';

const test = suite('Redis engine: a master that is cut off');
/** After this a replica is known as one; and a master that lost its only one would be fenced; ms. */
const KNOWN = 5000;
const FENCED = 6000;

type Group = { url: string; stop(): Promise<void> };

/** A node, with a NoSo that is open; what it told of errors is given too. */
async function withNode(
  group: Group,
  play: (engine: Engine, noso: string, told: string[]) => Promise<void>,
): Promise<void> {
  const told: string[] = [];
  const onError = (error: unknown) => told.push(String(error));
  try {
    const prefix = ownPrefix();
    const engine = await openRedis({ url: group.url, clock: realClock, prefix, onError });
    try {
      await play(engine, await opened(engine), told);
    } finally {
      await engine.close();
    }
  } finally {
    await group.stop();
  }
}

/** Whether all is refused since the master is cut off. */
const fenced = async (engine: Engine): Promise<boolean> => {
  try {
    await engine.rehearse();
    return false;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.reason === 'not_writable' && error.message.includes('cut off from its replicas');
  }
};
const isFenced = (engine: Engine) =>
  until(() => fenced(engine), { what: 'the fence', deadline: 20_000, every: 100 });

/** For so long nobody is refused. */
async function goesOn(engine: Engine, noso: string): Promise<void> {
  for (const began = Date.now(); Date.now() - began < FENCED; await pause(200)) {
    assert.not.ok(await fenced(engine), 'fenced without need');
  }
  await healed(() => seated(engine, noso, 1));
}

async function startTwo(): Promise<Group & { replica: Server }> {
  const master = await startRedis(['repl-diskless-sync-delay 0']);
  const replica = await startRedis([`replicaof 127.0.0.1 ${master.port}`]);
  const linked = () => replica.ask((redis) => redis.info('replication'));
  await until(async () => (await linked()).includes('master_link_status:up'));
  const stop = async () => {
    await Promise.all([master.stop(), replica.stop()]);
  };
  return { url: master.url, replica, stop };
}

test(
  'A4 P2 a master that had a replica and hears none, and whom nobody confirms, is fenced until it does',
  async () => {
    const two = await startTwo();
    await withNode(two, async (engine, noso, told) => {
      await seated(engine, noso, 3);
      await pause(KNOWN);
      two.replica.pause(); // its link stays up, and is mute
      await isFenced(engine);
      for (const verb of [
        engine.draw(1, null),
        engine.tail(noso, null),
        engine.seats(noso, engine.now()),
      ]) {
        const outcome = await verb.then(
          () => 'answered',
          (error: Refusal) => error.why,
        );
        assert.is(outcome, 'unavailable.not_writable');
      }
      assert.ok(told.some((error) => error.includes('cut off')));
      two.replica.resume();
      await healed(() => seated(engine, noso, 1));
      assert.is((await engine.tail(noso, null)).count, 4);
    });
  },
  { deadline: 90_000 },
);

test(
  'A4 a Redis alone is never fenced, nor for what is read from it as a replica would be',
  async () => {
    const redis = await startRedis();
    await withNode(redis, async (engine, noso) => {
      const guest = await startRedis([`replicaof 127.0.0.1 ${redis.port}`]);
      await guest.stop();
      await goesOn(engine, noso);
    });
  },
  { deadline: 60_000 },
);

test(
  'A4 a master whose only replica is gone goes on while Sentinels confirm it, and no longer',
  async () => {
    const group = await startSentinels();
    await withNode(group, async (engine, noso) => {
      const [, replica, ...sentinels] = group.servers as [Server, Server, ...Server[]];
      await pause(KNOWN);
      await replica.kill();
      await goesOn(engine, noso);
      for (const other of sentinels.slice(1)) other.pause();
      await isFenced(engine); // one that reaches none of the others confirms nothing
      for (const other of sentinels.slice(1)) other.resume();
      await healed(() => seated(engine, noso, 1), 20_000);
      for (const each of sentinels) each.pause();
      await isFenced(engine);
      for (const each of sentinels) each.resume();
      await healed(() => seated(engine, noso, 1), 20_000);
    });
  },
  { deadline: 150_000 },
);

test(
  'A4 a master whose only replica is gone goes on while most of its Cluster confirm it, and no longer',
  async () => {
    const group = await startCluster(1);
    await withNode(group, async (engine, noso) => {
      const servers = group.servers as [Server, Server, Server, Server];
      await pause(KNOWN);
      await servers[3].kill();
      await goesOn(engine, noso);
      servers[1].pause();
      servers[2].pause();
      // Before their own replicas take their places, only one of three speaks for it.
      for (const replica of group.servers.slice(4)) replica.pause();
      await isFenced(engine);
      for (const other of [servers[1], servers[2], ...group.servers.slice(4)]) other.resume();
      await healed(() => seated(engine, noso, 1), 30_000);
    });
  },
  { deadline: 150_000 },
);
