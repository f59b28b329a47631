import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { KEPT } from '../../src/domain/kept.js';
import type { Noso } from '../../src/domain/noso.js';
import type { Engine } from '../../src/engine/engine.js';
import {
  fieldOf,
  GONE,
  GRAVE,
  KEPT_IN,
  KEPT_UNCLOSED,
  keysOf,
  liveKeys,
  SWEEP_EVERY,
} from '../../src/engine/redis/keys.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import type { Pace } from '../../src/engine/redis/pace.js';
import type { RedisEngine } from '../../src/engine/redis/redisEngine.js';
import type { RedisTime } from '../../src/engine/redis/redisTime.js';
import { Tended } from '../../src/engine/redis/tended.js';
import { dumpKeys } from '../support/keyspace.js';
import { movePast } from '../support/past.js';
import { DURABLE, ownPrefix, type Server, startRedis } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { formsOfNumber } from '../support/traces.js';
import { until } from '../support/wait.js';
import { asking, newVenue, opened, planned, seated } from './contract/cast.js';
import { quietNode } from './healing.js';

const test = suite('Redis engine: traces and traffic');

type Scene = { server: Server; prefix: string; nodes: [RedisEngine, RedisEngine, RedisEngine] };

function scene(title: string, play: (scene: Scene) => Promise<void>): void {
  test(title, async () => {
    const server = await startRedis(DURABLE);
    const prefix = ownPrefix();
    const open = () => openRedis({ url: server.url, clock: realClock, prefix });
    const nodes = await Promise.all([open(), open(), open()]);
    try {
      await play({ server, prefix, nodes });
    } finally {
      await Promise.all(nodes.map((node) => node.close()));
      await server.stop();
    }
  });
}

/** Fifteen digits, in bytes that are nothing else by chance. */
const NUMBERS = Array.from({ length: 50 }, (_, k) => 713_245_986_107_000 + k * 7919);
const FORMS = NUMBERS.map(formsOfNumber);

/** A NoSo at which all of that happened that leaves a trace. */
async function lively(engine: Engine): Promise<string> {
  const id = await opened(engine, { pocket: 300 });
  for (const number of NUMBERS) {
    await engine.take(id, asking(engine, number, { key: `pass-of-${number}` }));
  }
  for (const number of NUMBERS.slice(0, 9)) await engine.leave(id, number, null);
  const heard = NUMBERS.map((number) => ({ number, sitting: 1, at: engine.now() }));
  await engine.hear(id, heard);
  return id;
}

async function scan(redis: Redis, match: string): Promise<string[]> {
  const found: string[] = [];
  let cursor = '0';
  do {
    const [next, keys] = await redis.scan(cursor, 'MATCH', match, 'COUNT', 1000);
    found.push(...keys);
    cursor = next;
  } while (cursor !== '0');
  return found.sort();
}

async function filesOf(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath ?? e.path, e.name));
  // One that is being rewritten may be gone by the time it is read: it is no file any more.
  const read = (file: string) =>
    readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
  return Buffer.concat(await Promise.all(files.map(read)));
}

/** Numbers that are there in whatever form: as text, in UTF-16, as whole numbers, as doubles. */
const named = (bytes: Buffer) =>
  NUMBERS.filter((_, k) => FORMS[k]?.some((form) => bytes.includes(form)));

/** All that Redis can be made to tell of what it remembers, besides its slow log. */
async function toldBy(redis: Redis): Promise<Buffer> {
  const more = [redis.client('LIST'), redis.call('ACL', 'LOG'), redis.info('everything')];
  const texts = await Promise.all([dumpKeys(redis), ...more]);
  return Buffer.from(texts.map((each) => JSON.stringify(each)).join('\n'));
}

