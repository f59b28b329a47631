import { shared, startAlone } from '../support/redis.js';
import { contract } from './contract.js';
import { onRedis } from './redis.js';

contract('redis', onRedis(shared(startAlone)));
