import { realClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Taken } from '../../src/domain/seating.js';
import type { Engine } from '../../src/engine/engine.js';
import { bringUp } from '../../src/engine/redis/bringUp.js';
import { connect } from '../../src/engine/redis/connect.js';
import { keysOf } from '../../src/engine/redis/keys.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import type { RedisEngine } from '../../src/engine/redis/redisEngine.js';
import { assemble } from '../../src/engine/redis/wiring.js';
import { machineTime } from '../support/machineTime.js';
import { ownPrefix, type Server, startRedis } from '../support/redis.js';
import { until } from '../support/wait.js';

// What tests of faults have in common.

/** Waits until `work` is not refused as unavailable; tells how long that took, in ms. */
export async function healed(work: () => Promise<unknown>, deadline = 10_000): Promise<number> {
  const start = machineTime();
  const works = () =>
    work().then(
      () => true,
      (error: unknown) => {
        if (error instanceof Refusal && error.code === 'unavailable') return false;
        throw error;
      },
    );
  await until(works, { what: 'healing', deadline });
  return machineTime() - start;
}

export const numbersOf = async (engine: Engine, noso: string): Promise<number[]> => {
  const { numbers } = await engine.seats(noso, engine.now() + 1000);
  return numbers.sort((a, b) => a - b);
};
export const inOrder = (taken: Taken[]): number[] =>
  taken.map((t) => t.number).sort((a, b) => a - b);

/**
 * A failover that loses: takes what a NoSo is at present, and returns what makes Redis be as it was
 * then, under the replication id of a promoted replica, between two commands of anybody else.
 */
export async function remember(server: Server, prefix: string, noso: string) {
  return rememberKeys(server, Object.values(keysOf(prefix).noso(noso)));
}

/** The same of any keys. */
export async function rememberKeys(server: Server, keys: readonly string[]) {
  const dumps = await server.ask((redis) => Promise.all(keys.map((key) => redis.dumpBuffer(key))));
  return () =>
    server.ask(async (redis) => {
      const all = redis.multi();
      for (const [k, key] of keys.entries()) {
        const dump = dumps[k];
        if (dump) all.restore(key, 0, dump, 'REPLACE');
        else all.del(key);
      }
      all.replicaof('127.0.0.1', 1);
      all.replicaof('NO', 'ONE');
      for (const [error] of (await all.exec()) ?? []) if (error) throw error;
    });
}

/** A node that does nothing by itself: it looks after the servers when it is told to. */
export async function quietNode(url: string, prefix: string) {
  let ahead = 0;
  const clock = { ...realClock, steady: () => realClock.steady() + ahead };
  const clients = await connect(url, realClock, () => {}, 5000);
  const parts = assemble(clients, keysOf(prefix), clock, () => {});
  await bringUp(parts);
  await parts.askTime();
  return {
    ...parts,
    /** Lets even time go by, as far as this node knows. */
    pass(ms: number) {
      ahead += ms;
    },
    close() {
      parts.calls.close();
    },
  };
}

/** A node that minds itself, and one that looks after the servers only when it is told to. */
export type Pair = {
  server: Server;
  one: RedisEngine;
  two: Awaited<ReturnType<typeof quietNode>>;
  prefix: string;
};

/** A test with a Redis and two nodes of its own. */
export const pairOf =
  (play: (pair: Pair) => Promise<void>): (() => Promise<void>) =>
  async () => {
    const server = await startRedis();
    const prefix = ownPrefix();
    const one = await openRedis({ url: server.url, clock: realClock, prefix });
    const two = await quietNode(server.url, prefix);
    try {
      await play({ server, one, two, prefix });
    } finally {
      two.close();
      await one.close();
      await server.stop();
    }
  };

/** The first count that is told again. */
export async function firstCount(engine: Engine, noso: string): Promise<number> {
  let count = -1;
  await healed(async () => {
    count = (await engine.tail(noso, null)).count;
  });
  return count;
}