scene('L4 after a close no number is in a key, and soon none in a file', async (s) => {
  const { server, prefix, nodes } = s;
  const [one, two] = nodes;
  // Every command is slow, as it were.
  await server.ask((redis) => redis.config('SET', 'slowlog-log-slower-than', '0'));
  await server.ask((redis) => redis.config('SET', 'slowlog-max-len', '5000'));
  const slowLog = () =>
    server.ask(async (redis) => Buffer.from(JSON.stringify(await redis.slowlog('GET', '5000'))));
  const id = await lively(one);
  assert.is(named(await slowLog()).length, NUMBERS.length, 'the slow log has them');
  assert.is(named(await server.ask(toldBy)).length, NUMBERS.length, 'whoever left is among them');
  const keys = keysOf(prefix).noso(id);
  const during = await server.ask((redis) => scan(redis, `*${id}*`));
  const { bell: _channel, ...kept } = keys;
  assert.equal(during, Object.values(kept).sort(), 'every key is in keys.ts');
  // A write is put off while Redis syncs its file.
  const written = async () => named(await filesOf(server.folder)).length > 0;
  await until(written, { what: 'the append-only file to have them' });

  for (const what of ['ways', 'tries'] as const) await one.ration(id, what, 9);
  await two.command(id, { do: 'close', by: 'organizer' });
  const after = await server.ask((redis) => scan(redis, `*${id}*`));
  assert.equal(after, [keys.state], 'a grave, for a while');
  const grave = await server.ask((redis) => redis.hgetall(keys.state));
  assert.equal({ ...grave }, { sealed: 'closed' });
  const left = await server.ask((redis) => redis.pttl(keys.state));
  assert.ok(left > 0 && left <= GRAVE);
  const clean = async () => named(await filesOf(server.folder)).length === 0;
  await until(clean, { what: 'the files to be rewritten', deadline: 15_000, every: 200 });
  assert.equal(named(await slowLog()), [], 'nor does the slow log remember');
  assert.equal(named(await server.ask(toldBy)), [], 'nor anything that it tells');
  assert.is(one.rewrites() && two.rewrites(), true);
});

test('L4 a node that hears of a close remembers nothing of it, and makes sure of it for a minute', () => {
  const forgotten: string[] = [];
  const forget = (what: string) => void forgotten.push(what);
  const [hours, recovery] = [{ forget }, { forget, forgetAll: () => {} }] as [never, never];
  const tended = new Tended(
    keysOf('p'),
    { elapsed: 5 } as Pace,
    { now: () => 90_000 } as RedisTime,
    hours,
    recovery,
  );
  const noted = (id: string, life: object) => tended.noted({ id, pocket: 300, life } as Noso);
  noted('one', { is: 'open' });
  tended.attended.add('one');
  assert.equal([...tended.open], [['one', { pocket: 300, lookAt: 0 }]]);
  noted('one', { is: 'closed', effectiveAt: 30_001 });
  assert.equal(forgotten, [keysOf('p').noso('one').state, 'one']);
  assert.equal([tended.open.size, tended.attended.size], [0, 0]);
  assert.equal([...tended.closed], [['one', { since: 5, sure: 5 }]]);
  noted('two', { is: 'closed', effectiveAt: 30_000 });
  noted('three', { is: 'cancelled', effectiveAt: 90_000 });
  noted('four', { is: 'scheduled' });
  assert.is(forgotten.length, 6, 'what is planned is not forgotten');
  assert.is(tended.closed.size, 1, 'long over, or never open');
});

scene('L4 A5 where the slow log may not be forgotten, that is known', async (s) => {
  const { server, nodes } = s;
  await server.ask((redis) => redis.call('ACL', 'SETUSER', 'default', '-slowlog'));
  const [one] = nodes;
  const id = await lively(one);
  await one.command(id, { do: 'close', by: 'organizer' });
  await until(() => !one.rewrites(), { what: 'the refusal', deadline: 15_000, every: 200 });
});

scene(
  'A8 who meant to come is in no file soon after the opening, the cancelling, the deleting',
  async (s) => {
    const { server, prefix, nodes } = s;
    const [one, two] = nodes;
    const digest = (k: number) => `digestOfOneWhoComes${k}`;
    const [opens, ends, goes] = [await planned(one), await planned(one), await planned(one)];
    for (const [k, id] of [opens, ends, goes].entries()) await one.intend(id, digest(k));
    const inFiles = async () => {
      const text = await filesOf(server.folder);
      return [0, 1, 2].filter((k) => text.includes(digest(k)));
    };
    // Redis puts a write off while it brings an earlier one to the disk.
    await until(async () => (await inFiles()).length === 3, {
      what: 'them in the append-only file',
    });
    const forget = [
      () => two.command(opens, { do: 'open', by: 'organizer' }),
      () => two.command(ends, { do: 'cancel', by: 'organizer' }),
      () => two.remove('noso', goes),
    ];
    for (const [k, work] of forget.entries()) {
      // As if files had never been rewritten: they are once a minute at most.
      await server.ask((redis) => redis.hset(keysOf(prefix).rewrite, 'asked', 0, 'wanted', 0));
      await work();
      await until(async () => !(await inFiles()).includes(k), {
        ...{ what: `the files without ${k}`, deadline: 15_000, every: 200 },
      });
    }
  },
);

