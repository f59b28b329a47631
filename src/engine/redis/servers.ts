import type { Redis } from 'ioredis';
import type { Clients } from './connect.js';
import { RedisRefusal, refusalIn } from './redisRefusal.js';

/** The oldest Redis whose scripts, sharded channels and expiry options we use. */
const OLDEST = 7;
/** With a longer `min-replicas-max-lag`, in s, two masters at once are more than a moment's matter. */
const LAG = 5;

/**
 * Looks at the servers once, at start: throws where they cannot do, warns where they can but keep
 * less than is promised.
 */
export async function inspect(
  clients: Clients,
  prefix: string,
  warn: (what: string) => void,
): Promise<void> {
  try {
    await look(clients, warn);
    await tryChannels(clients, `${prefix}{probe}`);
  } catch (error) {
    throw refusalIn(error) ?? error;
  }
}

/** A user may have all commands and keys, and no channel: then bells would never ring. */
async function tryChannels({ subscriptions, commands }: Clients, channel: string): Promise<void> {
  await subscriptions.ssubscribe(channel);
  await subscriptions.sunsubscribe(channel);
  await commands.spublish(channel, '');
}

async function look(clients: Clients, warn: (what: string) => void): Promise<void> {
  for (const master of clients.masters()) {
    const facts = read(await master.info('server', 'persistence', 'memory', 'replication'));
    const version = facts.get('redis_version') ?? '';
    if (Number.parseInt(version, 10) < OLDEST) {
      throw new RedisRefusal('OLD', `Redis ${version} is too old: ${OLDEST} or newer is needed`);
    }
    if (facts.get('aof_enabled') === '0') {
      warn('Redis keeps no append-only file (appendonly no): seats do not survive its restart');
    } else if ((await setting(master, 'appendfsync')) === 'no') {
      warn(
        'Redis leaves it to the system when its file is on the disk (appendfsync no): set everysec',
      );
    }
    if (Number(facts.get('connected_slaves') ?? 0) > 0) await inspectReplicas(master, facts, warn);
    const policy = facts.get('maxmemory_policy');
    if (policy !== undefined && policy !== 'noeviction' && facts.get('maxmemory') !== '0') {
      warn(`Redis may evict seats when memory is short (maxmemory-policy ${policy})`);
    }
  }
}

/** What a master should not do once none of its replicas hears it: say yes. */
async function inspectReplicas(
  master: Redis,
  facts: Map<string, string>,
  warn: (what: string) => void,
): Promise<void> {
  // INFO names these only where writing depends on them.
  if (facts.get('min_slaves_good_slaves') === undefined) {
    warn(
      'a Redis that is cut off from its replicas goes on saying yes (min-replicas-to-write 0): set 1',
    );
    return;
  }
  const lag = await setting(master, 'min-replicas-max-lag');
  if (lag !== null && Number(lag) > LAG) {
    warn(
      `Redis says yes for ${lag} s after its replicas were last heard (min-replicas-max-lag): set 2`,
    );
  }
}

/** A setting, or null where this Redis does not tell. */
async function setting(master: Redis, name: string): Promise<string | null> {
  try {
    const answer = await master.config('GET', name);
    return (Array.isArray(answer) ? answer[1] : null) ?? null;
  } catch {
    return null; // a Redis that is let may keep its settings to itself
  }
}

/** A master as it says of itself. */
export type Master = {
  client: Redis;
  /** Its replication id: another one was started or promoted since, and may lack what was acknowledged. */
  id: string;
  /** Its process, as Sentinels know it. */
  runId: string;
  /** Whether a replica has acknowledged lately, or is just being given everything. */
  heard: boolean;
};

/** Seconds since a replica was heard; each acknowledges once a second. */
const HEARD = 2;

/** All masters that answer, and whether all do. */
export async function masters(clients: Clients): Promise<{ masters: Master[]; all: boolean }> {
  const clientsOfAll = clients.masters();
  const asked = clientsOfAll.map(async (client) => {
    const facts = read(await client.info('server', 'replication'));
    const replicas = [...facts].filter(([name]) => /^slave\d+$/.test(name));
    return {
      client,
      id: facts.get('master_replid') ?? '',
      runId: facts.get('run_id') ?? '',
      heard: replicas.some(([, replica]) => Number(/lag=(\d+)/.exec(replica)?.[1]) <= HEARD),
    };
  });
  const found = (await Promise.allSettled(asked)).flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  );
  return { masters: found, all: found.length === asked.length && asked.length > 0 };
}

/** Whether files were rewritten, or will be later, or will not. */
export type Rewritten = 'done' | 'busy' | 'refused';

/**
 * Asks every master to rewrite its file and to forget its slow log, so that what was forgotten is
 * gone from there too (L4).
 * 'busy': a rewrite was under way already; 'refused': not allowed here.
 */
export async function rewriteFiles(clients: Clients): Promise<Rewritten> {
  const answers = await Promise.all(clients.masters().map(rewrite));
  return answers.find((a) => a === 'refused') ?? answers.find((a) => a === 'busy') ?? 'done';
}

async function rewrite(master: Redis): Promise<Rewritten> {
  try {
    const facts = read(await master.info('persistence'));
    if (facts.get('aof_enabled') === '1') {
      if (facts.get('aof_rewrite_in_progress') === '1') return 'busy';
      await master.bgrewriteaof();
    } else if (facts.get('rdb_last_bgsave_time_sec') !== '-1') {
      // It has taken snapshots before: a new one takes the place of the last.
      await master.bgsave('SCHEDULE');
    }
    // It keeps what commands were given, those that took long.
    await master.slowlog('RESET');
    return 'done';
  } catch {
    return 'refused';
  }
}

function read(info: string): Map<string, string> {
  const lines = info.split('\r\n').filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}
