import { keysOf } from '../../src/engine/redis/keys.js';
import type { Server } from './redis.js';

/**
 * Moves everything that happened at an open NoSo into the past, as if `ms` had gone by since. Redis'
 * clock cannot be moved; a NoSo's times all hang on when it was opened.
 */
const MOVE = `
for _, field in ipairs({'openedAt', 'startsAt', 'endsAt', 'lastAt'}) do
  redis.call('HINCRBY', KEYS[1], field, -ARGV[1])
end
local doc = cjson.decode(redis.call('HGET', KEYS[1], 'doc'))
for _, field in ipairs({'startsAt', 'endsAt'}) do doc[field] = doc[field] - ARGV[1] end
for _, field in ipairs({'openedAt', 'effectiveAt'}) do doc.life[field] = doc.life[field] - ARGV[1] end
redis.call('HSET', KEYS[1], 'doc', cjson.encode(doc))
for _, number in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do
  redis.call('ZINCRBY', KEYS[2], -ARGV[1], number)
end
`;

export async function movePast(
  server: Server,
  prefix: string,
  noso: string,
  ms: number,
): Promise<void> {
  const keys = keysOf(prefix).noso(noso);
  await server.ask((redis) => redis.eval(MOVE, 2, keys.state, keys.seen, ms));
}
