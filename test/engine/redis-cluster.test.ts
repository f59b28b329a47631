import { shared, startCluster } from '../support/redis.js';
import { contract } from './contract.js';
import { distributed } from './distributed.js';
import { onRedis, threeOnRedis } from './redis.js';

const redis = shared(() => startCluster());

contract('redis (Cluster)', onRedis(redis));
distributed('redis (Cluster)', threeOnRedis(redis));
