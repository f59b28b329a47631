import { type NamedFault, slip } from './slip.js';

const CHANGE = 'src/engine/redis/scripts/changeLua.ts';
const LIVE = 'src/engine/redis/scripts/liveLua.ts';
const CLICK = 'src/engine/redis/scripts/clickLua.ts';
const LIFE = 'src/engine/redis/scripts/lifecycleLua.ts';
const REDIS = ['engine/redis-model', 'engine/redis.test'];

/** Faults of who sits, and of what is forgotten, in the rules and on both engines. */
export const SEATS: NamedFault[] = [
  slip(
    'seats: back is not needed on Redis',
    CHANGE,
    ["elseif not back then\n      return 'conflict:' .. why", 'else'],
    REDIS,
  ),
  slip(
    'seats: one more than there is room for on Redis',
    CHANGE,
    [
      "if capacity and count >= capacity then return 'full' end",
      "if capacity and count > capacity then return 'full' end",
    ],
    REDIS,
  ),
  slip(
    'seats: one more at a door',
    'src/domain/clicks.ts',
    ['state.seats.size >= terms.capacity', 'state.seats.size > terms.capacity'],
    ['domain/clicks', 'engine/embedded-model'],
  ),
  slip(
    'seats: one more at a door, on Redis',
    CLICK,
    ['if capacity and count >= capacity', 'if capacity and count > capacity'],
    REDIS,
  ),
  slip(
    "seats: another door's click is undone",
    'src/domain/clicks.ts',
    ['done.door !== asked.door || ', ''],
    ['domain/clicks'],
  ),
  slip("seats: another door's click is undone, on Redis", CLICK, ['from ~= door or ', ''], REDIS),
  slip(
    'seats: a click is undone hours later',
    'src/domain/clicks.ts',
    ['5 * 60_000', '500 * 60_000'],
    ['service/hands'],
  ),
  slip(
    'seats: a click that is sent again is another',
    'src/domain/clicks.ts',
    ['if (known) return { result: resultOf(known), entries: [] };', ''],
    ['domain/clicks'],
  ),
  slip(
    'seats: a pass stands for any number',
    'src/domain/seating.ts',
    ['known !== undefined && known !== taking.number && !taking.fresh', 'known === -1'],
    ['domain/seating.test'],
  ),
  slip(
    'seats: a pass stands for any number, on Redis',
    CHANGE,
    ["if known and known ~= number and not fresh then return 'conflict:used' end", ''],
    REDIS,
  ),
  slip(
    'seats: what was taken back is good again',
    'src/domain/seating.ts',
    ['issuedAt <= (terms.voidedAt ?? Number.NEGATIVE_INFINITY)', 'issuedAt < 0'],
    ['domain/seating.test'],
  ),
  slip(
    'seats: what was taken back is good again, on Redis',
    CHANGE,
    [' or voided and issuedAt <= voided', ''],
    REDIS,
  ),
  slip(
    'seats: taking back frees whom a door seated',
    'src/engine/embedded/liveNoso.ts',
    ['): boolean => seat.by === null && seat.since', '): boolean => seat.since'],
    ['engine/embedded.test'],
  ),
  slip(
    'seats: the lamp blinks as fast as it likes',
    'src/domain/seating.ts',
    ['RETURN_GAP = 60_000', 'RETURN_GAP = 1'],
    ['domain/seating.test'],
  ),
  slip(
    'seats: the lamp blinks as often as it likes',
    'src/domain/seating.ts',
    ['RETURNS = 3', 'RETURNS = 300'],
    ['domain/seating.test'],
  ),
  slip(
    'seats: a forgotten tab ends the next sitting',
    'src/domain/seating.ts',
    ['!seat || (sitting !== null && sitting !== seat.sitting)', '!seat'],
    ['domain/seating.test'],
  ),
  slip(
    'seats: the gathering is counted as silence',
    'src/domain/record.ts',
    ['Math.max(tally.lastAt, tally.beganAt)', 'tally.lastAt'],
    ['domain/record.test'],
  ),
  slip(
    'seats: the gathering is counted as silence, on Redis',
    LIVE,
    ['at - math.max(lastAt, began)', 'at - lastAt'],
    REDIS,
  ),
  slip(
    'seats: a number is drawn twice',
    'src/engine/embedded/numbersFile.ts',
    ['if (!isNew(chunks, number)) continue;', 'isNew(chunks, number);'],
    ['engine/embedded.test'],
  ),
  slip(
    'seats: the length of a number tells the order',
    'src/engine/embedded/numbersFile.ts',
    ['digits ?? lengthAt(drawn)', 'lengthAt(drawn)'],
    ['engine/embedded.test', 'engine/layouts'],
  ),
  slip(
    'seats: the length of a number tells the order, on Redis',
    'src/engine/redis/redisNumbers.ts',
    [
      'space(digits ?? lengthAt(this.drawn), this.drawn)',
      'space(lengthAt(this.drawn), this.drawn)',
    ],
    ['engine/redis.test'],
  ),
  slip(
    'seats: who means to come is kept after the opening',
    'src/engine/embedded/catalogueStore.ts',
    ["(document as Noso | null)?.life.is !== 'scheduled'", 'document === null'],
    ['engine/embedded.test', 'http/intents'],
  ),
  slip(
    'seats: who means to come is kept after the opening, on Redis',
    'src/engine/redis/scripts/catalogueLua.ts',
    ["if ARGV[7] == '0' then redis.call('DEL', KEYS[7]) else", "if ARGV[7] ~= '0' then"],
    ['engine/redis-intents', 'engine/redis.test'],
  ),
  slip(
    "seats: the catalogue forgets a close, and not the NoSo's tables",
    'src/engine/embedded/lives.ts',
    ['write(noso, { erase: noso.id })', 'write(noso)'],
    ['engine/forget'],
  ),
  {
    name: 'seats: passes and clicks outlive the close on Redis',
    edits: [
      {
        at: LIFE,
        was: 'KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[9])\n  return',
        is: 'KEYS[2], KEYS[3], KEYS[4], KEYS[6], KEYS[9])\n  return',
      },
      {
        at: LIFE,
        was: "redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5],",
        is: "redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4],",
      },
    ],
    seenBy: ['engine/redis-traces'],
  },
  slip(
    'seats: what bounds the ways in outlives the close on Redis',
    LIFE,
    ['KEYS[7], KEYS[9],\n  KEYS[10], KEYS[11])', 'KEYS[7], KEYS[9])'],
    ['engine/redis-traces', ...REDIS],
  ),
  slip(
    "seats: Redis' slow log remembers",
    'src/engine/redis/servers.ts',
    ["await master.slowlog('RESET');", 'void master;'],
    ['engine/redis-traces'],
  ),
  slip(
    'seats: a node remembers what closed',
    'src/engine/redis/tended.ts',
    ['this.hours.forget(this.keys.noso(noso).state);\n    this.recovery.forget(noso);', ''],
    ['engine/redis-traces', 'programs/live-memory'],
  ),
  slip(
    'seats: an epoch that is no higher after a loss',
    'src/engine/redis/scripts/epochLua.ts',
    [
      'if state[15] ~= replid then beginEpoch(epoch) end',
      'if not state[15] then beginEpoch(epoch) end',
    ],
    ['engine/redis-replay', 'engine/redis-failover'],
  ),
  slip(
    'seats: what a failover lost is not put back',
    'src/engine/redis/scripts/replayLua.ts',
    ["if what == 't' and present < sitting and past < sitting then", "if what == 'x' then"],
    ['engine/redis-replay'],
  ),
];
