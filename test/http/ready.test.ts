import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, mkdir, rmdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import type { Engine } from '../../src/engine/engine.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { asking, newId, newNoso, newVenue, seated } from '../engine/contract/cast.js';
import { inFolder } from '../engine/folder.js';
import { type Local, startLocal } from '../support/local.js';
import { ownPrefix, type Server, startRedis } from '../support/redis.js';
import { fill, makeRoom, onSmallDisk } from '../support/smallDisk.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('ready means that somebody can sit');

const HEALED = { deadline: 15_000 };

const statusOf = async (url: string) => (await fetch(`${url}/readyz`)).status;
const ready = (url: string) =>
  until(async () => (await statusOf(url)) === 200, { what: 'it to be ready', ...HEALED });

/** Breaks a store under a server, and mends it; `word` is what the log is to say first. */
async function throughFault(
  local: Local,
  word: string,
  fault: { begin: () => Promise<unknown>; end: () => Promise<unknown> },
): Promise<void> {
  const { url, engine, api, logged } = local;
  await ready(url);
  const noso = await api.noso();
  await seated(engine, noso.id, 1);
  await fault.begin();
  await until(async () => (await statusOf(url)) === 503, { what: '503', deadline: 5000 });
  const proof = { kind: 'entry', issuedAt: engine.now() } as const;
  const asked = engine.take(noso.id, asking(engine, 987_654, { proof }));
  const why = await asked.then(
    () => 'seated',
    ({ code }) => code as string,
  );
  const lines = () => logged.filter(({ event }) => event === 'not ready');
  const said = () => lines().filter(({ detail }) => detail?.startsWith(`${word}:`));
  await until(() => said().length > 0, { what: `${word} in ${JSON.stringify(lines())}` });
  assert.is(why, 'unavailable', 'and nobody could be seated');
  await pause(1500);
  assert.is(said().length, 1, 'once a minute, not at every try');
  await fault.end();
  await ready(url);
  await until(() => seated(engine, noso.id, 1).then(Boolean, () => false), HEALED);
}

/** What keeps a Redis from taking writes: how it comes to be, and how it ends. */
type Fault = (server: Server) => { begin: () => Promise<unknown>; end: () => Promise<unknown> };

const FAULTS: Record<string, Fault> = {
  OOM: ({ ask }) => ({
    begin: () => ask((redis) => redis.config('SET', 'maxmemory', '1')),
    end: () => ask((redis) => redis.config('SET', 'maxmemory', '0')),
  }),
  READONLY: ({ ask }) => ({
    begin: () => ask((redis) => redis.replicaof('127.0.0.1', 1)),
    end: () => ask((redis) => redis.replicaof('NO', 'ONE')),
  }),
  NOREPLICAS: ({ ask }) => ({
    begin: () => ask((redis) => redis.config('SET', 'min-replicas-to-write', '1')),
    end: () => ask((redis) => redis.config('SET', 'min-replicas-to-write', '0')),
  }),
  MISCONF: ({ ask, folder }) => {
    // A snapshot cannot take the place of a folder.
    const inItsPlace = join(folder, 'dump.rdb');
    const snapshot = (outcome: string) =>
      until(async () => {
        await ask((redis) => redis.bgsave()).catch(() => {}); // one may be under way
        const facts = await ask((redis) => redis.info('persistence'));
        return facts.includes(`rdb_last_bgsave_status:${outcome}`);
      }, HEALED);
    return {
      async begin() {
        await mkdir(inItsPlace);
        await ask((redis) => redis.config('SET', 'save', '3600 1000000'));
        await snapshot('err');
      },
      async end() {
        await rmdir(inItsPlace);
        await snapshot('ok');
      },
    };
  },
};

/** What is met less often; each at a Redis of its own, all at once. */
const RARER: Record<string, Fault> = {
  BUSY: ({ port }) => ({
    // Whoever asked for it is gone, and it runs on.
    begin: () => tell(port, "EVAL 'while true do end' 0"),
    end: () => tell(port, 'SCRIPT KILL'),
  }),
  LOADING: ({ ask, port, folder, kill, restart }) => {
    let started: Promise<void>;
    return {
      async begin() {
        await ask(async (redis) => {
          const fill = Array.from({ length: 60 }, (_, k) => [`fill:${k}`, randomBytes(2000)]);
          await redis.mset(...fill.flat());
          await redis.save();
        });
        await kill();
        await appendFile(join(folder, 'redis.conf'), '\nkey-load-delay 300000');
        started = restart();
      },
      async end() {
        await tell(port, 'CONFIG SET key-load-delay 0');
        await started;
      },
    };
  },
  MAXCLIENTS: ({ port }) => {
    // Whoever has the one place keeps it.
    const holder = connect(port, '127.0.0.1').resume();
    return {
      begin: async () =>
        holder.write(
          'CONFIG SET maxclients 1\r\nCLIENT KILL TYPE normal\r\nCLIENT KILL TYPE pubsub\r\n',
        ),
      end: async () => holder.end('CONFIG SET maxclients 1000\r\n'),
    };
  },
  NOPERM: ({ ask }) => ({
    begin: () => ask((redis) => redis.call('ACL', 'SETUSER', 'default', '-evalsha', '-eval')),
    end: () => ask((redis) => redis.call('ACL', 'SETUSER', 'default', '+@all')),
  }),
  CLUSTERDOWN: ({ ask }) => ({
    begin: () => ask((redis) => redis.cluster('DELSLOTS', 0)),
    end: () => ask((redis) => redis.cluster('ADDSLOTS', 0)),
  }),
};

