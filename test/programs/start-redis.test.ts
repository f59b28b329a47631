import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { freePort } from '../support/ports.js';
import { type Program, program } from '../support/program.js';
import { startRedis } from '../support/redis.js';
import { SECRET } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('starting on a Redis');

const env = (REDIS_URL: string) => ({ REDIS_URL, NOSO_SECRET: SECRET, HOST: '127.0.0.1' });

/** Starts on this Redis, which has to be refused in one line, and 78. */
async function refused(url: string, says: RegExp): Promise<void> {
  const server = program('main', { ...env(url), PORT: '0', LOG_LEVEL: 'silent' });
  assert.is(await server.ended, 78, server.stderr());
  assert.match(server.stderr(), /^REDIS_URL: [^\n]+\n$/);
  assert.match(server.stderr(), says);
  assert.not.match(server.stderr(), 'secret-word');
}

test(
  'F8 a Redis that will not have us is one line and 78: user, password, rights, database',
  async () => {
    const redis = await startRedis();
    const user = (...rules: string[]) =>
      redis.ask((client) => client.call('ACL', 'SETUSER', ...rules));
    await user('mute', 'on', '>secret-word', 'allcommands', 'allkeys', 'resetchannels');
    await user('reader', 'on', '>secret-word', '+@read', 'allkeys', 'allchannels');
    await user('default', 'resetpass', '>secret-word');
    const at = `127.0.0.1:${redis.port}`;
    try {
      await refused(`redis://:wrong@${at}`, /user or password/);
      await refused(`redis://nobody:secret-word@${at}`, /user or password/);
      await refused(`redis://${at}`, /password/);
      await refused(`redis://:secret-word@${at}/99`, /no such database/);
      await refused(`redis://mute:secret-word@${at}`, /NOPERM/);
      await refused(`redis://reader:secret-word@${at}`, /NOPERM/);
    } finally {
      await redis.stop();
    }
  },
  { deadline: 90_000 },
);

test(
  'F8 one that is too old is named',
  async () => {
    // As much of a Redis 6 as a start asks for.
    const old = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => {
        for (const command of data
          .toString()
          .match(/\r\n(info|ssubscribe|sunsubscribe|spublish|\w+)\r\n/gi) ?? []) {
          const info = '# Server\r\nredis_version:6.2.1\r\nloading:0\r\n';
          socket.write(/info/i.test(command) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n');
        }
      });
    });
    const port = await freePort();
    await new Promise<void>((resolve) => old.listen(port, '127.0.0.1', resolve));
    try {
      await refused(`redis://127.0.0.1:${port}`, /6\.2\.1 is too old/);
    } finally {
      old.close();
    }
  },
  { deadline: 30_000 },
);

test('F2 told to stop while it waits for Redis, it goes at once, and well: also as the first process of a container', async () => {
  const mute = createServer((socket) => socket.on('error', () => {}));
  const came = once(mute, 'connection');
  const port = await freePort();
  await new Promise<void>((resolve) => mute.listen(port, '127.0.0.1', resolve));
  const server = program('main', env(`redis://127.0.0.1:${port}`));
  try {
    await came;
    server.child.kill('SIGTERM');
    assert.is(await server.ended, 0, server.stderr());
    assert.is(server.stderr() + server.stdout(), '');
  } finally {
    await server.kill();
    mute.close();
  }
});

test(
  'F1 F8 one that does not answer keeps no start from happening: not ready, until it is there',
  async () => {
    const [port, at] = [await freePort(), await freePort()];
    const server = program('main', { ...env(`redis://127.0.0.1:${at}`), PORT: String(port) });
    const status = async (path: string) =>
      (await fetch(`http://127.0.0.1:${port}${path}`).catch(() => null))?.status;
    try {
      await until(async () => (await status('/healthz')) === 200, { what: 'it to be up' });
      assert.is(await status('/readyz'), 503);
      assert.is(await status('/api/nosos'), 200);
      await until(() => server.stderr().includes('NO_ANSWER'), { what: 'the cause' });
      const redis = await startRedis(undefined, { port: at });
      try {
        await until(async () => (await status('/readyz')) === 200, { deadline: 10_000 });
      } finally {
        await redis.stop();
      }
    } finally {
      await server.kill();
    }
  },
  { deadline: 60_000 },
);

test(
  'F1 F8 a Redis that has not heard its replicas yet keeps no start from happening, and no command from its work',
  async () => {
    const redis = await startRedis(['appendonly no', 'save ""', 'min-replicas-to-write 1']);
    const wanted = (count: string) =>
      redis.ask((client) => client.config('SET', 'min-replicas-to-write', count));
    const refusals = async () =>
      Number(
        /errorstat_NOREPLICAS:count=(\d+)/.exec(
          await redis.ask((client) => client.info('errorstats')),
        )?.[1] ?? 0,
      );
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'noso-start-'));
    let server: Program | null = null;
    const ready = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ status }) => status,
        () => null,
      );
    try {
      const backup = program('backup', env(redis.url), [join(folder, 'copy')]);
      await until(async () => (await refusals()) > 1, { what: 'it to try again' });
      await wanted('0');
      assert.is(await backup.ended, 0, backup.stderr());
      await wanted('1');
      server = program('main', { ...env(redis.url), PORT: String(port) });
      const said = server.stderr;
      await until(() => said().includes('"NOREPLICAS: '), { what: 'the cause' });
      await until(async () => (await ready()) === 503, { what: 'it to be up' });
      await wanted('0');
      await until(async () => (await ready()) === 200, { what: 'ready', deadline: 10_000 });
    } finally {
      await server?.kill();
      await redis.stop();
      await rm(folder, { recursive: true });
    }
  },
  { deadline: 60_000 },
);

test(
  'F8 a node of whose secrets none made the mark in the store is refused, 78; a rotation is welcome',
  async () => {
    const redis = await startRedis();
    const start = (NOSO_SECRET: string) =>
      program('main', { ...env(redis.url), NOSO_SECRET, PORT: '0', LOG_LEVEL: 'silent' });
    const [old, young] = [SECRET, 'another secret that is long enough for these tests'];
    try {
      const first = start(old);
      await first.says(/What is on/);
      const stranger = start(young);
      assert.is(await stranger.ended, 78, stranger.stderr());
      assert.match(stranger.stderr(), /^NOSO_SECRET: [^\n]+\n$/);
      const rotated = start(`${young},${old}`);
      await rotated.says(/What is on/);
      const last = start(young);
      await last.says(/What is on/);
      for (const each of [first, rotated, last]) await each.kill();
    } finally {
      await redis.stop();
    }
  },
  { deadline: 60_000 },
);
