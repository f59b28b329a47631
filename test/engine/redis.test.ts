import { realClock } from '../../src/clock.js';
import { openRedis } from '../../src/engine/redis/engine.js';
import { ownPrefix, startRedis } from '../support/redis.js';
import { contract } from './contract.js';

contract('redis', async () => {
  const server = await startRedis();
  const options = { url: server.url, clock: realClock, prefix: ownPrefix() };
  let engine = await openRedis(options);
  return {
    engine,
    async restart() {
      await engine.close();
      engine = await openRedis(options);
      return engine;
    },
    async stop() {
      await engine.close();
      await server.stop();
    },
  };
});
