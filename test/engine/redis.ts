import { realClock } from '../../src/clock.js';
import { openRedis } from '../../src/engine/redis/engine.js';
import { type Group, ownPrefix } from '../support/redis.js';
import type { Opened } from './contract.js';

/** Opens engines on a Redis that several tests share; each has keys of its own. */
export const onRedis = (redis: () => Promise<Group>) => async (): Promise<Opened> => {
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
