import { shared, startAlone } from '../support/redis.js';
import { contract } from './contract.js';
import { distributed } from './distributed.js';
import { onRedis, threeOnRedis } from './redis.js';

const redis = shared(startAlone);

contract('redis', onRedis(redis));
distributed('redis', threeOnRedis(redis));
