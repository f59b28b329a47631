import { CATALOGUE as CATALOGUE_STEPS, LIVE as LIVE_STEPS, versionOf } from '../../layouts.js';
import { script } from './script.js';

/**
 * Compares what there is with what a node knows there was (witness.ts). Where there is less, that is
 * written down, so that no other node, nor one that starts, takes it for all there ever was.
 *
 * KEYS as CATALOGUE, 7 drawn
 * ARGV 1 the id of the store that the node knows, 2 a revision and 3 how many drawn numbers there
 *      were a while ago
 * Answer 'whole' or 'anew' (somebody decided to go on with this one), each with the id, the revision
 *        and how many numbers were drawn; 'settling'; or 'less' and what: 'another', 'documents' or
 *        'numbers'
 */
export const WITNESS = script(
  'witness',
  `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HMGET', KEYS[6], 'id', 'anew', 'lost', 'settled')
local revision = tonumber(redis.call('GET', KEYS[3])) or 0
local drawn = tonumber(redis.call('GET', KEYS[7])) or 0
if not state[3] and state[1] ~= ARGV[1] and state[2] == ARGV[1] then
  return {'anew', state[1], revision, drawn}
end
if now < (tonumber(state[4]) or 0) then return {'settling'} end
local less = nil
if state[1] ~= ARGV[1] then less = 'another'
elseif revision < tonumber(ARGV[2]) then less = 'documents'
elseif drawn < tonumber(ARGV[3]) then less = 'numbers'
elseif state[3] then less = 'another' end
if not less then return {'whole', state[1], revision, drawn} end
redis.call('HSETNX', KEYS[6], 'lost', ARGV[1])
return {'less', less}
`,
);

/**
 * Goes on with what there is, which is less than there was: somebody has decided so.
 *
 * KEYS as CATALOGUE
 * ARGV 1 a new id
 * Answer 1, or 0 where nothing is missed
 */
export const ANEW = script(
  'anew',
  `
local lost = redis.call('HGET', KEYS[6], 'lost')
if not lost then return 0 end
redis.call('HDEL', KEYS[6], 'lost')
redis.call('HSET', KEYS[6], 'id', ARGV[1], 'anew', lost)
redis.call('HSETNX', KEYS[6], 'layout', ${versionOf(CATALOGUE_STEPS)})
redis.call('HSETNX', KEYS[6], 'live', ${versionOf(LIVE_STEPS)})
return 1
`,
);
