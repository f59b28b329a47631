import { SHARE_OF, SHARES } from '../shares.js';
import { CATALOGUE, CATALOGUE_ALWAYS } from './catalogueLua.js';
import { SETTLE_ALL } from './epochLua.js';
import { script } from './script.js';

/**
 * Draws numbers never drawn before, of the share that this server draws from (shares.ts), as long as
 * the space they are from is large enough.
 *
 * KEYS as CATALOGUE, 7 drawn, then the chunk of each candidate
 * ARGV 1 how many, 2 how many may ever have been drawn for this space, then for each candidate two:
 *      the number, its bit in the chunk
 * Answer 'ok', epoch, how many were ever drawn, the share, then the numbers; fewer than asked if
 *        candidates ran out
 */
export const DRAW = script(
  'draw',
  `${CATALOGUE}
local drawn = tonumber(redis.call('GET', KEYS[7])) or 0
local store, turn = unpack(redis.call('HMGET', KEYS[6], 'id', 'share'))
local share = (tonumber(turn) or 0) % ${SHARES}
${SHARE_OF}local answer = {'ok', epoch, 0, share}
for k = 8, #KEYS do
  if #answer - 4 >= tonumber(ARGV[1]) or drawn >= tonumber(ARGV[2]) then break end
  local candidate = 2 * (k - 8) + 3
  if shareOf(ARGV[candidate]) == share
    and redis.call('SETBIT', KEYS[k], ARGV[candidate + 1], 1) == 0 then
    drawn = drawn + 1
    answer[#answer + 1] = ARGV[candidate]
  end
end
redis.call('SET', KEYS[7], drawn)
answer[3] = drawn
return answer
`,
);

/**
 * Spends a single-use id.
 *
 * KEYS as CATALOGUE, 7 spent
 * ARGV 1 until when it is remembered (ms)
 * Answer 'ok', epoch, 1 for the first
 */
export const SPEND = script(
  'spend',
  `${CATALOGUE}
local ms = math.max(1, ARGV[1] - now)
local first = redis.call('SET', KEYS[7], '1', 'PX', ms, 'NX')
return {'ok', epoch, first and 1 or 0}
`,
);

/**
 * Reserves an id for whoever comes first.
 *
 * KEYS as CATALOGUE, 7 reserved
 * ARGV 1 the holder, 2 until when (ms)
 * Answer 'ok', epoch, whose it is
 */
export const RESERVE = script(
  'reserve',
  `${CATALOGUE}
redis.call('SET', KEYS[7], ARGV[1], 'PX', math.max(1, ARGV[2] - now), 'NX')
return {'ok', epoch, redis.call('GET', KEYS[7])}
`,
);

/**
 * KEYS as CATALOGUE, 7 reserved
 * Answer 'ok', epoch, whose it is, or ''
 */
export const HOLDER = script(
  'holder',
  `${CATALOGUE}
return {'ok', epoch, redis.call('GET', KEYS[7]) or ''}
`,
);

/**
 * Puts back documents that a node wrote, unless there is a newer one (ledger.ts). They keep their
 * revisions: whoever has read on from there has them.
 *
 * KEYS as CATALOGUE
 * ARGV for each document five: field, revision, value or '', its venue and its id if it is a NoSo,
 *      else ''; the venue begins with + if it is open there, else with -
 * Answer 'ok', epoch
 */
export const RESTORE = script(
  'restore',
  `${CATALOGUE_ALWAYS}
if settled == 0 then redis.call('HSET', KEYS[6], 'settled', now + ${SETTLE_ALL}) end
for k = 1, #ARGV, 5 do
  local field, revision, venue, id = ARGV[k], tonumber(ARGV[k + 1]), ARGV[k + 3], ARGV[k + 4]
  if (tonumber(redis.call('ZSCORE', KEYS[2], field)) or 0) < revision then
    redis.call('HSET', KEYS[1], field, ARGV[k + 2])
    redis.call('ZADD', KEYS[2], revision, field)
    if revision > (tonumber(redis.call('GET', KEYS[3])) or 0) then
      redis.call('SET', KEYS[3], revision)
    end
    local place = string.sub(venue, 2)
    if string.sub(venue, 1, 1) == '+' then
      redis.call('HSET', KEYS[4], place, id)
    elseif venue ~= '' and redis.call('HGET', KEYS[4], place) == id then
      redis.call('HDEL', KEYS[4], place)
    end
  end
end
return {'ok', epoch}
`,
);

