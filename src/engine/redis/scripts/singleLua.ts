import { LIVE } from './liveLua.js';
import { script } from './script.js';

/**
 * Notes when phones were last heard.
 *
 * KEYS as LIVE
 * ARGV for each phone three: number, sitting, when it was heard
 * Answer 'settling' (who holds no such sitting may yet; tell again) or 'ok', epoch, seq, now, openedAt,
 *        then the positions (from 1) of those that hold no such sitting
 */
export const HEAR = script(
  'hear',
  `${LIVE}
local crowded = lapseDue()
-- After an outage what was heard meanwhile counts before anybody's seat lapses.
local answers = {settling and 'settling' or 'ok', epoch, 0, now, openedAt}
local seen = {}
for k = 1, #ARGV, 3 do
  local number = ARGV[k]
  if crowded then lapseIfDue(number) end
  local seat = seatOf(number)
  if seat and string.match(seat, '^%d+') == ARGV[k + 1] then
    seen[#seen + 1] = math.min(ARGV[k + 2] + off, now)
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
 * Answer 'settling', epoch, seq, now, openedAt, or 'ok', epoch, seq, now, openedAt,
 *        'sitting:since' or '', 'sitting:at:why' or ''
 */
export const SEAT = script(
  'seat',
  `${LIVE}
if settling then return {'settling', epoch, seq, now, openedAt} end
if lapseDue() then lapseIfDue(ARGV[1]) end
flush()
return {'ok', epoch, seq, now, openedAt, seatOf(ARGV[1]) or '', markOf(ARGV[1]) or ''}
`,
);

/**
 * Lets go of what is due.
 *
 * KEYS as LIVE
 * Answer 'ok', epoch, seq, now, openedAt, when the next seat is due ('': none; now: there is more)
 */
export const LAPSE = script(
  'lapse',
  `${LIVE}
local more = lapseDue()
flush()
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
