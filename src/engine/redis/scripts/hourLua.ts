import { CLOSE } from '../hours.js';
import { TOLD_LAST } from './script.js';

/** How often it is noted when a script last ran, in ms. */
const NOTED_EVERY = 500;

/**
 * Part of `LIVE`: what time it is in this NoSo. That is Redis' `TIME` and a shift, which is 0 until
 * Redis' clock is set: then `TIME` is not where a script left it a moment before, and the nodes, each
 * of which has gone on evenly since it last heard, say what time it is (L5, L7). Where a node and
 * `TIME` agree against the shift there is none: what was said was said long before it was read. To a
 * script that ran a moment after another no clock was set, whatever its node says. Time never goes
 * back behind the log.
 *
 * `raw` is `TIME`; `off` is how far this NoSo's time is ahead of the nodes' (engine.now): 0 but where
 * a clock that was set stays so, which nodes follow after a while and an open NoSo never does.
 */
export const HOUR = `
local hour, claim = tonumber(${TOLD_LAST}), tonumber(${TOLD_LAST})
local shift, tick = tonumber(state[19]) or 0, tonumber(state[20])
local shifted = shift
if claim and shift ~= 0 and math.abs(raw - claim) <= ${CLOSE} then
  shift = 0
elseif tick and (raw < tick - ${CLOSE} or raw > tick + ${CLOSE}) then
  if claim then
    if math.abs(raw + shift - claim) > ${CLOSE} then shift = claim - raw end
  elseif raw < tick then
    shift = shift + tick - raw
  end
end
if not tick or shift ~= shifted or math.abs(raw - tick) > ${NOTED_EVERY} then
  -- Where nothing can be written, what is read is none the worse.
  redis.pcall('HSET', KEYS[1], 'shift', shift, 'tick', raw)
end
local now = math.max(raw + shift, lastAt)
local off = hour and now - hour or 0
if math.abs(off) < ${CLOSE} or math.abs(shift) < ${CLOSE} then off = 0 end
`;
