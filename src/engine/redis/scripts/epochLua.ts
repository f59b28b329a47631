/** After a loss of data nothing is decided for this long, in ms, while nodes put back what they know … */
const SETTLE = 700;
/** … and as long as a node that is there has more to put back, up to this. */
const SETTLE_MOST = 6000;
/**
 * A node says every second that it is there (guard.ts). One that has not for two of them, with what
 * that takes on the way, is not waited for, be it before the loss or since.
 */
const MISSED = 2500;
/**
 * Where it is not known which nodes there are to wait for: so long it takes all of them to look at a
 * server that was replaced, and to put back what they know.
 */
export const SETTLE_ALL = 1000;
/** For this long after a loss whoever leaves is remembered to have left, known or not. */
const WARY = 60_000;

/**
 * Part of `LIVE`. Each script first notices whether this is the Redis that it was: a data set that was
 * restarted or promoted has another replication id, and may lack writes that were acknowledged. Then
 * a new epoch begins, and while it is `settling` nothing is decided, nothing lapses and nothing is
 * read; what was acknowledged is put back (recovery.ts says how), and the epoch has settled once all
 * nodes that are there have said that they have no more. An epoch is a time and a piece
 * of the replication id, so that two servers which both think that they are the master never begin
 * the same one.
 */
export const EPOCH = `
local settled, latest = tonumber(state[16]) or 0, tonumber(state[17]) or 0

local replication = redis.call('INFO', 'replication')
local replid = string.match(replication, 'master_replid:(%x+)')

-- Begins an epoch higher than one, and decides which nodes to wait for: those there to the last.
local function beginEpoch(after)
  local part = tonumber(string.sub(replid, 1, 4), 16)
  epoch = math.max(after, (1 + math.max(0, now - openedAt)) * 65536 + part) + 1
  settled = now + ${SETTLE}
  latest = now + ${SETTLE_MOST}
  local nodes, newest = redis.call('HGETALL', KEYS[9]), 0
  for k = 2, #nodes, 2 do newest = math.max(newest, tonumber(string.match(nodes[k], '^%d+'))) end
  for k = 1, #nodes, 2 do
    if tonumber(string.match(nodes[k + 1], '^%d+')) < newest - ${MISSED} then
      redis.call('HDEL', KEYS[9], nodes[k])
    end
  end
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'replid', replid, 'settled', settled, 'latest', latest)
end
if state[15] ~= replid then beginEpoch(epoch) end

-- Whether a node is to be waited for, which has not put back yet what it acknowledged: one that is
-- here, or one that was there to the last and may yet be on its way.
local function awaited()
  local began = settled - ${SETTLE}
  for _, node in ipairs(redis.call('HVALS', KEYS[9])) do
    local at, done = string.match(node, '^(%d+):(%d+)$')
    at = tonumber(at)
    if tonumber(done) ~= epoch then
      if at >= began and at > now - ${MISSED} then return true end
      if at < began and now < began + ${MISSED} then return true end
    end
  end
  return false
end
local settling = now < settled or now < latest and awaited()
local wary = now < settled + ${WARY}
`;
