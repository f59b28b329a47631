import { shared, startCluster } from '../support/redis.js';
import { contract } from './contract.js';
import { onRedis } from './redis.js';

contract('redis (Cluster)', onRedis(shared(() => startCluster())));
