import { LIVE } from './liveLua.js';
import { script } from './script.js';

/**
 * Puts back what a node had acknowledged, and says that the node is there (recovery.ts).
 *
 * What is known of a number only ever grows: from no sitting to being seated on its first, to having
 * left that, to being seated on its second, and so on; when it was last heard grows as well. Whatever
 * is there and as far is left alone. So nodes may put back in any order, late, and twice, and come to
 * the same. Who is seated again was last heard when it was: it may be due at once.
 *
 * Who was heard was seated, whoever knows since when.
 *
 * KEYS as LIVE
 * ARGV 1 the node, 2 the epoch for which this is all that it has to put back, 'new' if it has
 *      acknowledged nothing yet, '' if there is more,
 *      then for each change six: number; 't' seated, 'l' left, 'g' left though it was not known to
 *      sit, 'b' only bound, 'h' seated by hand, 'o' left at a door, 'v' taken back, 'c' what became of a click; sitting; since, or when it left (ms); last heard (ms); the key of the pass
 *      that stands for the number, or ''; of 'h' whose hand, of 'c' the click's key and what became of it
 * Answer 'ok', epoch, seq, now, openedAt, then the positions (from 1) of those for whom there is no
 *      room (P5), or not yet
 */
export const REPLAY = script(
  'replay',
  `${LIVE}
local answers = {'ok', epoch, 0, now, openedAt}
local heard = {}

local function hear(number, at)
  heard[#heard + 1] = math.min(at, now)
  heard[#heard + 1] = number
end

local function seatAgain(number, sitting, since, at, by)
  local seat = seatOf(number)
  if seat then
    -- An older sitting is on whose end was lost: the number sits on, on its newer one.
    local _, _, was, free, first = partsOf(seat)
    setSeat(number, sitting .. ':' .. math.max(0, since - openedAt) .. ':' .. (by or was) .. ':' .. free
      .. ':' .. (first and 1 or 0))
  elseif not capacity or count < capacity then
    sit(number, sitting, math.max(since, openedAt), by)
  else
    return false
  end
  seenAt[number] = math.min(at, now)
  return true
end

-- Seated since the earliest that anybody says; its phone is heard as late.
local function stay(number, sitting, since, at)
  local held, rest = string.match(seats[number], '^%d+:(%d+)(.*)$')
  held = tonumber(held)
  since = math.max(0, since - openedAt)
  if since < held then
    local score = pocket and not seenAt[number] and redis.call('ZSCORE', KEYS[3], number)
    seenAt[number] = seenAt[number] or tonumber(score or now)
    setSeat(number, sitting .. ':' .. since .. rest)
  end
  hear(number, at)
end

local function leaveAgain(number, why, sitting, at, byDoor)
  if seatOf(number) then return endSitting(number, why, sitting, at) end
  -- The seat was lost with its end: only the mark is put back, so that nothing revives it.
  local _, free = pastOf(number)
  if why == 'voided' then
    free = free + 1
  elseif not markOf(number) then
    total = total + 1
    if byDoor then byHand = byHand + 1 end
  end
  local mark = sitting .. ':' .. math.max(0, at - openedAt) .. ':' .. why
  setMark(number, free > 0 and mark .. ':' .. free or mark)
end

for k = 3, over and 0 or #ARGV, 6 do
  local number, what, sitting, at = ARGV[k], ARGV[k + 1], tonumber(ARGV[k + 2]), tonumber(ARGV[k + 3])
  local seat, mark, key = seatOf(number), markOf(number), ARGV[k + 5]
  local by, byDoor
  if what == 'o' then
    what, byDoor = 'l', true
  elseif what == 'h' then
    what, by = 't', key == '' and '.' or key
  elseif what == 'c' then
    local id, done = string.match(key, '^(%S+) (.*)$')
    if not clickOf(id) or string.match(done, '1$') then setClick(id, number .. ' ' .. ARGV[k + 2] .. ' ' .. done) end
  elseif key ~= '' and not passOf(key) then
    bindPass(key, number)
  end
  local present = seat and tonumber(string.match(seat, '^%d+')) or 0
  local past = mark and tonumber(string.match(mark, '^%d+')) or 0
  if what == 't' and present < sitting and past < sitting then
    if not seatAgain(number, sitting, at, tonumber(ARGV[k + 4]), by) then
      answers[#answers + 1] = (k + 3) / 6
    end
  elseif what == 't' and present == sitting then
    stay(number, sitting, at, tonumber(ARGV[k + 4]))
  elseif (what == 'l' or what == 'v') and present <= sitting and past < sitting then
    leaveAgain(number, what == 'v' and 'voided' or 'left', sitting, at, byDoor)
  elseif what == 'g' and seat and openedAt + string.match(seat, '^%d+:(%d+)') <= at then
    endSitting(number, 'left', present, at)
  end
end
flush()
if pocket and #heard > 0 then redis.call('ZADD', KEYS[3], 'XX', 'GT', unpack(heard)) end
redis.call('HSET', KEYS[1], 'total', total, 'byHand', byHand)
local done = ARGV[2] == 'new' or tonumber(ARGV[2]) == epoch
redis.call('HSET', KEYS[9], ARGV[1], string.format('%.0f:%.0f', now, done and epoch or 0))
keepUntilEnd(KEYS[9])
answers[3] = seq
return answers
`,
);