scene('L4 with nobody to close it, a NoSo still loses its numbers', async (s) => {
  const { server, prefix, nodes } = s;
  const [one] = nodes;
  const id = await lively(one);
  const { changes } = await one.changesSince(0);
  const noso = changes.find((c) => c.kind === 'noso')?.document;
  const endsAt = noso && 'endsAt' in noso ? noso.endsAt : 0;
  const holders = liveKeys(keysOf(prefix).noso(id)).slice(1, 6);
  const expiries = await server.ask((redis) =>
    Promise.all(holders.map((key) => redis.pexpiretime(key))),
  );
  for (const at of expiries) assert.is(at, endsAt + KEPT_UNCLOSED);
  await one.command(id, { do: 'amend', changes: { endsAt: endsAt + 60_000 } });
  const later = await server.ask((redis) =>
    Promise.all(holders.map((key) => redis.pexpiretime(key))),
  );
  for (const at of later) assert.is(at, endsAt + 60_000 + KEPT_UNCLOSED);
});

/** Kept only once something was to be forgotten, or put back. */
const notYet = (name: string) => name !== 'rewrite' && name !== 'intended';

scene('A1 A5 what is in Redis is what the table of keys says', async (s) => {
  const { server, prefix, nodes } = s;
  const [one] = nodes;
  await lively(one);
  await one.draw(5);
  await one.spend('once', one.now() + 60_000);
  await one.beat(['wall']);
  await one.reserve('screen', 'secret', one.now() + 60_000);
  await one.intend(await planned(one), 'digest');
  const noso = await opened(one);
  for (const what of ['ways', 'tries'] as const) await one.ration(noso, what, 9);
  const all = await server.ask((redis) => scan(redis, '*'));
  const names = all.map((key) => {
    const [, name = key] = /^test:[^{]*\{[^}]+\}:([a-z]+)(?::[\w-]+)?$/.exec(key) ?? [];
    return name;
  });
  assert.ok(all.every((key) => key.startsWith(prefix)));
  assert.equal([...new Set(names)].sort(), Object.keys(KEPT_IN).filter(notYet).sort());
});

scene('A5 the id of what was deleted is gone within a week', async (s) => {
  const { server, prefix, nodes } = s;
  const [one] = nodes;
  const id = await planned(one);
  await one.remove('noso', id);
  const { changes, documents } = keysOf(prefix);
  const field = fieldOf('noso', id);
  const there = () => server.ask(async (redis) => (await redis.hexists(documents, field)) === 1);
  const node = await quietNode(server.url, prefix);
  const stop = node.upkeep.start(realClock);
  try {
    await until(async () => (await one.changesSince(0)).changes.some((c) => c.id === id));
    await server.ask((redis) => redis.zadd(changes, one.now() - GONE - 1, field));
    await one.save('venue', 'v', newVenue('v'));
    const read = () => node.catalogue.changesSince(one.now() - 5000);
    await until(async () => (await read()).changes.length > 0);
    assert.ok(await there(), 'nobody reads as far back');
    node.pass(SWEEP_EVERY);
    await until(async () => !(await there()), { what: 'the id to be gone' });
  } finally {
    stop();
    node.close();
  }
  assert.ok(GONE + 2 * SWEEP_EVERY <= KEPT.deleted.until.within);
});

scene('one seat is one command and one round trip', async (s) => {
  const { server, nodes } = s;
  const [one] = nodes;
  const id = await opened(one);
  await seated(one, id, 1); // so that the script is known
  const seen: string[][] = [];
  await server.ask(async (redis) => {
    const monitor = await redis.monitor();
    monitor.on('monitor', (_time: string, args: string[], source: string) => {
      if (source !== 'lua' && args.some((arg) => arg.includes(id))) seen.push(args);
    });
    const [number] = (await one.draw(1)) as [number];
    await one.take(id, asking(one, number));
    await until(() => seen.length > 0);
    await one.leave(id, number, null);
    await until(() => seen.length > 1);
    monitor.disconnect();
  });
  const commands = seen.map(([name]) => name?.toLowerCase());
  assert.equal(commands.slice(0, 2), ['evalsha', 'evalsha']);
  assert.ok(seen.length <= 3, 'and at most one look at what is due');
});

