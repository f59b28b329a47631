import { ENTRY_PASS, RETURN_GAP, RETURNS } from '../../../domain/seating.js';
import { CLICK } from './clickLua.js';
import { LIVE } from './liveLua.js';
import { script } from './script.js';

/**
 * Takes, leaves and bindings, in the order given: `domain/seating.take`, `.leave` and `.bind`, check
 * for check.
 *
 * KEYS as LIVE
 * ARGV for each request four: the number, or '' to ask for it; what is asked: e or E and when the entry pass was issued,
 *      s or S and the sitting of the pass shown (capitals: an explicit wish to come back),
 *      l and the sitting to end or nothing, b and when the entry pass was issued, c a door's click
 *      (clickLua.ts), v and the sitting to take back; the key of the pass or of the click, or ''; 1 if
 *      the number was drawn for this request alone, else '', or the click itself
 * Answer 'settling', epoch, seq, now, openedAt (nothing is done), or 'ok', epoch, seq, now, openedAt,
 *      then for each request
 *      'number:sitting:since' (seated), 'left:sitting', 'absent' (nothing to end),
 *      'ended:sitting:at' (it had ended before; at counts from openedAt), 'bound:number',
 *      'freed:sitting', 'click:…' (clickLua.ts), or a
 *      refusal: 'over', 'conflict:used', 'conflict:pass', 'conflict:left', 'conflict:lapsed',
 *      'expired', 'spent', 'too_soon:ms', 'full'
 */
export const CHANGE = script(
  'change',
  `${LIVE}
if settling then return {'settling', epoch, seq, now, openedAt} end
local crowded = lapseDue()

-- Seats, marks and passes of all in three commands.
local numbers, keys = {}, {}
for k = 1, #ARGV, 4 do
  numbers[#numbers + 1] = ARGV[k]
  if ARGV[k + 2] ~= '' then keys[#keys + 1] = ARGV[k + 2] end
end
if #keys > 0 then
  local known = redis.call('HMGET', KEYS[5], unpack(keys))
  for k, key in ipairs(keys) do passes[key] = known[k] end
end
local held = redis.call('HMGET', KEYS[2], unpack(numbers))
local absent = {}
for k, number in ipairs(numbers) do
  if seats[number] == nil then seats[number] = held[k] end
  if not seats[number] and marks[number] == nil then absent[#absent + 1] = number end
end
if #absent > 0 and redis.call('EXISTS', KEYS[4]) == 1 then
  local left = redis.call('HMGET', KEYS[4], unpack(absent))
  for k, number in ipairs(absent) do marks[number] = left[k] end
else
  -- Nobody has left a mark.
  for _, number in ipairs(absent) do marks[number] = false end
end

-- Asking again for a seat that one has is being heard.
local heard = {}

-- Whether an entry pass is no good any more.
local function isOld(issuedAt)
  return now > math.max(issuedAt + off, openedAt) + ${ENTRY_PASS} or voided and issuedAt <= voided
end

local function take(number, kind, value, back, key, fresh)
  if over then return 'over' end
  local known = key ~= '' and passOf(key)
  if known and known ~= number and not fresh then return 'conflict:used' end
  number = known or number
  if crowded then lapseIfDue(number) end
  local seat = seatOf(number)
  if seat then
    local sitting = tonumber(string.match(seat, '^%d+'))
    if kind == 's' and value < sitting and not back then return 'conflict:pass' end
    if pocket then
      heard[#heard + 1] = now
      heard[#heard + 1] = number
    end
    if key ~= '' and not known then bindPass(key, number) end
    return number .. ':' .. seat
  end
  local mark = markOf(number)
  local last, leftAt, why, free
  if mark then
    last, leftAt, why, free = string.match(mark, '^(%d+):(%d+):(%a+):?(%d*)$')
    if why == 'voided' then
      if kind == 's' then return 'conflict:voided' end
    elseif not back then
      return 'conflict:' .. why
    end
  end
  if kind == 'e' and isOld(value) then return 'expired' end
  if mark and last - (tonumber(free) or 0) > ${RETURNS} then return 'spent' end
  if mark and why ~= 'voided' then
    local wait = openedAt + leftAt + ${RETURN_GAP} - now
    if wait > 0 then return 'too_soon:' .. wait end
  end
  if capacity and count >= capacity then return 'full' end
  local sitting = 1
  if mark then sitting = last + 1 elseif kind == 's' then sitting = value end
  if key ~= '' and not known then bindPass(key, number) end
  return number .. ':' .. sit(number, sitting)
end

local function bind(number, issuedAt, key)
  if over then return 'over' end
  local known = passOf(key)
  if known then return 'bound:' .. known end
  if number == '' or isOld(issuedAt) then return 'expired' end
  bindPass(key, number)
  return 'bound:' .. number
end

-- After a loss, leaves a mark where the sitting that is to end is not known (any more): a node that
-- was away may know it yet, and is not to put it back.
local function rememberLeft(number, sitting)
  if not markOf(number) then total = total + 1 end
  setMark(number, sitting .. ':' .. (now - openedAt) .. ':left')
  return 'ended:' .. string.match(marks[number], '^%d+:%d+')
end

local function leave(number, sitting)
  if over then return 'absent' end
  if crowded then lapseIfDue(number) end
  local seat = seatOf(number)
  if seat then
    local present = tonumber(string.match(seat, '^%d+'))
    if sitting and sitting ~= present and not (wary and sitting > present) then return 'absent' end
    endSitting(number, 'left', sitting or present)
    return 'left:' .. (sitting or present)
  end
  local mark = markOf(number)
  local past = tonumber(string.match(mark or '0', '^%d+'))
  if wary and past < (sitting or 1) then return rememberLeft(number, sitting or 1) end
  return mark and 'ended:' .. string.match(mark, '^%d+:%d+') or 'absent'
end

${CLICK}
local answers = {'ok', epoch, 0, now, openedAt}
for k = 1, #ARGV, 4 do
  local kind, value = string.sub(ARGV[k + 1], 1, 1), tonumber(string.sub(ARGV[k + 1], 2))
  local lower = string.lower(kind)
  if lower == 'l' then
    answers[#answers + 1] = leave(ARGV[k], value)
  elseif lower == 'c' then
    answers[#answers + 1] = click(ARGV[k], ARGV[k + 2], ARGV[k + 3])
  elseif lower == 'v' then
    answers[#answers + 1] = takeBack(ARGV[k], value)
  elseif lower == 'b' then
    answers[#answers + 1] = bind(ARGV[k], value, ARGV[k + 2])
  else
    answers[#answers + 1] = take(ARGV[k], lower, value, kind ~= lower, ARGV[k + 2], ARGV[k + 3] ~= '')
  end
end
flush()
if wary then redis.call('HSET', KEYS[1], 'total', total) end
if #heard > 0 then redis.call('ZADD', KEYS[3], 'XX', 'GT', unpack(heard)) end
answers[2], answers[3] = epoch, seq
return answers
`,
);
