import { LIVE as LIVE_STEPS, versionOf } from '../../layouts.js';
import { KEPT_UNCLOSED } from '../keys.js';
import { EPOCH } from './epochLua.js';
import { HOUR } from './hourLua.js';

/** Bells ring at most this often for one NoSo, in ms: under 20 notifications a second. */
export const BELL_EVERY = 60;
/** The log keeps at least this many entries … */
export const LOG_ENTRIES = 50_000;
/** … and at least what is this recent, in ms. */
export const LOG_TIME = 130_000;
/** Seats that one script lets lapse, so that none blocks Redis for long. */
export const LAPSES = 500;

const VERSION = versionOf(LIVE_STEPS);
/** Takes the steps that a NoSo lacks which an earlier version opened (layouts.ts). */
const STEPS =
  LIVE_STEPS.length === 0
    ? ''
    : `if layout < ${VERSION} then
${LIVE_STEPS.map(({ lua }, k) => (lua ? `  if layout < ${k + 2} then ${lua} end` : '')).join('\n')}
  redis.call('HSET', KEYS[1], 'layout', ${VERSION})
end`;

/**
 * The state of an open NoSo as every script sees it. Each live script is this, then its own part.
 *
 * KEYS 1 state, 2 seats, 3 seen, 4 marks, 5 passes, 6 log, 7 minutes, 8 bell (a channel), 9 nodes
 * Answers {'missing'} if the NoSo has no live state here, {'sealed'} if it was closed and its record
 * is not published yet, {'closed'} if it is closed, {'newer', its layout's version, of what, the one known here} if a later version of
 * this program has been at it; else what the script itself says, which begins
 * with 'ok', epoch, seq, now, openedAt. ARGV ends with two more than each script names (hours.ts). Times are ms; those in seats, marks and log count from openedAt.
 *
 * Writes are gathered and made at once by `flush`, so that a batch of seats costs a few commands.
 */
