import { shared, startSentinels } from '../support/redis.js';
import { contract } from './contract.js';
import { distributed } from './distributed.js';
import { onRedis, threeOnRedis } from './redis.js';

const redis = shared(startSentinels);

contract('redis (Sentinel)', onRedis(redis));
distributed('redis (Sentinel)', threeOnRedis(redis));
