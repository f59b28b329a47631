import { script } from './script.js';

/**
 * Counts one more of what is bounded at a NoSo, unless there were as many as there may be.
 *
 * KEYS 1 the counts, by pieces of time
 * ARGV 1 how many there may be, 2 the length of a piece (ms), 3 how many pieces are looked back
 * Answer how many there were of late, this one included, or -1
 */
export const RATION = script(
  'ration',
  `
local time = redis.call('TIME')
local piece = math.floor((time[1] * 1000 + math.floor(time[2] / 1000)) / ARGV[2])
local counts, total = redis.call('HGETALL', KEYS[1]), 0
for k = 1, #counts, 2 do
  local of = tonumber(counts[k])
  -- Nor is one counted that lies ahead: the clock was set.
  if of < piece - ARGV[3] or of > piece then redis.call('HDEL', KEYS[1], counts[k])
  else total = total + counts[k + 1] end
end
if total >= tonumber(ARGV[1]) then return -1 end
redis.call('HINCRBY', KEYS[1], piece, 1)
redis.call('PEXPIRE', KEYS[1], ARGV[2] * (ARGV[3] + 1))
return total + 1
`,
);
