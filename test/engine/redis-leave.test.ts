import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import type { Taken } from '../../src/domain/seating.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { ownPrefix, startRedis } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { opened, seated } from './contract/cast.js';
import { healed, numbersOf } from './healing.js';

const test = suite('Redis engine: leaving, and a Redis that forgets');

test(
  'P1 P4 a leave that was asked twice stays left though the node that carried it out is gone (chaos, seed 14)',
  async () => {
    const redis = await startRedis();
    const prefix = ownPrefix();
    const open = () => openRedis({ url: redis.url, clock: realClock, prefix });
    const [one, two] = await Promise.all([open(), open()]);
    try {
      const noso = await opened(one);
      const [stays, leaves] = (await seated(one, noso, 2)) as [Taken, Taken];
      await redis.ask((client) => client.save());
      assert.ok(await one.leave(noso, leaves.number, null));
      assert.not.ok(await two.leave(noso, leaves.number, null), 'asked again, elsewhere');
      await one.close();
      await redis.kill();
      await redis.restart(); // on what it had before the leave
      await healed(() => two.tail(noso, null));
      assert.equal(await numbersOf(two, noso), [stays.number]);
    } finally {
      await Promise.all([one.close(), two.close()]);
      await redis.stop();
    }
  },
  { deadline: 30_000 },
);
