import { LIVE as LIVE_STEPS, versionOf } from '../../layouts.js';
import { GRAVE, KEPT_UNCLOSED } from '../keys.js';
import { SETTLE_ALL } from './epochLua.js';
import { LIVE } from './liveLua.js';
import { script } from './script.js';

/** A NoSo is founded only by who has just read that it is open, in ms. */
const FRESH = 5000;

/**
 * Gives an open NoSo its live state, if it has none. Done at opening; done again by whoever finds it
 * missing (a node died between the two steps of opening, or a shard lost it: then the epoch, which
 * goes by the time since opening, is higher than it ever was).
 *
 * KEYS as LIVE
 * ARGV 1 when the catalogue was read (ms), 2 the document, 3 its version, 4 openedAt, 5 endsAt,
 *      6 capacity or '', 7 pocket in ms or '', 8 startsAt, 9 a number below 65,536, at random
 * Answer 'there' (founded now or before), 'closed' (a grave forbids it), 'stale' (read again)
 */
export const FOUND = script(
  'found',
  `
if redis.call('EXISTS', KEYS[1]) == 1 then
  return redis.call('HEXISTS', KEYS[1], 'openedAt') == 1 and 'there' or 'closed'
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > ARGV[1] + ${FRESH} then return 'stale' end
redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[9])
local since = math.max(0, now - ARGV[4])
local replid = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
-- Higher than any that it had (epochLua.ts), and never one that another founding had.
local epoch = (2 + since) * 65536 + ARGV[9]
-- Not at its opening: others may know more of it.
local settled = since >= 1000 and now + ${SETTLE_ALL} or 0
redis.call('HSET', KEYS[1], 'doc', ARGV[2], 'version', ARGV[3], 'openedAt', ARGV[4], 'endsAt', ARGV[5],
  'capacity', ARGV[6], 'pocket', ARGV[7], 'startsAt', ARGV[8], 'epoch', epoch, 'seq', 0, 'count', 0, 'peak', 0, 'total', 0,
  'seated', 0, 'lastAt', ARGV[4], 'samples', 0, 'bell', 0, 'replid', replid,
  'settled', settled, 'latest', settled, 'shift', 0, 'tick', now, 'layout', ${versionOf(LIVE_STEPS)})
return 'there'
`,
);

/**
 * The NoSo as it is while open: its live state, not the catalogue's copy, decides.
 *
 * KEYS as LIVE
 * Answer 'settling', or 'ok', epoch, seq, now, openedAt, version, the document, count, how far its time
 *        is ahead of the nodes'
 */
export const LOOK = script(
  'look',
  `${LIVE}
-- Its count and its record are of what is put back as well, unless its end has come.
if settling and not over then return {'settling', epoch, seq, now, openedAt} end
lapseDue()
flush()
local doc = redis.call('HMGET', KEYS[1], 'version', 'doc')
return {'ok', epoch, seq, now, openedAt, doc[1], doc[2], count, off}
`,
);

/**
 * Changes an open NoSo, if it is still as it was when the change was decided.
 *
 * KEYS as LIVE
 * ARGV 1 the version it was, 2 the document, 3 endsAt, 4 capacity or '', 5 startsAt, 6 until when
 *      passes are no good, or ''
 * Answer 'ok', epoch, seq, now, openedAt, 1 if done (0: decide again)
 */
export const AMEND = script(
  'amend',
  `${LIVE}
lapseDue()
flush()
local wanted = tonumber(ARGV[4])
if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] or (wanted and wanted < count) then
  return {'ok', epoch, seq, now, openedAt, 0}
end
redis.call('HSET', KEYS[1], 'doc', ARGV[2], 'version', ARGV[1] + 1, 'endsAt', ARGV[3],
  'capacity', ARGV[4], 'startsAt', ARGV[5], 'voided', ARGV[6])
for _, k in ipairs({2, 3, 4, 5, 6, 9}) do
  redis.call('PEXPIREAT', KEYS[k], ARGV[3] + ${KEPT_UNCLOSED})
end
return {'ok', epoch, seq, now, openedAt, 1}
`,
);

/**
 * Closes an open NoSo for good: from here on no seat is taken, and every number, pass and trace of a
 * number is gone (L4). The tally, which has none, waits for the record to be written; any node can
 * do that, and all come to the same record. Closing again tells the same.
 *
 * KEYS as LIVE
 * ARGV 1 'organizer', or 'schedule' (which is refused before endsAt), 2 who seals (a random token)
 * Answer {'missing'}, {'closed'}, {'early', now}, or {'sealed', when, by whom, version, the document,
 *        openedAt, count, total, peak, seated, lastAt, counts of the minutes joined by commas,
 *        the token of who sealed it, how far its time was ahead of the nodes', when its silence began,
 *        how many were seated by hand}
 */
export const SEAL = script(
  'seal',
  `
local function seal()
${LIVE}
  -- Redis' clock and even time must both say that its end has come (L7).
  if ARGV[1] == 'schedule' and not (over and raw >= endsAt) then return {'early', now} end
  if not over then lapseDue() end
  flush()
  redis.call('HSET', KEYS[1], 'sealed', string.format('%.0f', now), 'by', ARGV[1],
    'token', ARGV[2], 'off', off, 'began', began)
  redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[9])
  return {'sealed'}
end
local answer = seal()
if answer[1] ~= 'sealed' then return answer end
local tally = redis.call('HMGET', KEYS[1], 'sealed', 'by', 'version', 'doc', 'openedAt', 'count',
  'total', 'peak', 'seated', 'lastAt')
local hands = redis.call('HGET', KEYS[1], 'byHand')
tally[#tally + 1] = table.concat(redis.call('LRANGE', KEYS[7], 0, -1), ',')
tally[#tally + 1] = redis.call('HGET', KEYS[1], 'token')
tally[#tally + 1] = redis.call('HGET', KEYS[1], 'off')
tally[#tally + 1] = redis.call('HGET', KEYS[1], 'began')
tally[#tally + 1] = hands
table.insert(tally, 1, 'sealed')
return tally
`,
);

/**
 * Removes what is left of a NoSo whose record is written; a grave stays for a while. Done again after
 * a loss of data, which may bring the seats back: then only if there is something.
 *
 * KEYS as LIVE, then what counts what is bounded there
 * ARGV 1 'again' or ''
 * Answer 1 if there was something
 */
export const BURY = script(
  'bury',
  `
if ARGV[1] == 'again' and redis.call('HEXISTS', KEYS[1], 'openedAt') == 0 then return 0 end
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[9],
  KEYS[10], KEYS[11])
redis.call('HSET', KEYS[1], 'sealed', 'closed')
redis.call('PEXPIRE', KEYS[1], ${GRAVE})
return 1
`,
);