/** Says a line to a Redis that may have no ear for a client, and waits for no answer. */
async function tell(port: number, line: string): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.end(`${line}\r\n`);
  socket.resume();
  if (!line.startsWith('EVAL')) await once(socket, 'close');
}

/** All slots in one server, which is a Cluster then. */
async function wholeCluster({ ask }: Server): Promise<void> {
  await ask((redis) => redis.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383'));
  await until(
    async () => (await ask((redis) => redis.cluster('INFO'))).includes('state:ok'),
    HEALED,
  );
}

async function throughRedisFault(word: string, fault: Fault): Promise<void> {
  const server = await startRedis([
    ...['appendonly no', 'save ""', 'busy-reply-threshold 100'],
    'loading-process-events-interval-bytes 1024',
    ...(word === 'CLUSTERDOWN' ? ['cluster-enabled yes', 'cluster-announce-ip 127.0.0.1'] : []),
  ]);
  if (word === 'CLUSTERDOWN') await wholeCluster(server);
  const prefix = ownPrefix();
  // One address is one server; a Cluster is named by several.
  const url = word === 'CLUSTERDOWN' ? `${server.url},${server.url}` : server.url;
  const open = () => openRedis({ url, clock: realClock, prefix });
  const local = await startLocal({ open });
  try {
    await throughFault(local, word, fault(server));
  } finally {
    await local.stop();
    await server.stop();
  }
}

for (const [word, fault] of Object.entries(FAULTS)) {
  test(
    `F8 not ready within 5 s, and the log says why: ${word}`,
    () => throughRedisFault(word, fault),
    { deadline: 60_000 },
  );
}

test(
  `F8 not ready, and the log says why: ${Object.keys(RARER).join(', ')}`,
  async () => {
    const all = Object.entries(RARER).map(([word, fault]) => throughRedisFault(word, fault));
    for (const outcome of await Promise.allSettled(all)) {
      if (outcome.status === 'rejected') throw outcome.reason;
    }
  },
  { deadline: 90_000 },
);

test(
  'F5 F8 not ready within 5 s, and the log says why: SQLITE_FULL',
  () =>
    onSmallDisk(async (disk) => {
      const dataDir = join(disk, 'data');
      const local = await startLocal({ open: () => openEmbedded({ dataDir, clock: realClock }) });
      try {
        await throughFault(local, 'SQLITE_FULL', {
          begin: () => fill(disk),
          end: () => makeRoom(disk),
        });
      } finally {
        await local.stop();
      }
    }),
  { deadline: 60_000 },
);

test('F8 L3 after a start nobody is told that it is ready before what is over is closed', () =>
  inFolder(async (dataDir) => {
    const before = await openEmbedded({ dataDir, clock: realClock });
    const id = newId();
    const noso = newNoso(before, { id });
    await before.save('venue', noso.venue, newVenue(noso.venue));
    await before.save('noso', id, noso);
    await before.command(id, { do: 'open', by: 'organizer' });
    const endsAt = before.now() + 400;
    await before.command(id, { do: 'amend', changes: { endsAt } });
    await until(() => before.now() > endsAt, { what: 'its end' });
    await before.close();

    let closed = false;
    const slowly = (engine: Engine): Engine => ({
      ...engine,
      async command(which, command) {
        await pause(700);
        const done = await engine.command(which, command);
        closed = done.life.is === 'closed';
        return done;
      },
    });
    const open = () => openEmbedded({ dataDir, clock: realClock });
    const local = await startLocal({ open, wrap: slowly });
    try {
      const isReady = async () => (await statusOf(local.url)) === 200;
      await until(isReady, { every: 10, ...HEALED });
      assert.ok(closed, 'what is over is closed');
      assert.is((await local.engine.changesSince(0)).changes.length, 2);
    } finally {
      await local.stop();
    }
  }));