export const LIVE = `
local time = redis.call('TIME')
local raw = time[1] * 1000 + math.floor(time[2] / 1000)
local state = redis.call('HMGET', KEYS[1], 'openedAt', 'endsAt', 'capacity', 'pocket', 'epoch', 'seq',
  'count', 'peak', 'total', 'seated', 'lastAt', 'samples', 'bell', 'sealed', 'replid', 'settled',
  'latest', 'layout', 'shift', 'tick', 'startsAt', 'byHand', 'voided')
local layout = tonumber(state[18]) or 1
if state[1] and layout > ${VERSION} then return {'newer', layout, KEYS[1], ${VERSION}} end
if state[14] then return {state[1] and 'sealed' or 'closed'} end
if not state[1] then return {'missing'} end
local openedAt, endsAt = tonumber(state[1]), tonumber(state[2])
local capacity, pocket = tonumber(state[3]), tonumber(state[4])
local epoch, seq, count = tonumber(state[5]), tonumber(state[6]), tonumber(state[7])
local peak, total, seated = tonumber(state[8]), tonumber(state[9]), tonumber(state[10])
local lastAt, samples, bell = tonumber(state[11]), tonumber(state[12]), tonumber(state[13])
${HOUR}
local over = now >= endsAt + off
-- When its silence begins; what an earlier version opened did not gather.
local began = math.max(openedAt, (tonumber(state[21]) or 0) + off)
${STEPS}
local byHand, voided = tonumber(state[22]) or 0, tonumber(state[23])
local seqBefore, countBefore = seq, count
${EPOCH}
-- What is known of single numbers: a string, false where there is nothing, nil where not looked yet.
local seats, marks, passes = {}, {}, {}
local seatsChanged, marksChanged, passesNew, log, minutes = {}, {}, {}, {}, {}

local function seatOf(number)
  if seats[number] == nil then seats[number] = redis.call('HGET', KEYS[2], number) end
  return seats[number]
end

local function markOf(number)
  if marks[number] == nil then marks[number] = redis.call('HGET', KEYS[4], number) end
  return marks[number]
end

-- The number that an entry pass stands for.
local function passOf(key)
  if passes[key] == nil then passes[key] = redis.call('HGET', KEYS[5], key) end
  return passes[key]
end

local function bindPass(key, number)
  passes[key] = number
  passesNew[#passesNew + 1] = key
  passesNew[#passesNew + 1] = number
end

-- What became of a door's click, as it is kept: 'number sitting done' (clicks.ts).
local clicks = {}
local function clickOf(key)
  if clicks[key] == nil then clicks[key] = redis.call('HGET', KEYS[5], 'c:' .. key) end
  return clicks[key]
end

local function setClick(key, value)
  clicks[key] = value
  passesNew[#passesNew + 1] = 'c:' .. key
  passesNew[#passesNew + 1] = value
end

-- One more entry of the log, and its part in the record. Returns when it is dated.
local function append(number, by, first)
  local at = math.max(now, lastAt)
  while openedAt + samples * 60000 < at do
    minutes[#minutes + 1] = count
    samples = samples + 1
  end
  seated = seated + count * math.max(0, at - math.max(lastAt, began))
  lastAt = at
  seq = seq + 1
  count = count + by
  if count > peak then peak = count end
  if first then total = total + 1 end
  log[#log + 1] = (at - openedAt) .. (by > 0 and '+' or '-') .. number
  return at
end

local function setSeat(number, value)
  seats[number] = value
  seatsChanged[number] = true
end

local function setMark(number, value)
  marks[number] = value
  marksChanged[number] = true
end

-- A seat is kept as 'sitting:since' and, unless a phone sits there for the first time, or again after
-- it had left, ':by:free:first': whoever seated it by hand ('-' nobody, '.' the console), how many of
-- its sittings before were taken back, and whether it is in the total for its sake. A mark is kept as
-- 'sitting:at:why' and, unless none was taken back, ':free'.
local function partsOf(seat)
  local sitting, since, rest = string.match(seat, '^(%d+):(%d+)(.*)$')
  local by, free, first = string.match(rest, '^:([^:]*):(%d+):(%d)$')
  if not by then by, first = '-', sitting == '1' and '1' or '0' end
  return tonumber(sitting), tonumber(since), by, tonumber(free) or 0, first == '1'
end

local function pastOf(number)
  local mark = markOf(number)
  if not mark then return 0, 0 end
  return tonumber(string.match(mark, '^%d+')), tonumber(string.match(mark, ':%a+:(%d+)$')) or 0
end

-- Seats a number that has no seat. Returns the seat as it is kept.
local function sit(number, sitting, since, by)
  by = by or '-'
  local past, free = pastOf(number)
  local first = past == free
  local at = append(number, 1, first)
  if first and by ~= '-' then byHand = byHand + 1 end
  local seat = sitting .. ':' .. (since or at) - openedAt
  if by ~= '-' or free > 0 or first ~= (tonumber(sitting) == 1) then
    seat = seat .. ':' .. by .. ':' .. free .. ':' .. (first and 1 or 0)
  end
  setSeat(number, seat)
  if marks[number] then setMark(number, false) end
  return seats[number]
end

-- Ends the sitting of a number that has a seat; why is 'left', 'lapsed' or 'voided': that it is as if
-- it had never been. Where that is put back, sitting and past are which one it was and when.
local function endSitting(number, why, sitting, past)
  local ended, since, by, free, first = partsOf(seats[number])
  local at = append(number, -1, false)
  if why == 'voided' then
    free = free + 1
    if first then total = total - 1 end
    if first and by ~= '-' then byHand = byHand - 1 end
    seated = seated - math.max(0, at - math.max(openedAt + since, began))
  end
  setSeat(number, false)
  local mark = (sitting or ended) .. ':' .. math.max(0, (past or at) - openedAt) .. ':' .. why
  setMark(number, free > 0 and mark .. ':' .. free or mark)
end

-- Lets go of the seats that are due, the longest silent first. Returns true if there may be more.
local function lapseDue()
  if not pocket or over or settling then return false end
  local due = redis.call('ZRANGE', KEYS[3], '-inf', now - pocket, 'BYSCORE', 'LIMIT', 0, ${LAPSES})
  if #due == 0 then return false end
  local held = redis.call('HMGET', KEYS[2], unpack(due))
  for k, number in ipairs(due) do
    if held[k] then
      seats[number] = held[k]
      endSitting(number, 'lapsed')
    end
  end
  return #due == ${LAPSES}
end

-- Lets go of one number's seat if it is due, whatever else is.
local function lapseIfDue(number)
  if pocket and not over and not settling and seatOf(number) then
    local seen = tonumber(redis.call('ZSCORE', KEYS[3], number) or now)
    if seen + pocket <= now then endSitting(number, 'lapsed') end
  end
end

-- Whatever is left behind if nobody closes goes by itself.
local function keepUntilEnd(key)
  redis.call('PEXPIREAT', key, endsAt + ${KEPT_UNCLOSED})
end

-- When the phone of a seat that is put back was last heard; else it is heard now.
local seenAt = {}

local function writeSeats()
  local set, gone, seen, silent = {}, {}, {}, {}
  for number in pairs(seatsChanged) do
    if seats[number] then
      set[#set + 1] = number
      set[#set + 1] = seats[number]
    else
      gone[#gone + 1] = number
    end
    -- Whoever was seated by hand has no phone that is heard, and does not lapse for one that sat there before.
    if not seats[number] or string.match(seats[number], '^%d+:%d+:[^-]') then
      silent[#silent + 1] = number
    else
      seen[#seen + 1] = seenAt[number] or lastAt
      seen[#seen + 1] = number
    end
  end
  if #gone > 0 then redis.call('HDEL', KEYS[2], unpack(gone)) end
  if pocket and #silent > 0 then redis.call('ZREM', KEYS[3], unpack(silent)) end
  if #set > 0 then
    redis.call('HSET', KEYS[2], unpack(set))
    if pocket and #seen > 0 then redis.call('ZADD', KEYS[3], unpack(seen)) end
    if countBefore == 0 then
      keepUntilEnd(KEYS[2])
      if pocket then keepUntilEnd(KEYS[3]) end
    end
  end
end

local function writeMarks()
  local set, gone = {}, {}
  for number in pairs(marksChanged) do
    if marks[number] then
      set[#set + 1] = number
      set[#set + 1] = marks[number]
    else
      gone[#gone + 1] = number
    end
  end
  if #gone > 0 then redis.call('HDEL', KEYS[4], unpack(gone)) end
  if #set > 0 then
    redis.call('HSET', KEYS[4], unpack(set))
    keepUntilEnd(KEYS[4])
  end
end

-- Drops what the log need not keep, looked at once in a thousand entries.
local function trimLog()
  if math.floor(seq / 1000) == math.floor(seqBefore / 1000) then return end
  local low, high = 0, redis.call('LLEN', KEYS[6]) - ${LOG_ENTRIES}
  local old = now - ${LOG_TIME} - openedAt
  if high <= 0 then return end
  while low < high do
    local middle = math.floor((low + high) / 2)
    local entry = redis.call('LINDEX', KEYS[6], middle)
    if tonumber(string.match(entry, '^%d+')) < old then low = middle + 1 else high = middle end
  end
  if low > 0 then redis.call('LTRIM', KEYS[6], low, -1) end
end

local function flush()
  if next(marksChanged) then writeMarks() end
  if #passesNew > 0 then
    redis.call('HSET', KEYS[5], unpack(passesNew))
    keepUntilEnd(KEYS[5])
  end
  if next(seatsChanged) then writeSeats() end
  if #log == 0 then return end
  redis.call('RPUSH', KEYS[6], unpack(log))
  if seqBefore == 0 then keepUntilEnd(KEYS[6]) end
  trimLog()
  if #minutes > 0 then redis.call('RPUSH', KEYS[7], unpack(minutes)) end
  if now - bell >= ${BELL_EVERY} or now < bell then
    bell = now
    redis.call('SPUBLISH', KEYS[8], '')
  end
  redis.call('HSET', KEYS[1], 'seq', seq, 'count', count, 'peak', peak, 'total', total,
    'seated', seated, 'lastAt', lastAt, 'samples', samples, 'bell', bell, 'byHand', byHand)
end
`;
