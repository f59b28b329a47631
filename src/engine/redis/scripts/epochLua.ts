/** After a loss of data nothing is decided for this long, while nodes put back what they know … */
export const SETTLE = 1500;
/** … and after a failover for up to this long, where a node that was there has not done so yet. */
const SETTLE_MOST = 6000;
/** A node that was silent for this long when the others were last heard is not waited for. */
const AWAY = 5000;
/** For this long after a loss whoever leaves is remembered to have left, known or not. */
const WARY = 60_000;

/**
 * Part of `LIVE`. Each script first notices whether this is the Redis that it was: a data set that was
 * restarted or promoted has another replication id, and may lack writes that were acknowledged. Then
 * a new epoch begins, and while it is `settling` nothing is decided, nothing lapses and nothing is
 * read; what was acknowledged is put back (recovery.ts says how). An epoch is a time and a piece of
 * the replication id, so that two servers which both think that they are the master never begin the
 * same one.
 */
export const EPOCH = `
local settled, latest = tonumber(state[16]) or 0, tonumber(state[17]) or 0

local replication = redis.call('INFO', 'replication')
local replid = string.match(replication, 'master_replid:(%x+)')

-- Begins an epoch higher than one, and decides which nodes to wait for: those there to the last.
local function beginEpoch(after, failedOver)
  local part = tonumber(string.sub(replid, 1, 4), 16)
  epoch = math.max(after, (1 + math.max(0, now - openedAt)) * 65536 + part) + 1
  settled = now + ${SETTLE}
  latest = failedOver and now + ${SETTLE_MOST} or settled
  local nodes, newest = redis.call('HGETALL', KEYS[9]), 0
  for k = 2, #nodes, 2 do newest = math.max(newest, tonumber(string.match(nodes[k], '^%d+'))) end
  for k = 1, #nodes, 2 do
    if tonumber(string.match(nodes[k + 1], '^%d+')) < newest - ${AWAY} then
      redis.call('HDEL', KEYS[9], nodes[k])
    end
  end
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'replid', replid, 'settled', settled, 'latest', latest)
end
if state[15] ~= replid then
  -- One that has a second id was a replica, or had one.
  beginEpoch(epoch, string.match(replication, 'master_replid2:0*[1-9a-f]') ~= nil)
end

-- Whether a node that was there has not put back yet what it acknowledged.
local function awaited()
  for _, node in ipairs(redis.call('HVALS', KEYS[9])) do
    if tonumber(string.match(node, '%d+$')) ~= epoch then return true end
  end
  return false
end
local settling = now < settled or now < latest and awaited()
local wary = now < settled + ${WARY}
`;