/**
 * Puts back the bits of numbers that a node drew.
 *
 * KEYS as CATALOGUE, 7 drawn, then the chunk of each number
 * ARGV the bit of each number in its chunk
 * Answer 'ok', epoch
 */
export const RESTORE_DRAWN = script(
  'restore-drawn',
  `${CATALOGUE_ALWAYS}
for k = 8, #KEYS do
  if redis.call('SETBIT', KEYS[k], ARGV[k - 7], 1) == 0 then redis.call('INCR', KEYS[7]) end
end
return {'ok', epoch}
`,
);

/**
 * Puts back that an id is spent.
 *
 * KEYS as CATALOGUE, 7 spent
 * ARGV 1 until when (ms)
 * Answer 'ok', epoch
 */
export const RESTORE_SPENT = script(
  'restore-spent',
  `${CATALOGUE_ALWAYS}
if ARGV[1] - now > 0 then redis.call('SET', KEYS[7], '1', 'PX', ARGV[1] - now, 'NX') end
return {'ok', epoch}
`,
);

/**
 * Puts back that an id is reserved.
 *
 * KEYS as CATALOGUE, 7 reserved
 * ARGV 1 the holder, 2 until when (ms)
 * Answer 'ok', epoch
 */
export const RESTORE_RESERVED = script(
  'restore-reserved',
  `${CATALOGUE_ALWAYS}
if ARGV[2] - now > 0 then redis.call('SET', KEYS[7], ARGV[1], 'PX', ARGV[2] - now, 'NX') end
return {'ok', epoch}
`,
);

/** How long it is known which word of a digest's was the last to be put back, in seconds. */
const WORDS = 60;

/**
 * Puts back who said that they would be there, and who said not after all, each digest's last word by
 * the time at which it was said, whichever node brings it first. Of a NoSo that is not scheduled all
 * is forgotten: what was lost may have been just that.
 *
 * KEYS as CATALOGUE, 7 its intents, 8 when each digest was put back
 * ARGV 1 the NoSo's field, 2 how long after its end they are kept at most (ms), then for each word
 *      three: '+' or '-', the digest, when it was said
 * Answer 'ok', epoch
 */
export const RESTORE_INTENTS = script(
  'restore-intents',
  `${CATALOGUE_ALWAYS}
local value = redis.call('HGET', KEYS[1], ARGV[1])
local noso = value and value ~= '' and cjson.decode(string.match(value, ':(.*)$'))
if not noso or noso.life.is ~= 'scheduled' then
  redis.call('DEL', KEYS[7], KEYS[8])
  return {'ok', epoch}
end
for k = 3, #ARGV, 3 do
  local digest, at = ARGV[k + 1], ARGV[k + 2]
  if tonumber(at) >= (tonumber(redis.call('HGET', KEYS[8], digest)) or 0) then
    redis.call('HSET', KEYS[8], digest, at)
    redis.call('EXPIRE', KEYS[8], ${WORDS})
    redis.call(ARGV[k] == '+' and 'SADD' or 'SREM', KEYS[7], digest)
  end
end
redis.call('PEXPIREAT', KEYS[7], string.format('%d', noso.endsAt + ARGV[2]))
return {'ok', epoch}
`,
);

/**
 * KEYS 1 any
 * Answer Redis' time in ms, to the microsecond
 */
export const CLOCK = script(
  'clock',
  `
local time = redis.call('TIME')
return string.format('%.3f', time[1] * 1000 + time[2] / 1000)
`,
);

/**
 * Whether Redis' files should be asked to be rewritten now: at most once a minute, and once more
 * for what was wanted in between.
 *
 * KEYS 1 rewrite
 * ARGV 1 'wanted' if something is to be forgotten, 'busy' if what was asked could not be done now,
 *      'due' to ask only
 * Answer 1 if whoever asks is to have them rewritten now
 */
export const REWRITE = script(
  'rewrite',
  `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] == 'wanted' then redis.call('HSET', KEYS[1], 'wanted', now) end
if ARGV[1] == 'busy' then
  redis.call('HSET', KEYS[1], 'wanted', now, 'asked', now - 55000)
  return 0
end
local state = redis.call('HMGET', KEYS[1], 'wanted', 'asked')
local wanted, asked = tonumber(state[1]) or 0, tonumber(state[2]) or 0
if wanted <= asked or now < asked + 60000 then return 0 end
redis.call('HSET', KEYS[1], 'asked', now)
return 1
`,
);
