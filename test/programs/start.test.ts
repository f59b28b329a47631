import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createTokens } from '../../src/service/tokens.js';
import { machineTime } from '../support/machineTime.js';
import { freePort } from '../support/ports.js';
import { inFolder, type Program, program } from '../support/program.js';
import { served } from '../support/served.js';
import { SECRET, startServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const within = suite('starting, and the commands beside a running server');
/** Most of these start several processes, one after the other. */
const test = (name: string, work: () => Promise<unknown>) =>
  within(name, work, { deadline: 45_000 });

/** A server with nothing set but where it is, and the secret that it made for itself. */
const fresh = (
  work: (at: {
    url: string;
    dataDir: string;
    env: Record<string, string>;
    server: Program;
  }) => Promise<void>,
) =>
  inFolder(async (folder) => {
    const port = await freePort();
    const dataDir = join(folder, 'data');
    const url = `http://127.0.0.1:${port}`;
    const env = { PORT: String(port), HOST: '127.0.0.1', PUBLIC_URL: url, DATA_DIR: dataDir };
    const server = program('main', env);
    try {
      await server.says(/What is on/);
      await work({ url, dataDir, env, server });
    } finally {
      await server.kill();
    }
  });

const said = async (what: Program): Promise<string> => {
  assert.is(await what.ended, 0, what.stderr());
  assert.is(what.stderr(), '');
  const [line, ...rest] = what.stdout().split('\n');
  assert.equal(rest, [''], 'one line, and nothing else');
  return line as string;
};

/** Shows a key at the door; the status, and the cookie that came of it. */
async function signIn(url: string, key: string): Promise<{ status: number; cookie: string }> {
  const response = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ key }),
  });
  return { status: response.status, cookie: response.headers.get('set-cookie') ?? '' };
}

const venues = async (url: string, headers: Record<string, string>) =>
  (await fetch(`${url}/api/venues`, { headers })).status;

