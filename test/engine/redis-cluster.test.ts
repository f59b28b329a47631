import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { shared, startCluster } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { contract } from './contract.js';
import { distributed } from './distributed.js';
import { onRedis, threeOnRedis } from './redis.js';

const redis = shared(() => startCluster());

contract('redis (Cluster)', onRedis(redis));
distributed('redis (Cluster)', threeOnRedis(redis));

suite('redis (Cluster), closed')(
  'a close in the midst of anything leaves nothing that holds the process',
  async () => {
    const closer = fileURLToPath(new URL('./closer.js', import.meta.url));
    const child = spawn(process.execPath, [closer, (await redis()).url], { stdio: 'inherit' });
    try {
      assert.equal(await once(child, 'exit'), [0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  },
);
