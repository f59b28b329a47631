import { CATALOGUE as CATALOGUE_STEPS, LIVE as LIVE_STEPS, versionOf } from '../../layouts.js';
import { GONE } from '../keys.js';
import { SETTLE_ALL } from './epochLua.js';
import { script } from './script.js';

const VERSION = versionOf(CATALOGUE_STEPS);
const LIVE_VERSION = versionOf(LIVE_STEPS);

/**
 * Takes the steps that what is stored lacks, all or none of them; to be run before anything else is
 * (layouts.ts). Where there is something and no version, it is of version 1.
 *
 * KEYS as CATALOGUE
 * ARGV 1 an id, for a store that has none yet
 * Answer 'ok' and its id; 'lost' (it holds less than it did, and nobody has decided yet); or 'newer', the version, of what, the one known here, and nothing is done
 */
export const BRING_UP = script(
  'bring-up',
  `
local versions = redis.call('HMGET', KEYS[6], 'layout', 'live', 'lost')
if versions[3] then return {'lost'} end
local version = tonumber(versions[1]) or redis.call('EXISTS', KEYS[1], KEYS[3], KEYS[6]) > 0 and 1
if version and version > ${VERSION} then return {'newer', version, KEYS[6], ${VERSION}} end
if (tonumber(versions[2]) or 1) > ${LIVE_VERSION} then return {'newer', versions[2], KEYS[6], ${LIVE_VERSION}} end
${CATALOGUE_STEPS.map(({ lua }, k) => (lua ? `if version and version < ${k + 2} then ${lua} end` : '')).join('\n')}
redis.call('HSET', KEYS[6], 'layout', ${VERSION}, 'live', ${LIVE_VERSION})
redis.call('HSETNX', KEYS[6], 'id', ARGV[1])
return {'ok', redis.call('HGET', KEYS[6], 'id')}
`,
);

/**
 * What every script of the catalogue can do, a loss of data or not. Where a later version has been at
 * it, each answers {'newer', the version, of what, the one known here}; where the store was emptied
 * since, or holds less than it did, {'empty'} or {'lost'} (witness.ts); and does nothing.
 */
export const CATALOGUE_ALWAYS = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HMGET', KEYS[6], 'replid', 'epoch', 'settled', 'layout', 'lost')
if not state[4] then return {'empty'} end
if state[5] then return {'lost'} end
if tonumber(state[4]) > ${VERSION} then return {'newer', state[4], KEYS[6], ${VERSION}} end
local replid = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
local epoch, settled = tonumber(state[2]) or 0, tonumber(state[3]) or 0
if state[1] ~= replid then
  -- Epochs are times, so that one begun anew after a loss of everything is higher.
  epoch = math.max(epoch + 1, now)
  settled = state[1] and now + ${SETTLE_ALL} or 0
  redis.call('HSET', KEYS[6], 'replid', replid, 'epoch', epoch, 'settled', settled)
  -- Another server draws other numbers (shares.ts).
  redis.call('HINCRBY', KEYS[6], 'share', 1)
end

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
 * The catalogue. A document is kept as `version:json`, a deleted one as ''. Revisions are times (ms),
 * made to grow: so that a catalogue that lost its last writes gives out none a second time.
 *
 * Like a NoSo (`NOTICE_LOSS`), the catalogue begins a new epoch when its replication id is another,
 * and for a while answers nothing: nodes put back what they wrote (ledger.ts).
 *
 * KEYS 1 documents, 2 changes, 3 revision, 4 open, 5 beats, 6 state
 * Answers {'settling', epoch} after a loss, else what the script itself says, which begins with
 * 'ok', epoch.
 */
export const CATALOGUE = `
${CATALOGUE_ALWAYS}
if now < settled then return {'settling', epoch} end
`;

/**
 * Adds or replaces a document.
 *
 * KEYS as CATALOGUE
 * ARGV 1 the field, 2 the document
 * Answer 'ok', epoch, its revision, its value
 */
export const SAVE = script(
  'save',
  `${CATALOGUE}
local value = (versionOf(ARGV[1]) + 1) .. ':' .. ARGV[2]
return {'ok', epoch, write(ARGV[1], value), value}
`,
);

/**
 * Replaces a document if it is still as it was read, or not there if '' was read.
 *
 * KEYS as CATALOGUE
 * ARGV 1 the field, 2 the value that was read or '', 3 the value to be
 * Answer 'ok', epoch, its revision; or 0 if not done, and the value that is there
 */
export const EXCHANGE = script(
  'exchange',
  `${CATALOGUE}
local value = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if value ~= ARGV[2] then return {'ok', epoch, 0, value} end
return {'ok', epoch, write(ARGV[1], ARGV[3]), ''}
`,
);

/**
 * One NoSo, and what else a decision about it depends on.
 *
 * KEYS as CATALOGUE, 7 drawn, 8 its intents
 * ARGV 1 the field
 * Answer 'ok', epoch, now, the value or '', the NoSo that is open at its venue or '', how many numbers
 *        were ever drawn, how many mean to come
 */
export const READ = script(
  'read',
  `${CATALOGUE}
local value = redis.call('HGET', KEYS[1], ARGV[1])
if not value or value == '' then return {'ok', epoch, now, '', '', 0, 0} end
local venue = cjson.decode(string.match(value, ':(.*)$')).venue
return {'ok', epoch, now, value, redis.call('HGET', KEYS[4], venue) or '', redis.call('GET', KEYS[7]) or 0, redis.call('SCARD', KEYS[8])}
`,
);

