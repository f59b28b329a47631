import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { readConfig } from '../src/config.js';
import { startServer } from './support/server.js';
import { suite } from './support/suite.js';
import { LONG } from './support/wait.js';

const test = suite('settings');

const MAIN = fileURLToPath(new URL('../src/programs/main.js', import.meta.url));
const SECRET = 'x'.repeat(32);

type Env = Record<string, string>;
function faultsOf(env: Env): string[] {
  const read = readConfig(env);
  return 'faults' in read ? read.faults : [];
}
function configOf(env: Env) {
  const read = readConfig(env);
  if ('faults' in read) throw new Error(read.faults.join('\n'));
  return read.config;
}

test('defaults are the contract’s', () => {
  assert.equal(configOf({}), {
    port: 3000,
    host: '0.0.0.0',
    publicUrl: null,
    tls: null,
    redisUrl: null,
    dataDir: './data',
    secrets: null,
    trustProxy: null,
    frameAncestors: null,
    metricsToken: null,
    operator: { name: null, contact: null },
    wifi: null,
    logLevel: 'info',
  });
  assert.equal(
    configOf({ PORT: ' ', NOSO_SECRET: '', LOG_LEVEL: '' }),
    configOf({}),
    'blank: unset',
  );
});

test('what is set is read', () => {
  const config = configOf({
    PORT: '0',
    HOST: '::1',
    PUBLIC_URL: 'https://NoSo.Example:443/',
    TLS_CERT: 'cert.pem',
    TLS_KEY: 'key.pem',
    REDIS_URL: 'rediss://a:1,rediss://b:2',
    NOSO_SECRET: `${SECRET}, ${'y'.repeat(40)}`,
    DATA_DIR: '/somewhere',
    TRUST_PROXY: 'loopback, 10.0.0.0/8',
    LOG_LEVEL: 'debug',
  });
  assert.is(config.port, 0);
  assert.is(config.publicUrl, 'https://noso.example', 'as browsers write an origin');
  assert.equal(config.tls, { cert: 'cert.pem', key: 'key.pem' });
  assert.equal(config.secrets, [SECRET, 'y'.repeat(40)]);
  assert.is(config.trustProxy, 'loopback, 10.0.0.0/8');
  assert.is(configOf({ TRUST_PROXY: 'true' }).trustProxy, true);
  assert.is(configOf({ TRUST_PROXY: 'false' }).trustProxy, false);
  assert.is(configOf({ TRUST_PROXY: '2' }).trustProxy, 2);
  for (const [contact, read] of [
    ['silence@example.org', 'mailto:silence@example.org'],
    ['mailto:a@b', 'mailto:a@b'],
    ['https://example.org/contact', 'https://example.org/contact'],
    ['tel:+33400000000', 'tel:+33400000000'],
  ] as const) {
    const { operator } = configOf({ OPERATOR: 'Les Quais', OPERATOR_CONTACT: contact });
    assert.equal(operator, { name: 'Les Quais', contact: read });
  }
  for (const who of [
    '*',
    "'self'",
    "'self' https://signage.example",
    'https:',
    '*.example.org:8080',
  ]) {
    assert.is(configOf({ FRAME_ANCESTORS: who }).frameAncestors, who);
  }
});