scene('W3 5,000 seats cost under a command each, and 20 notifications a second', async (s) => {
  const { server, prefix, nodes } = s;
  const [one] = nodes;
  const id = await opened(one);
  const numbers = await one.draw(5000);
  const bells: number[] = [];
  await server.ask(async (redis) => {
    // When they were rung, by Redis' own clock.
    const { bell } = keysOf(prefix).noso(id);
    const monitor = await redis.monitor();
    monitor.on('monitor', (time: string, args: string[]) => {
      if (args[0]?.toLowerCase() === 'spublish' && args[1] === bell)
        bells.push(Number(time) * 1000);
    });
    const before = await commandsOf(server);
    // So many at a time as three busy nodes answer in time on any machine.
    for (let from = 0; from < numbers.length; from += 1000) {
      const takes = numbers.slice(from, from + 1000).map((number, k) => {
        const node = nodes[k % 3] as Engine;
        return node.take(id, asking(node, number));
      });
      await Promise.all(takes);
    }
    const commands = (await commandsOf(server)) - before;
    assert.ok(commands < 500, `${commands} commands`);
    await until(() => bells.length > 0);
    monitor.disconnect();
  });
  for (const [k, at] of bells.entries()) {
    const within = bells.slice(k).filter((later) => later < at + 1000);
    assert.ok(within.length <= 20, `${within.length} in a second`);
  }
  assert.is((await one.tail(id, null)).count, 5000);
});

/** Scripts run so far. */
async function commandsOf(server: Server): Promise<number> {
  const info = await server.ask((redis) => redis.info('commandstats'));
  const calls = [...info.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].map((m) => Number(m[1]));
  return calls.reduce((a, b) => a + b, 0);
}

scene('a node that watches nothing is told nothing', async (s) => {
  const { server, prefix, nodes } = s;
  const [one, two] = nodes;
  const id = await opened(one);
  const { bell } = keysOf(prefix).noso(id);
  const hearers = async () => {
    const answer = await server.ask((redis) => redis.call('PUBSUB', 'SHARDNUMSUB', bell));
    return Number((answer as unknown[])[1]);
  };
  assert.is(await hearers(), 0);
  const stop = two.watch(id, () => {});
  const again = two.watch(id, () => {});
  await until(async () => (await hearers()) === 1);
  stop();
  stop();
  assert.is(await hearers(), 1);
  again();
  await until(async () => (await hearers()) === 0);
});

scene('A4 the numbers ever drawn can be read, and marked elsewhere', async (s) => {
  const { server, nodes } = s;
  const drawn = (await nodes[0].draw(3000)).sort((a, b) => a - b);
  const read: number[] = [];
  for await (const some of nodes[1].drawnNumbers()) read.push(...some);
  assert.equal(read, drawn);
  const other = await openRedis({ url: server.url, clock: realClock, prefix: ownPrefix() });
  try {
    await other.markDrawn(read);
    await other.markDrawn(read.slice(0, 10));
    assert.is(new Set([...read, ...(await other.draw(3000))]).size, 6000);
  } finally {
    await other.close();
  }
});

scene('W2 the log keeps two minutes, and what is older is not told wrong', async (s) => {
  const { server, prefix, nodes } = s;
  const [one, two] = nodes;
  const id = await opened(one);
  const seat = async (from: number, count: number) => {
    for (let k = from; k < from + count; k += 1000) {
      const numbers = Array.from({ length: 1000 }, (_, n) => 500_000_000 + k + n);
      await Promise.all(numbers.map((number) => one.take(id, asking(one, number))));
    }
  };
  await seat(0, 61_000);
  await movePast(server, prefix, id, 150_000);
  await seat(61_000, 2000);
  const length = await server.ask((redis) => redis.llen(keysOf(prefix).noso(id).log));
  assert.ok(length >= 50_000 && length <= 51_000, `${length} entries`);
  assert.is((await two.tail(id, 0)).changes, null);
  const recent = (await two.tail(id, 60_990)).changes;
  assert.equal(
    recent?.map((c) => [c.seq, c.number]),
    Array.from({ length: 2010 }, (_, k) => [60_991 + k, 500_060_990 + k]),
  );
  // More than one script tells: pieces of a scan, put right with the log.
  const now = await two.seats(id, two.now() + 1000);
  assert.equal([now.seq, new Set(now.numbers).size], [63_000, 63_000]);
  const before = await two.seats(id, two.now() - 100_000);
  assert.equal([before.seq, new Set(before.numbers).size], [61_000, 61_000]);
  assert.ok(!before.numbers.includes(500_061_000));
});
