import { LIVE, NOTICE_LOSS } from './live.js';
import { script } from './script.js';

/**
 * Notes when phones were last heard.
 *
 * KEYS as LIVE
 * ARGV for each phone three: number, sitting, when it was heard
 * Answer 'ok', epoch, seq, now, openedAt, then the positions (from 1) of those that hold no such sitting
 */
export const HEAR = script(
  'hear',
  `${LIVE}
local crowded = lapseDue()
local answers = {'ok', epoch, 0, now, openedAt}
local seen = {}
for k = 1, #ARGV, 3 do
  local number = ARGV[k]
  if crowded then lapseIfDue(number) end
  local seat = seatOf(number)
  if seat and string.match(seat, '^%d+') == ARGV[k + 1] then
    seen[#seen + 1] = math.min(tonumber(ARGV[k + 2]), now)
    seen[#seen + 1] = number
  else
    answers[#answers + 1] = (k + 2) / 3
  end
end
flush()
if pocket and #seen > 0 then redis.call('ZADD', KEYS[3], 'XX', 'GT', unpack(seen)) end
answers[3] = seq
return answers
`,
);

/**
 * The seat a number holds, or the mark that it left.
 *
 * KEYS as LIVE
 * ARGV 1 the number
 * Answer 'ok', epoch, seq, now, openedAt, 'sitting:since' or '', 'sitting:at:why' or ''
 */
export const SEAT = script(
  'seat',
  `${LIVE}
if lapseDue() then lapseIfDue(ARGV[1]) end
flush()
return {'ok', epoch, seq, now, openedAt, seatOf(ARGV[1]) or '', markOf(ARGV[1]) or ''}
`,
);

/**
 * Lets go of what is due, and notices a loss of data where nobody reads the log.
 *
 * KEYS as LIVE
 * Answer 'ok', epoch, seq, now, openedAt, when the next seat is due ('': none; now: there is more)
 */
export const LAPSE = script(
  'lapse',
  `${LIVE}
local more = lapseDue()
flush()
${NOTICE_LOSS}
local next = ''
if more then
  next = now
elseif pocket and not over then
  local first = redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES')
  if first[2] then next = first[2] + pocket end
end
return {'ok', epoch, seq, now, openedAt, string.format('%s', next)}
`,
);

/**
 * Puts back what a node had acknowledged (recovery.ts). Whatever is there and as new is left alone,
 * so that a second time changes nothing.
 *
 * KEYS as LIVE
 * ARGV for each change five: number; 't' seated, 'l' left, 'h' heard; sitting; since, or when it left
 *      or was heard (ms); a form's id or ''
 * Answer 'ok', epoch, seq, now, openedAt
 */
export const REPLAY = script(
  'replay',
  `${LIVE}
lapseDue()
local heard = {}
for k = 1, #ARGV, 5 do
  local number, what, sitting, at = ARGV[k], ARGV[k + 1], tonumber(ARGV[k + 2]), tonumber(ARGV[k + 3])
  local form = ARGV[k + 4]
  local seat, mark = seatOf(number), markOf(number)
  local present = seat and tonumber(string.match(seat, '^%d+')) or 0
  local past = mark and tonumber(string.match(mark, '^%d+')) or 0
  if over then
    break
  elseif what == 't' and present < sitting and past < sitting then
    if seat then
      -- An older sitting is on whose end was lost: the number sits on, on its newer one.
      setSeat(number, sitting .. ':' .. math.max(0, at - openedAt))
    elseif not capacity or count < capacity then
      sit(number, sitting, math.max(at, openedAt))
    end
    if form ~= '' then
      formsNew[#formsNew + 1] = form
      formsNew[#formsNew + 1] = number
    end
  elseif what == 'l' and present <= sitting and past < sitting then
    if seat then
      setSeat(number, sitting .. ':' .. string.match(seat, '%d+$'))
      endSitting(number, 'left')
    else
      -- The seat was lost with its end: only the mark is put back, so that nothing revives it.
      if not mark then total = total + 1 end
      setMark(number, sitting .. ':' .. math.max(0, at - openedAt) .. ':left')
    end
  elseif what == 'h' and present == sitting then
    heard[#heard + 1] = math.min(at, now)
    heard[#heard + 1] = number
  end
end
flush()
if pocket and #heard > 0 then redis.call('ZADD', KEYS[3], 'XX', 'GT', unpack(heard)) end
redis.call('HSET', KEYS[1], 'total', total)
return {'ok', epoch, seq, now, openedAt}
`,
);
