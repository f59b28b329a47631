import { realClock } from '../../src/clock.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { type Group, ownPrefix } from '../support/redis.js';
import type { Opened } from './contract.js';
import type { Nodes } from './distributed.js';

type Redis = () => Promise<Group>;

/** Opens engines on a Redis that several tests share; each has keys of its own. */
export const onRedis = (redis: Redis) => async (): Promise<Opened> => {
  const { url } = await redis();
  const options = { url, clock: realClock, prefix: ownPrefix() };
  let engine = await openRedis(options);
  return {
    engine,
    async restart() {
      await engine.close();
      engine = await openRedis(options);
      return engine;
    },
    stop: () => engine.close(),
  };
};

/** Three engines on the same keys. */
export const threeOnRedis = (redis: Redis) => async (): Promise<Nodes> => {
  const { url } = await redis();
  const options = { url, clock: realClock, prefix: ownPrefix() };
  const open = () => openRedis(options);
  const nodes = await Promise.all([open(), open(), open()]);
  return {
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
};