test('greets with a sign-in link and the addresses of pages that are there', () =>
  fresh(async ({ url, dataDir, server }) => {
    const [, link] = await server.says(/Console +\S+\/organize#(\S+)/);
    assert.is((await signIn(url, link as string)).status, 204);
    for (const path of ['/wall', '/', '/organize']) {
      assert.match(server.stdout(), `${url}${path}`);
      assert.is((await fetch(url + path)).status, 200, path);
    }
    const { mode } = await stat(join(dataDir, 'secret'));
    assert.is(mode & 0o777, 0o600, 'the secret is its owner’s alone');
    for (const line of server.stderr().trim().split('\n')) JSON.parse(line);
  }));

test('a token is an owner’s, works beside the running server, and stores nothing', () =>
  fresh(async ({ url, dataDir, env }) => {
    const before = await readdir(dataDir);
    const token = await said(program('cli', env, ['token', 'organizer']));
    assert.equal(await readdir(dataDir), before);
    assert.is(await venues(url, { authorization: `Bearer ${token}` }), 200);
    const keys = await fetch(`${url}/api/organizers`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.is(keys.status, 200, 'an owner manages keys');
    assert.equal(await keys.json(), { organizers: [] });
  }));

test('a token made before the first start is good after it', () =>
  inFolder(async (folder) => {
    const port = await freePort();
    const env = { PORT: String(port), HOST: '127.0.0.1', DATA_DIR: join(folder, 'data') };
    const token = await said(program('cli', env, ['token', 'organizer']));
    const server = program('main', env);
    try {
      await server.says(/What is on/);
      const authorization = `Bearer ${token}`;
      assert.is(await venues(`http://127.0.0.1:${port}`, { authorization }), 200);
    } finally {
      await server.kill();
    }
  }));

test('a link signs in once, also after a restart, and not after 15 minutes', () =>
  inFolder(async (folder) => {
    const server = await startServer({}, { dataDir: folder });
    try {
      const env = { NOSO_SECRET: SECRET, PUBLIC_URL: server.url };
      const address = await said(program('cli', env, ['link']));
      assert.ok(address.startsWith(`${server.url}/organize#`), address);
      const key = address.split('#')[1] as string;
      const both = await Promise.all([signIn(server.url, key), signIn(server.url, key)]);
      assert.equal(both.map(({ status }) => status).sort(), [204, 401], 'once, whoever is first');
      const { cookie } = both.find(({ status }) => status === 204) ?? { cookie: '' };
      assert.match(cookie, /HttpOnly; SameSite=Strict/);
      assert.is(await venues(server.url, { cookie: cookie.split(';')[0] as string }), 200);
      assert.is(await venues(server.url, { authorization: `Bearer ${key}` }), 401);

      await server.kill();
      await server.restart();
      assert.is((await signIn(server.url, key)).status, 401, 'spent is spent');

      const minutes = 60_000;
      const made = (ago: number) =>
        createTokens([SECRET], () => Date.now() - ago).link(`made-${ago}-ago`);
      assert.is((await signIn(server.url, made(14 * minutes))).status, 204);
      assert.is((await signIn(server.url, made(15 * minutes + 1000))).status, 401);
    } finally {
      await server.stop();
    }
  }));

test('A1 neither command prints a secret, and what they do not know they say', async () => {
  const env = { NOSO_SECRET: SECRET };
  for (const args of [[], ['token'], ['token', 'admin'], ['password']]) {
    const wrong = program('cli', env, args);
    assert.is(await wrong.ended, 64, args.join(' '));
    assert.match(wrong.stderr(), /^usage: [^\n]+\n$/);
    assert.is(wrong.stdout(), '');
  }
  const faulty = program('cli', { NOSO_SECRET: 'short' }, ['link']);
  assert.is(await faulty.ended, 78);
  assert.not.match(faulty.stderr(), 'short,');
});

test('secrets are rotated: the first signs, all verify, and one that is gone is gone', () =>
  inFolder(async (folder) => {
    const next = 'the secret that follows it and is as long as it has to be';
    const old = createTokens([SECRET], Date.now).owner();
    const young = createTokens([next], Date.now).owner();
    const server = await startServer({}, { dataDir: folder });
    const ask = async (token: string) => venues(server.url, { authorization: `Bearer ${token}` });
    const becomes = async (NOSO_SECRET: string) => {
      await server.terminate();
      await server.restart({ NOSO_SECRET });
      return [await ask(old), await ask(young)];
    };
    try {
      assert.equal([await ask(old), await ask(young)], [200, 401]);
      assert.equal(await becomes(`${next}, ${SECRET}`), [200, 200]);
      assert.equal(await becomes(next), [401, 200]);
    } finally {
      await server.stop();
    }
  }));

test('a wrong setting ends it with 78, and one line for each fault', async () => {
  const server = program('main', {
    PORT: '70000',
    PUBLIC_URL: 'noso.example',
    TLS_KEY: 'key.pem',
    REDIS_URL: 'http://redis',
    NOSO_SECRET: 'short',
    TRUST_PROXY: 'everybody',
  });
  assert.is(await server.ended, 78);
  assert.is(server.stdout(), '');
  const names = server
    .stderr()
    .trim()
    .split('\n')
    .map((line) => /^([A-Z_]+): /.exec(line)?.[1]);
  assert.equal(names.sort(), [
    'NOSO_SECRET',
    'PORT',
    'PUBLIC_URL',
    'REDIS_URL',
    'TLS_CERT',
    'TRUST_PROXY',
  ]);
});

test('what shows only on trying is a wrong setting too', () =>
  inFolder(async (folder) => {
    const good = { PORT: '0', HOST: '127.0.0.1', DATA_DIR: join(folder, 'data') };
    for (const [name, wrong] of [
      ['HOST', '192.0.2.1'],
      ['HOST', 'fe80::1'],
      ['DATA_DIR', join('/dev/null', 'data')],
      // Where the system has no folders made, at the place itself and on the way.
      ['DATA_DIR', '/proc/noso'],
      ['DATA_DIR', '/proc/noso/data'],
    ] as const) {
      const server = program('main', { ...good, [name]: wrong });
      assert.is(await server.ended, 78, server.stderr());
      const lines = server.stderr().trim().split('\n');
      assert.equal(lines.length, 1, server.stderr());
      assert.match(lines[0] as string, new RegExp(`^${name}: `));
    }
  }));

test(
  'a port in use is said in one line, and the data folder is free again',
  served(async (server) =>
    inFolder(async (folder) => {
      const env = { PORT: String(server.port), HOST: '127.0.0.1', DATA_DIR: join(folder, 'data') };
      const late = program('main', env);
      assert.is(await late.ended, 78);
      assert.is(late.stderr(), 'PORT: another program listens there\n');
      const elsewhere = program('main', { ...env, PORT: '0' });
      await elsewhere.says(/What is on/);
      await elsewhere.kill();
    }),
  ),
);

test('a second process on the same data folder is refused, and kill -9 leaves no lock', () =>
  fresh(async ({ url, dataDir, env, server }) => {
    const second = program('main', { ...env, PORT: '0' });
    assert.is(await second.ended, 78);
    assert.is(second.stdout(), '');
    assert.is(second.stderr(), `DATA_DIR: ${dataDir} is in use by another process\n`);
    assert.is((await fetch(`${url}/readyz`)).status, 200, 'the first goes on');
    await server.kill();
    const heir = program('main', env);
    try {
      await heir.says(/What is on/);
      assert.is((await fetch(`${url}/readyz`)).status, 200);
    } finally {
      await heir.kill();
    }
  }));

test('F8 a start under another address than the last says that posters are out of date', () =>
  fresh(async ({ url, env, server }) => {
    const authorization = `Bearer ${await said(program('cli', env, ['token', 'organizer']))}`;
    const venue = { name: 'Café', city: 'Lyon', timeZone: 'Europe/Paris' };
    const made = await fetch(`${url}/api/venues`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(venue),
    });
    assert.is(made.status, 201);
    await server.kill();
    const moves = async (PUBLIC_URL: string): Promise<string[]> => {
      const heir = program('main', { ...env, PUBLIC_URL });
      try {
        await heir.says(/What is on/);
        await until(async () => (await fetch(`${url}/readyz`)).status === 200);
        const lines = () =>
          heir
            .stderr()
            .split('\n')
            .filter((line) => line.includes('"MOVED: '));
        if (PUBLIC_URL !== url) await until(() => lines().length > 0, { what: heir.stderr() });
        return lines();
      } finally {
        await heir.kill();
      }
    };
    assert.equal(await moves(url), [], 'the same');
    const [line, ...more] = await moves('http://[::1]:8080');
    assert.equal(more, []);
    assert.is(JSON.parse(line as string).url, 'http://[::1]:8080');
  }));

test('F8 a link is made by whose secret there is, and no secret for its sake', () =>
  inFolder(async (folder) => {
    const env = { PORT: '3000', DATA_DIR: join(folder, 'elsewhere') };
    const lost = program('cli', env, ['link']);
    assert.is(await lost.ended, 78);
    assert.is(lost.stdout(), '');
    assert.match(lost.stderr(), /^DATA_DIR: there is no [^\n]+\n$/);
    assert.equal(await readdir(folder), []);
    await said(program('cli', env, ['token', 'organizer']));
    assert.match(await said(program('cli', env, ['link'])), /\/organize#/);
  }));

test('F8 a link says the address that HOST names: at another nothing listens', async () => {
  const env = { NOSO_SECRET: SECRET, PORT: '8080' };
  for (const [HOST, origin] of [
    ['127.0.0.1', 'http://127.0.0.1:8080'],
    ['localhost', 'http://localhost:8080'],
    ['::1', 'http://[::1]:8080'],
    ['[::1]', 'http://[::1]:8080'],
    ['LocalHost', 'http://localhost:8080'],
    ['192.0.2.7', 'http://192.0.2.7:8080'],
  ] as const) {
    assert.ok(
      (await said(program('cli', { ...env, HOST }, ['link']))).startsWith(`${origin}/`),
      HOST,
    );
  }
  const anywhere = await said(program('cli', { ...env, HOST: '0.0.0.0' }, ['link']));
  assert.not.match(anywhere, '0.0.0.0');
});

test('F8 a place that cannot be used is one line and 78, never a stack', () =>
  inFolder(async (folder) => {
    const port = { PORT: '0', HOST: '127.0.0.1' };
    const data = join(folder, 'data');
    await said(program('cli', { DATA_DIR: data }, ['token', 'organizer']));
    const ends = async (env: Record<string, string>) => {
      const server = program('main', { ...port, ...env });
      assert.is(await server.ended, 78, server.stderr());
      assert.match(server.stderr(), /^DATA_DIR: [^\n]+\n$/);
    };
    await writeFile(join(data, 'secret'), 'short');
    await ends({ DATA_DIR: data });
    await rm(join(data, 'secret'));
    await mkdir(join(data, 'secret'));
    await ends({ DATA_DIR: data });
    await writeFile(join(folder, 'file'), '');
    await ends({ DATA_DIR: join(folder, 'file') });
    await ends({ DATA_DIR: join(folder, 'file', 'data'), NOSO_SECRET: SECRET });
    await ends({ DATA_DIR: join(folder, 'file'), NOSO_SECRET: SECRET });
  }));

test('SIGINT ends an idle server at once, with 0', () =>
  fresh(async ({ server, dataDir }) => {
    const secret = await readFile(join(dataDir, 'secret'), 'utf8');
    const told = machineTime();
    server.child.kill('SIGINT');
    assert.is(await server.ended, 0);
    assert.ok(machineTime() - told < 3000);
    assert.is(await readFile(join(dataDir, 'secret'), 'utf8'), secret);
    assert.not.match(server.stdout() + server.stderr(), secret);
  }));
