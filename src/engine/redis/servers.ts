import type { Redis } from 'ioredis';
import type { Clients } from './connect.js';

/** The oldest Redis whose scripts, sharded channels and expiry options we use. */
const OLDEST = 7;

/**
 * Looks at the servers once, at start: throws where they cannot do, warns where they can but keep
 * less than is promised.
 */
export async function inspect(clients: Clients, warn: (what: string) => void): Promise<void> {
  for (const master of clients.masters()) {
    const facts = read(await master.info('server', 'persistence', 'memory'));
    const version = facts.get('redis_version') ?? '';
    if (Number.parseInt(version, 10) < OLDEST) {
      throw new Error(`Redis ${version} is too old: ${OLDEST} or newer is needed`);
    }
    if (facts.get('aof_enabled') === '0') {
      warn('Redis keeps no append-only file (appendonly no): seats do not survive its restart');
    }
    const policy = facts.get('maxmemory_policy');
    if (policy !== undefined && policy !== 'noeviction' && facts.get('maxmemory') !== '0') {
      warn(`Redis may evict seats when memory is short (maxmemory-policy ${policy})`);
    }
  }
}

/**
 * Asks every master to rewrite its file, so that what was forgotten is gone from there too (L4).
 * False where one refuses, or has only snapshots that it takes when it likes.
 */
export async function rewriteFiles(clients: Clients): Promise<boolean> {
  const answers = await Promise.all(clients.masters().map(rewrite));
  return answers.every(Boolean);
}

async function rewrite(master: Redis): Promise<boolean> {
  try {
    const facts = read(await master.info('persistence'));
    if (facts.get('aof_enabled') === '1') await master.bgrewriteaof();
    else if (facts.get('rdb_last_bgsave_time_sec') !== '-1') await master.bgsave('SCHEDULE');
    return true;
  } catch {
    // Not allowed, or one is under way: /privacy says "until the next rewrite".
    return false;
  }
}

function read(info: string): Map<string, string> {
  const lines = info.split('\r\n').filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}
