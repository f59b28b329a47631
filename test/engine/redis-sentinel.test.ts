import { shared, startSentinels } from '../support/redis.js';
import { contract } from './contract.js';
import { onRedis } from './redis.js';

contract('redis (Sentinel)', onRedis(shared(startSentinels)));
