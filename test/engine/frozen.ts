import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { type Clock, realClock } from '../../src/clock.js';
import * as catalogue from '../../src/engine/redis/scripts/catalogueLua.js';
import * as change from '../../src/engine/redis/scripts/changeLua.js';
import * as lifecycle from '../../src/engine/redis/scripts/lifecycleLua.js';
import * as log from '../../src/engine/redis/scripts/logLua.js';
import * as once from '../../src/engine/redis/scripts/onceLua.js';
import * as ration from '../../src/engine/redis/scripts/rationLua.js';
import * as replay from '../../src/engine/redis/scripts/replayLua.js';
import type { Script } from '../../src/engine/redis/scripts/script.js';
import * as single from '../../src/engine/redis/scripts/singleLua.js';
import * as witness from '../../src/engine/redis/scripts/witnessLua.js';

// Redis' time as a test says, so that what is due to the ms can be tried to the ms.

const TIME = "redis.call('TIME')";
const KEY = 'frozen';
/** What scripts of open NoSos are told last: the time of the node that runs them. */
const TOLD = `{math.floor(ARGV[#ARGV] / 1000), ARGV[#ARGV] % 1000 * 1000}`;
const HELD = `redis.call('HMGET', '${KEY}', 's', 'us')`;

const isScript = (value: unknown): value is Script =>
  typeof value === 'object' && value !== null && 'lua' in value;

/**
 * From here on every script of this process reads its time from where `setTime` puts it; one of an open NoSo
 * takes its node's, so that no clock seems to have been set between the two.
 */
export function freezeScripts(): void {
  const modules = [catalogue, change, lifecycle, log, once, ration, replay, single, witness];
  for (const each of modules.flatMap((module) => Object.values(module)).filter(isScript)) {
    each.lua = each.lua.replaceAll(TIME, each.live ? TOLD : HELD);
    each.sha = createHash('sha1').update(each.lua).digest('hex');
  }
}

export const setTime = (redis: Redis, ms: number): Promise<number> =>
  redis.hset(KEY, { s: Math.floor(ms / 1000), us: (ms % 1000) * 1000 });

/**
 * A clock that stands still between two steps. Nothing is done again and again by it: what asks for Redis' time
 * while that is moved on would take it for another. What is to be done once, in a while, is.
 */
export function frozenClock(start: number): { clock: Clock; step: (ms: number) => number } {
  let now = start;
  const step = (ms: number) => (now += ms);
  const still = { now: () => now, steady: () => now - start + 5000, every: () => () => {} };
  return { clock: { ...realClock, ...still }, step };
}

/** A script that reads its time from where `setTime` puts it, whatever a node says. */
export const heldScript = ({ lua }: Pick<Script, 'lua'>): string => lua.replaceAll(TIME, HELD);
