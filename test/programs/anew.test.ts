import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { planned, refused } from '../engine/contract/cast.js';
import { healed } from '../engine/healing.js';
import { startRedis } from '../support/redis.js';
import { SECRET } from '../support/server.js';
import { suite } from '../support/suite.js';

const test = suite('npm run anew');
const PROGRAM = fileURLToPath(new URL('../../src/programs/anew.js', import.meta.url));

const run = async (url: string): Promise<string> =>
  (
    await promisify(execFile)(process.execPath, [PROGRAM], {
      env: { REDIS_URL: url, NOSO_SECRET: SECRET },
    })
  ).stdout;

test('A4 F8 who decides to go on with an emptied Redis says so with one command', async () => {
  const server = await startRedis();
  const node = await openRedis({ url: server.url, clock: realClock });
  try {
    await planned(node);
    assert.match(await run(server.url), 'Nothing is missed');
    assert.ok((await node.changesSince(0)).changes.length > 0);
    await server.ask(async (redis) => redis.del(...(await redis.keys('noso:*'))));
    await refused(node.changesSince(0), 'unavailable');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await refused(node.draw(1), 'unavailable');
    assert.match(await run(server.url), 'Begun anew');
    await healed(() => node.changesSince(0));
    assert.equal((await node.changesSince(0)).changes, []);
  } finally {
    await node.close();
    await server.stop();
  }
});
