import { realClock } from '../../src/clock.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { movePast } from '../support/past.js';
import { ownPrefix, startRedis } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { model } from './model.js';

const test = suite('Redis engine, compared with the domain');

model(test, async () => {
  const server = await startRedis();
  const prefix = ownPrefix();
  const engine = await openRedis({ url: server.url, clock: realClock, prefix });
  return {
    engine,
    async pass(noso, ms) {
      await movePast(server, prefix, noso, ms);
      return ms;
    },
    async close() {
      await engine.close();
      await server.stop();
    },
  };
});