test('each fault is one line that begins with the setting’s name', () => {
  const bad: [name: string, values: string[], also?: Env][] = [
    ['PORT', ['-1', '65536', '80.5', 'http', '0x50', '1e3']],
    [
      'PUBLIC_URL',
      ['noso.example', 'ftp://noso.example', 'http://a/b', 'http://a/?b', 'http://me@a', 'http://'],
    ],
    ['FRAME_ANCESTORS', ['self', '* ; script-src *', 'https://a/b', "'unsafe-inline'", 'a, b']],
    ['METRICS_TOKEN', ['two words', 'mé']],
    ['OPERATOR', ['a\nb']],
    ['OPERATOR_CONTACT', ['somebody', 'javascript:alert(1)', 'a b@c', 'http://']],
    ['TLS_KEY', [''], { TLS_CERT: 'cert.pem' }],
    ['TLS_CERT', [''], { TLS_KEY: 'key.pem' }],
    ['PUBLIC_URL', ['http://a'], { TLS_CERT: 'cert.pem', TLS_KEY: 'key.pem' }],
    [
      'REDIS_URL',
      [
        'localhost',
        'http://a',
        'redis://',
        'redis://a,b',
        'sentinel://a',
        'sentinel://a/',
        'redis://a/x',
      ],
      { NOSO_SECRET: SECRET },
    ],
    ['NOSO_SECRET', ['x'.repeat(31), ',', `${SECRET},`, `${SECRET},short`]],
    ['NOSO_SECRET', [''], { REDIS_URL: 'redis://a' }],
    ['TRUST_PROXY', ['yes', '-1', '10.0.0.0/33', '10.0.0', 'loopback/8', 'loopback,', '::1/129']],
    ['LOG_LEVEL', ['loud', 'INFO', '30']],
  ];
  for (const [name, values, also = {}] of bad) {
    for (const value of values) {
      const faults = faultsOf({ ...also, [name]: value });
      assert.is(faults.length, 1, `${name}=${value}: ${faults.join(' | ')}`);
      assert.match(faults[0] as string, new RegExp(`^${name}: .+[^.\\n]$`));
    }
  }
});

test('all faults are told at once, and none quotes a secret', () => {
  const faults = faultsOf({
    PORT: 'x',
    PUBLIC_URL: 'x',
    TLS_CERT: 'x',
    REDIS_URL: 'redis://me:hush hush@',
    NOSO_SECRET: 'hush hush',
    TRUST_PROXY: 'x',
    LOG_LEVEL: 'x',
  });
  assert.is(faults.length, 7, faults.join('\n'));
  assert.not.match(faults.join(), 'hush');
});

/** Runs the real process until it ends by itself. */
function run(env: Env): Promise<{ code: number | null; lines: string[]; out: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env.PATH, PORT: '0', HOST: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const limit = setTimeout(() => child.kill('SIGKILL'), LONG);
    let errors = '';
    let out = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (errors += data));
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({ code, out, lines: errors.split('\n').filter(Boolean) });
    });
  });
}

test('a wrong setting ends the process with 78, a line for each and no other word', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'noso-test-'));
  try {
    const file = join(folder, 'file');
    await writeFile(file, 'not a certificate');
    const DATA_DIR = join(folder, 'data');
    const cases: [Env, string[]][] = [
      [{ PORT: 'x', LOG_LEVEL: 'x', NOSO_SECRET: 'x' }, ['PORT', 'NOSO_SECRET', 'LOG_LEVEL']],
      [{ TLS_CERT: join(folder, 'a'), TLS_KEY: join(folder, 'b') }, ['TLS_CERT', 'TLS_KEY']],
      [{ TLS_CERT: file, TLS_KEY: file }, ['TLS_CERT, TLS_KEY']],
      [{ HOST: '203.0.113.1' }, ['HOST']],
      [{ DATA_DIR: join(file, 'data') }, ['DATA_DIR']],
      [{ DATA_DIR: join(file, 'data'), NOSO_SECRET: SECRET }, ['DATA_DIR']],
    ];
    const ran = await Promise.all(cases.map(([env]) => run({ DATA_DIR, ...env })));
    for (const [k, { code, lines, out }] of ran.entries()) {
      const said = lines.join('\n');
      const names = lines.map((line) => line.slice(0, line.indexOf(': ')));
      assert.is(code, 78, said);
      assert.equal(names, cases[k]?.[1], said);
      assert.is(out, '');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a port that is taken is said in one line', async () => {
  const server = await startServer();
  const folder = await mkdtemp(join(tmpdir(), 'noso-test-'));
  try {
    const { code, lines } = await run({ PORT: String(server.port), DATA_DIR: folder });
    assert.is(code, 78);
    assert.is(lines.length, 1, lines.join('\n'));
    assert.match(lines[0] as string, /^PORT: /);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