/**
 * Replaces a NoSo that is not open, if it is still as it was read. Opening takes the venue (L2), and
 * forgets who meant to come, as cancelling does.
 *
 * KEYS as CATALOGUE, 7 its intents
 * ARGV 1 the field, 2 the value that was read, 3 the value to be, 4 the NoSo's id if this opens it,
 *      else '', 5 its venue, 6 how many meant to come when it was read, 7 until when they are kept, 0: no more
 * Answer 'ok', epoch, the revision, or 0 if not done (read again)
 */
export const REPLACE = script(
  'replace',
  `${CATALOGUE}
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return {'ok', epoch, 0} end
if redis.call('SCARD', KEYS[7]) ~= tonumber(ARGV[6]) then return {'ok', epoch, 0} end
if ARGV[4] ~= '' and redis.call('HSETNX', KEYS[4], ARGV[5], ARGV[4]) == 0 then
  return {'ok', epoch, 0}
end
if ARGV[7] == '0' then redis.call('DEL', KEYS[7]) else redis.call('PEXPIREAT', KEYS[7], ARGV[7]) end
return {'ok', epoch, write(ARGV[1], ARGV[3])}
`,
);

/**
 * Remembers that somebody means to come to a scheduled NoSo.
 *
 * KEYS as CATALOGUE, 7 its intents
 * ARGV 1 the field, 2 the digest, 3 how long after its end it is kept at most (ms)
 * Answer 'ok', epoch, 1; 0 if it is not scheduled, -1 if there is none; and the time
 */
export const INTEND = script(
  'intend',
  `${CATALOGUE}
local value = redis.call('HGET', KEYS[1], ARGV[1])
if not value or value == '' then return {'ok', epoch, -1, now} end
local noso = cjson.decode(string.match(value, ':(.*)$'))
if noso.life.is ~= 'scheduled' then return {'ok', epoch, 0, now} end
redis.call('SADD', KEYS[7], ARGV[2])
redis.call('PEXPIREAT', KEYS[7], string.format('%d', noso.endsAt + ARGV[3]))
return {'ok', epoch, 1, now}
`,
);

/**
 * Forgets it: of one, or of all.
 *
 * KEYS as CATALOGUE, 7 its intents
 * ARGV 1 the digest, or '' for all
 * Answer 'ok', epoch, how many were forgotten, the time
 */
export const WITHDRAW = script(
  'withdraw',
  `${CATALOGUE}
if ARGV[1] ~= '' then return {'ok', epoch, redis.call('SREM', KEYS[7], ARGV[1]), now} end
local all = redis.call('SCARD', KEYS[7])
redis.call('DEL', KEYS[7])
return {'ok', epoch, all, now}
`,
);

/**
 * KEYS as CATALOGUE, 7 its intents
 * ARGV digests
 * Answer 'ok', epoch, how many mean to come, 1 if one of the digests is among them
 */
export const INTENTS = script(
  'intents',
  `${CATALOGUE}
local among = 0
for k = 1, #ARGV do
  if redis.call('SISMEMBER', KEYS[7], ARGV[k]) == 1 then among = 1 end
end
return {'ok', epoch, redis.call('SCARD', KEYS[7]), among}
`,
);

/**
 * KEYS as CATALOGUE, 7 its intents
 * Answer 'ok', epoch, then the digests of all who mean to come
 */
export const INTENDING = script(
  'intending',
  `${CATALOGUE}
local answer = {'ok', epoch}
for _, digest in ipairs(redis.call('SMEMBERS', KEYS[7])) do answer[#answer + 1] = digest end
return answer
`,
);

/**
 * Brings the catalogue's copy of a NoSo up to its live state. An older version changes nothing.
 *
 * KEYS as CATALOGUE
 * ARGV 1 the field, 2 the version, 3 the document, 4 the id of the NoSo, 5 its venue, 6 1 if it is open
 * Answer 'ok', epoch, the revision, or 0 if the copy was as new
 */
export const PUBLISH = script(
  'publish',
  `${CATALOGUE}
if tonumber(ARGV[2]) <= versionOf(ARGV[1]) then return {'ok', epoch, 0} end
local revision = write(ARGV[1], ARGV[2] .. ':' .. ARGV[3])
if ARGV[6] ~= '1' and redis.call('HGET', KEYS[4], ARGV[5]) == ARGV[4] then
  redis.call('HDEL', KEYS[4], ARGV[5])
end
return {'ok', epoch, revision}
`,
);

/**
 * Deletes documents together, if nothing was written since they were looked up.
 *
 * KEYS as CATALOGUE
 * ARGV 1 the revision at which they were looked up, 2 their venue if it goes too, else '',
 *      then for each two: its field, and its id if it is a wall, else ''
 * Answer 'ok', epoch, the first revision (each document's is one more), 0 if something was written
 *        since, -1 if a NoSo is open there
 */
export const REMOVE = script(
  'remove',
  `${CATALOGUE}
if (redis.call('GET', KEYS[3]) or '0') ~= ARGV[1] then return {'ok', epoch, 0} end
if ARGV[2] ~= '' and redis.call('HEXISTS', KEYS[4], ARGV[2]) == 1 then
  return {'ok', epoch, -1}
end
local first
for k = 3, #ARGV, 2 do
  local revision = write(ARGV[k], '')
  first = first or revision
  if ARGV[k + 1] ~= '' then redis.call('HDEL', KEYS[5], ARGV[k + 1]) end
end
return {'ok', epoch, first}
`,
);

/**
 * What was written after a revision, oldest first. Ids deleted long ago are forgotten on the way.
 *
 * KEYS as CATALOGUE
 * ARGV 1 the revision, 2 how many at most
 * Answer 'ok', epoch, the catalogue's revision, then for each document three: field, revision,
 *        value or ''
 */
export const CHANGES = script(
  'changes',
  `${CATALOGUE}
local answer = {'ok', epoch, redis.call('GET', KEYS[3]) or '0'}
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
