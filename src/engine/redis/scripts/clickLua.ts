import { UNDONE_WITHIN } from '../../../domain/clicks.js';

/**
 * Part of `CHANGE`: what somebody at a door does, `domain/clicks.click` check for check. A click is
 * 'what|door|at|of', with the number that is meant, or was drawn for it, beside it. What became of it
 * is kept, and answered, as 'number sitting what|why|door|at|undone'; an undoing answers what it undid
 * as well, after ';': its key and what is kept of it now.
 */
export const CLICK = `
local function takeBack(number, sitting)
  local seat = seatOf(number)
  if over or not seat or tonumber(string.match(seat, '^%d+')) ~= sitting then return 'absent' end
  endSitting(number, 'voided')
  return 'freed:' .. sitting
end

local function seatByHand(number, door)
  local seat = seatOf(number)
  -- Who sits already is seated by no click, and undoing that one takes nobody's seat.
  if seat then return 'ok', number, 0 end
  if capacity and count >= capacity then return 'full', number, 0 end
  local sitting = pastOf(number) + 1
  sit(number, sitting, nil, door == '' and '.' or door)
  return 'ok', number, sitting
end

-- Whoever was seated by hand last, at this door if anybody was.
local function lastByHand(door)
  local own, any, ownSince, anySince = false, false, -1, -1
  local function look(number, seat)
    local _, since, by = partsOf(seat)
    if by == '-' then return end
    if since >= anySince then any, anySince = number, since end
    if by == door and since >= ownSince then own, ownSince = number, since end
  end
  local held = redis.call('HGETALL', KEYS[2])
  for k = 1, #held, 2 do
    if seats[held[k]] == nil then look(held[k], held[k + 1]) end
  end
  for number, seat in pairs(seats) do
    if seat then look(number, seat) end
  end
  return own or any
end

local function out(number, door)
  if number == '' then number = lastByHand(door) or '' end
  local seat = number ~= '' and seatOf(number)
  if not seat then return 'not_found', number == '' and 0 or number, 0 end
  local sitting, _, by = partsOf(seat)
  if by == '-' then return 'not_found', number, 0 end
  endSitting(number, 'left')
  return 'ok', number, sitting
end

local function undo(of, door, at)
  local kept = clickOf(of)
  if not kept then return 'not_found', 0, 0 end
  local number, sitting, what, why, from, clicked, undone =
    string.match(kept, '^(%d+) (%d+) (%a+)|([^|]*)|([^|]*)|(%d+)|(%d)$')
  if from ~= door or what == 'undo' then return 'not_found', 0, 0 end
  if why ~= 'ok' or undone == '1' or at - clicked > ${UNDONE_WITHIN} then
    return 'conflict.state', number, 0
  end
  if what == 'in' and sitting == '0' then
    -- It seated nobody.
  elseif what == 'in' then
    if takeBack(number, tonumber(sitting)) == 'absent' then return 'conflict.state', number, 0 end
  else
    if pastOf(number) ~= tonumber(sitting) then return 'conflict.state', number, 0 end
    why, number, sitting = seatByHand(number, door)
    if why ~= 'ok' then return why, number, 0 end
  end
  local mark = string.gsub(kept, '0$', '1')
  setClick(of, mark)
  return 'ok', number, sitting, of .. ' ' .. mark
end

local function click(number, key, asked)
  local known = key ~= '' and clickOf(key)
  if known then return 'click:' .. known end
  if over then return 'over' end
  local what, door, at, of = string.match(asked, '^(%a+)|([^|]*)|(%d+)|(.*)$')
  local why, whose, sitting, undone
  if what == 'in' then
    why, whose, sitting = seatByHand(number, door)
  elseif what == 'out' then
    why, whose, sitting = out(number, door)
  else
    why, whose, sitting, undone = undo(of, door, tonumber(at))
  end
  local kept = whose .. ' ' .. sitting .. ' ' .. what .. '|' .. why .. '|' .. door .. '|' .. at .. '|0'
  if key ~= '' then setClick(key, kept) end
  return 'click:' .. kept .. (undone and ';' .. undone or '')
end
`;
