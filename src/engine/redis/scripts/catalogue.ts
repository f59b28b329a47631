import { GONE } from '../keys.js';
import { script } from './script.js';

/**
 * The catalogue. A document is kept as `version:json`, a deleted one as ''. Revisions are times (ms),
 * made to grow: so that a catalogue that lost its last writes gives out none a second time.
 *
 * KEYS 1 documents, 2 changes, 3 revision, 4 open
 */
const CATALOGUE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function write(field, value)
  local revision = math.max(now, (redis.call('GET', KEYS[3]) or 0) + 1)
  redis.call('SET', KEYS[3], revision)
  redis.call('HSET', KEYS[1], field, value)
  redis.call('ZADD', KEYS[2], revision, field)
  return revision
end

local function versionOf(field)
  return tonumber(string.match(redis.call('HGET', KEYS[1], field) or '', '^%d+')) or 0
end
`;

/**
 * Adds or replaces a document.
 *
 * KEYS as CATALOGUE
 * ARGV 1 the field, 2 the document
 * Answer its revision
 */
export const SAVE = script(
  'save',
  `${CATALOGUE}
return write(ARGV[1], (versionOf(ARGV[1]) + 1) .. ':' .. ARGV[2])
`,
);

/**
 * One NoSo, and what else a decision about it depends on.
 *
 * KEYS as CATALOGUE
 * ARGV 1 the field
 * Answer {now, the value or '', the NoSo that is open at its venue or ''}
 */
export const READ = script(
  'read',
  `${CATALOGUE}
local value = redis.call('HGET', KEYS[1], ARGV[1])
if not value or value == '' then return {now, '', ''} end
local venue = cjson.decode(string.match(value, ':(.*)$')).venue
return {now, value, redis.call('HGET', KEYS[4], venue) or ''}
`,
);

/**
 * Replaces a NoSo that is not open, if it is still as it was read. Opening takes the venue (L2).
 *
 * KEYS as CATALOGUE
 * ARGV 1 the field, 2 the value that was read, 3 the value to be, 4 the NoSo's id if this opens it,
 *      else '', 5 its venue
 * Answer 1 if done, 0 if not (read again)
 */
export const REPLACE = script(
  'replace',
  `${CATALOGUE}
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[4] ~= '' and redis.call('HSETNX', KEYS[4], ARGV[5], ARGV[4]) == 0 then return 0 end
write(ARGV[1], ARGV[3])
return 1
`,
);

/**
 * Brings the catalogue's copy of a NoSo up to its live state. An older version changes nothing.
 *
 * KEYS as CATALOGUE
 * ARGV 1 the field, 2 the version, 3 the document, 4 the id of the NoSo, 5 its venue, 6 1 if it is open
 * Answer 1 if written, 0 if the copy was as new
 */
export const PUBLISH = script(
  'publish',
  `${CATALOGUE}
if tonumber(ARGV[2]) <= versionOf(ARGV[1]) then return 0 end
write(ARGV[1], ARGV[2] .. ':' .. ARGV[3])
if ARGV[6] ~= '1' and redis.call('HGET', KEYS[4], ARGV[5]) == ARGV[4] then
  redis.call('HDEL', KEYS[4], ARGV[5])
end
return 1
`,
);

/**
 * Deletes documents together, if nothing was written since they were looked up.
 *
 * KEYS as CATALOGUE, 5 beats
 * ARGV 1 the revision at which they were looked up, 2 their venue if it goes too, else '',
 *      then for each two: its field, and its id if it is a wall, else ''
 * Answer 1 if done, 0 if something was written since, -1 if a NoSo is open there
 */
export const REMOVE = script(
  'remove',
  `${CATALOGUE}
if (redis.call('GET', KEYS[3]) or '0') ~= ARGV[1] then return 0 end
if ARGV[2] ~= '' and redis.call('HEXISTS', KEYS[4], ARGV[2]) == 1 then return -1 end
for k = 3, #ARGV, 2 do
  write(ARGV[k], '')
  if ARGV[k + 1] ~= '' then redis.call('HDEL', KEYS[5], ARGV[k + 1]) end
end
return 1
`,
);

/**
 * What was written after a revision, oldest first. Ids deleted long ago are forgotten on the way.
 *
 * KEYS as CATALOGUE
 * ARGV 1 the revision, 2 how many at most
 * Answer {now, the catalogue's revision, then for each document three: field, revision, value or ''}
 */
export const CHANGES = script(
  'changes',
  `${CATALOGUE}
local answer = {now, redis.call('GET', KEYS[3]) or '0'}
local found = redis.call('ZRANGE', KEYS[2], '(' .. ARGV[1], '+inf', 'BYSCORE', 'LIMIT', 0, ARGV[2],
  'WITHSCORES')
for k = 1, #found, 2 do
  local value = redis.call('HGET', KEYS[1], found[k]) or ''
  if value == '' and found[k + 1] + ${GONE} < now then
    redis.call('HDEL', KEYS[1], found[k])
    redis.call('ZREM', KEYS[2], found[k])
  end
  answer[#answer + 1] = found[k]
  answer[#answer + 1] = found[k + 1]
  answer[#answer + 1] = value
end
return answer
`,
);

/**
 * Whether Redis' files should be asked to be rewritten now: at most once a minute, and once more
 * for what was wanted in between.
 *
 * KEYS 1 rewrite
 * ARGV 1 1 if something is to be forgotten, 0 to ask only
 * Answer 1 if whoever asks is to have them rewritten now
 */
export const REWRITE = script(
  'rewrite',
  `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if ARGV[1] == '1' then redis.call('HSET', KEYS[1], 'wanted', now) end
local state = redis.call('HMGET', KEYS[1], 'wanted', 'asked')
local wanted, asked = tonumber(state[1]) or 0, tonumber(state[2]) or 0
if wanted < asked or wanted == 0 or now < asked + 60000 then return 0 end
redis.call('HSET', KEYS[1], 'asked', now + 1)
return 1
`,
);

/**
 * Draws numbers never drawn before, as long as the space they are from is large enough.
 *
 * KEYS 1 drawn, then the chunk of each candidate
 * ARGV 1 how many, 2 how many may ever have been drawn for this space, then for each candidate two:
 *      the number, its bit in the chunk
 * Answer {how many were ever drawn, then the numbers}; fewer than asked if candidates ran out
 */
export const DRAW = script(
  'draw',
  `
local drawn = tonumber(redis.call('GET', KEYS[1])) or 0
local numbers = {0}
for k = 2, #KEYS do
  if #numbers > tonumber(ARGV[1]) or drawn >= tonumber(ARGV[2]) then break end
  if redis.call('SETBIT', KEYS[k], ARGV[2 * k], 1) == 0 then
    drawn = drawn + 1
    numbers[#numbers + 1] = ARGV[2 * k - 1]
  end
end
redis.call('SET', KEYS[1], drawn)
numbers[1] = drawn
return numbers
`,
);
