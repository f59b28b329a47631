import { LIVE } from './liveLua.js';
import { script } from './script.js';

/** A cursor further behind than this is told to take the seats instead. */
export const TAIL_MOST = 20_000;
/** Up to this many seats are told in one script; more are scanned in pieces. */
export const SEATS_AT_ONCE = 10_000;
/** How many seats a piece of a scan looks at. */
export const SCAN = 2000;

/** What comes after a seq, up to `most` entries, as one string. */
const LOG_AFTER = `
local function logAfter(from, most)
  if from >= seq then return '' end
  local first = from - seq
  return table.concat(redis.call('LRANGE', KEYS[6], first, math.min(first + most - 1, -1)), ',')
end
`;

/**
 * Where the log stands, and what came after a seq.
 *
 * KEYS as LIVE
 * ARGV 1 the seq or '', 2 how many entries at most, 3 1 if the first of them will do where there
 *      are more
 * Answer 'settling', epoch, seq, now, openedAt, or 'ok', epoch, seq, now, openedAt, count, peak,
 *        the entries joined by commas, or nothing if the cursor is too old
 */
export const TAIL = script(
  'tail',
  `${LIVE}
if settling then return {'settling', epoch, seq, now, openedAt} end
lapseDue()
flush()
${LOG_AFTER}
local since = tonumber(ARGV[1])
local changes = false
local most = tonumber(ARGV[2])
if since and since <= seq and (ARGV[3] == '1' or seq - since <= most)
  and seq - since <= redis.call('LLEN', KEYS[6]) then
  changes = logAfter(since, most)
end
return {'ok', epoch, seq, now, openedAt, count, peak, changes}
`,
);

/**
 * The tally of its record so far.
 *
 * KEYS as LIVE
 * Answer 'settling', epoch, seq, now, openedAt, or 'ok', epoch, seq, now, openedAt, endsAt, openedAt,
 *        count, total, peak, seated, lastAt, counts of the minutes joined by commas
 */
export const TOTALS = script(
  'totals',
  `${LIVE}
if settling then return {'settling', epoch, seq, now, openedAt} end
lapseDue()
flush()
return {'ok', epoch, seq, now, openedAt, endsAt + off, openedAt, count, total, peak, seated, lastAt,
  table.concat(redis.call('LRANGE', KEYS[7], 0, -1), ','), began, byHand}
`,
);

/**
 * Who was seated at a time, if they are few; else from where to read the log once they are scanned.
 *
 * KEYS as LIVE
 * ARGV 1 the time in ms
 * Answer 'settling', epoch, seq, now, openedAt, or 'ok', epoch, seq, now, openedAt, the seq as of
 *        that time, the numbers seated now joined by commas (nothing if they or the entries are many),
 *        the entries after that time joined by commas
 */
export const SEATS = script(
  'seats',
  `${LIVE}
if settling then return {'settling', epoch, seq, now, openedAt} end
lapseDue()
flush()
${LOG_AFTER}
-- The entries are in order of time: the first one after asOf is found by halving.
local asOf = ARGV[1] + off - openedAt
local length = redis.call('LLEN', KEYS[6])
local low, high = 0, length
while low < high do
  local middle = math.floor((low + high) / 2)
  local entry = redis.call('LINDEX', KEYS[6], middle)
  if tonumber(string.match(entry, '^%d+')) <= asOf then low = middle + 1 else high = middle end
end
local from = seq - length + low
local numbers, entries = false, ''
if count <= ${SEATS_AT_ONCE} and seq - from <= ${TAIL_MOST} then
  numbers = table.concat(redis.call('HKEYS', KEYS[2]), ',')
  entries = logAfter(from, seq)
end
return {'ok', epoch, seq, now, openedAt, from, numbers, entries}
`,
);

/**
 * A piece of the seats. A number that is seated all through a scan is in it, one that is not is not;
 * what the log says changed meanwhile is put right with the log.
 *
 * KEYS as LIVE
 * ARGV 1 the scan's cursor
 * Answer 'ok', epoch, seq, now, openedAt, the next cursor (0: done), numbers joined by commas
 */
export const SCAN_SEATS = script(
  'scan-seats',
  `${LIVE}
local piece = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ${SCAN})
local numbers = {}
for k = 1, #piece[2], 2 do numbers[#numbers + 1] = piece[2][k] end
return {'ok', epoch, seq, now, openedAt, piece[1], table.concat(numbers, ',')}
`,
);

/**
 * A piece of the seats as they are kept, for whoever takes some of them back.
 *
 * KEYS as LIVE
 * ARGV 1 the scan's cursor
 * Answer 'settling', epoch, seq, now, openedAt, or 'ok', epoch, seq, now, openedAt, the next cursor (0:
 *        done), then for each seat 'number:' and what is kept
 */
export const HELD = script(
  'held',
  `${LIVE}
if settling then return {'settling', epoch, seq, now, openedAt} end
local piece = redis.call('HSCAN', KEYS[2], ARGV[1], 'COUNT', ${SCAN})
local answers = {'ok', epoch, seq, now, openedAt, piece[1]}
for k = 1, #piece[2], 2 do
  answers[#answers + 1] = piece[2][k] .. ':' .. piece[2][k + 1]
end
return answers
`,
);

/**
 * Begins a new epoch where a node remembers more than there is: a loss that shows in nothing but seq.
 *
 * KEYS as LIVE
 * ARGV 1 the epoch in which the node saw too little, 2 the epoch and 3 the seq that it remembers
 * Answer 'ok', epoch, seq, now, openedAt. Of many nodes that ask, the first begins the epoch.
 */
export const BUMP = script(
  'bump',
  `${LIVE}
local remembered = tonumber(ARGV[2])
if epoch == tonumber(ARGV[1]) and (epoch < remembered or seq < tonumber(ARGV[3])) then
  beginEpoch(math.max(epoch, remembered))
end
return {'ok', epoch, seq, now, openedAt}
`,
);
