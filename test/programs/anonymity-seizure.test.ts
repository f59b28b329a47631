import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import { ROUTES } from '../../src/service/access.js';
import { apiOf, type TestApi } from '../support/api.js';
import { openRaw } from '../support/raw.js';
import { startRedis } from '../support/redis.js';
import { startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('a seizure: what is found where everything is searched');

/** What a device says of itself, each a value that is nowhere else. */
const mark = (name: string) => `${name}${randomBytes(8).toString('hex')}`;
const CANARIES = {
  address: '203.0.113.77',
  address6: '2001:db8:77:1234::abcd',
  agent: mark('Agent/'),
  cookie: mark('cookie'),
  referrer: mark('referrer'),
  language: mark('lang'),
  mail: `${mark('mail')}@example.org`,
  etag: mark('etag'),
  header: mark('header'),
  query: mark('query'),
  path: mark('path'),
  field: mark('field'),
  value: mark('value'),
  event: mark('event'),
  bearer: mark('bearer'),
};
/**
 * What a request’s own answer may quote: a field that is not in the contract, by its name (S1), the
 * code in a page’s address, and the id of the form that its own browser keeps.
 */
const QUOTED = ['field', 'path', 'cookie'];

const HEADERS = {
  'x-forwarded-for': `${CANARIES.address6}, ${CANARIES.address}`,
  'x-real-ip': CANARIES.address,
  forwarded: `for=${CANARIES.address}`,
  'user-agent': CANARIES.agent,
  cookie: `noso_lang=${CANARIES.cookie}; noso_entry=${CANARIES.cookie}; x=${CANARIES.cookie}`,
  referer: `http://${CANARIES.referrer}.example/${CANARIES.referrer}`,
  'accept-language': CANARIES.language,
  from: CANARIES.mail,
  'if-none-match': CANARIES.etag,
  'x-device': CANARIES.header,
  'sec-ch-ua-model': CANARIES.header,
};
/** Where the TCP connections come from. */
const FROM = '127.0.0.77';

const agent = new Agent({ keepAlive: true });
type Said = {
  method: string;
  path: string;
  body?: unknown;
  token?: string | null;
  raw?: string;
  /** Sent by a form of our own page, which is the only one that is heard. */
  form?: true;
};

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

/** A request with all canaries on it; the answer’s head and body. */
function say(server: TestServer, { method, path, body, token, raw, form }: Said): Promise<string> {
  const sent = raw ?? (body === undefined ? '' : JSON.stringify(body));
  const also = {
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...(form ? { origin: server.url, 'content-type': 'application/x-www-form-urlencoded' } : {}),
  };
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        agent,
        host: '127.0.0.1',
        port: server.port,
        localAddress: FROM,
        method,
        path: `${path}${path.includes('?') ? '&' : '?'}q=${CANARIES.query}`,
        headers: { ...HEADERS, ...also, 'content-length': Buffer.byteLength(sent) },
      },
      (answer) => {
        let text = JSON.stringify(answer.headers);
        answer.on('data', (data) => (text += data));
        answer.on('end', () => resolve(text));
      },
    );
    asked.on('error', reject);
    asked.end(sent);
  });
}

/** Everything that can be said to a server, said by a device that cannot keep quiet. */
async function sayEverything(server: TestServer, api: TestApi): Promise<string[]> {
  const answers: string[] = [];
  const noso = await api.noso({ veil: 0 });
  const pass = await api.pass(noso.id);
  const wall = await api.wall(noso.venue.id);
  const { code } = await api.code(noso.id);
  const tell = async (said: Said) => void answers.push(await say(server, said));
  // Somebody who chooses what is planned, and says that they will be there, twice over.
  const soon = { startsAt: inMs(3_600_000), endsAt: inMs(7_200_000) };
  const planned = await api.noso(soon, false);
  const beforehand = await api.call<{ token: string }>('POST', '/api/numbers', {
    noso: planned.id,
  });
  const { token } = await api.number(pass);
  const other = await api.person(noso.id);

  for (const route of Object.keys(ROUTES)) {
    const [method = '', path = ''] = route.split(' ');
    const body = method === 'GET' ? undefined : { [CANARIES.field]: CANARIES.value };
    for (const who of [null, token, CANARIES.bearer, wall.token, api.token]) {
      // What an organizer asks for by its name is looked for by that name.
      const id = who === api.token ? 'nothing' : CANARIES.path;
      await tell({ method, path: path.replace(/:\w+/, id), body, token: who });
    }
    await tell({ method, path: path.replace(/:\w+/, 'x'), raw: `{"${CANARIES.value}`, token });
  }
  await tell({ method: 'GET', path: `/api/nosos?city=${CANARIES.value}&cursor=${CANARIES.value}` });
  await tell({ method: 'POST', path: '/api/numbers', body: { noso: planned.id } });
  const intent = `/api/nosos/${planned.id}/intent`;
  await tell({ method: 'PUT', path: intent, token: beforehand.body.token });
  await tell({
    method: 'POST',
    path: `/n/${planned.id}`,
    raw: `do=intend&x=${CANARIES.value}`,
    form: true,
  });
  assert.is((await api.own<Noso>('GET', `/api/nosos/${planned.id}`)).intents, 2);
  for (const path of [`/n/${planned.id}`, `/n/${planned.id}/picture.png`, '/api/calendar.ics']) {
    await tell({ method: 'GET', path });
  }
  await tell({ method: 'POST', path: '/api/cities', body: { city: 'Rodez' } });
  await tell({ method: 'POST', path: '/', raw: `city=Rodez&x=${CANARIES.value}`, form: true });
  await tell({ method: 'POST', path: '/api/passes', body: { code } });
  await tell({ method: 'POST', path: '/api/numbers', body: { pass } });
  await tell({ method: 'PUT', path: '/api/presence', body: { pass }, token });
  await tell({ method: 'GET', path: `/api/presence/${noso.id}`, token });
  const pages = ['/', '/j', `/j/${code}`, `/j/${CANARIES.path}`, '/me', '/privacy', '/wall'];
  const more = [
    '/organize',
    '/healthz',
    '/readyz',
    '/metrics',
    `/${CANARIES.path}`,
    '/assets/x',
    '/api/x',
  ];
  for (const path of [...pages, ...more]) await tell({ method: 'GET', path });
  for (const path of [`/j/${code}`, `/j/${code}/leave`, '/me/forget']) {
    await tell({ method: 'POST', path, raw: `noso=${noso.id}&x=${CANARIES.value}` });
  }
  await tell({ method: 'POST', path: '/j', raw: `code=${CANARIES.value}` });
  for (const [namespace, auth] of [
    ['/phone', { token: other.token, pass: other.pass }],
    ['/phone', { token, pass, [CANARIES.field]: CANARIES.value }],
    ['/phone', { token: CANARIES.bearer, pass: CANARIES.value }],
    ['/wall', { token: wall.token }],
    ['/wall', { token: CANARIES.bearer }],
    ['/organizer', { token: api.token }],
    [`/${CANARIES.path}`, {}],
  ] as const) {
    const raw = await openRaw(server.url, {
      headers: HEADERS,
      localAddress: FROM,
      query: `&q=${CANARIES.query}`,
    });
    raw.send(`40${namespace},${JSON.stringify(auth)}`);
    await until(() => raw.ended() !== null || raw.frames.length > 1);
    raw.send(`42${namespace},["${CANARIES.event}","${CANARIES.value}"]`);
    await raw.end().catch(() => raw.close());
    answers.push(...raw.frames);
  }
  // What is no request at all, and what breaks off in the midst.
  for (const junk of [`GET /${CANARIES.path} HTTP/9\r\n\r\n`, `POST /api/passes HTTP/1.1\r\n`]) {
    await new Promise<void>((resolve) => {
      const socket = connect({ port: server.port, host: '127.0.0.1', localAddress: FROM });
      socket.on('error', () => {});
      socket.on('close', () => resolve());
      socket.write(
        `${junk}Host: x\r\nContent-Length: 99\r\nUser-Agent: ${CANARIES.agent}\r\n\r\n{`,
      );
      setTimeout(() => socket.resetAndDestroy(), 100);
    });
  }
  return answers;
}

/** The ways in which a value may have been kept, besides as it is. */
function formsOf(value: string): { form: string; bytes: Buffer }[] {
  const plain = Buffer.from(value);
  const hashes = ['md5', 'sha1', 'sha256'].flatMap((name) => {
    const digest = createHash(name).update(value).digest();
    return (['hex', 'base64', 'base64url'] as const).map((as) => ({
      form: `${name} in ${as}`,
      bytes: Buffer.from(digest.toString(as)),
    }));
  });
  return [
    { form: 'as it is', bytes: plain },
    { form: 'in UTF-16', bytes: Buffer.from(value, 'utf16le') },
    { form: 'in hex', bytes: Buffer.from(plain.toString('hex')) },
    { form: 'in base64', bytes: Buffer.from(plain.toString('base64').replace(/.{2}=*$/, '')) },
    { form: 'escaped', bytes: Buffer.from(encodeURIComponent(value)) },
    ...hashes,
  ];
}

function search(places: Map<string, Buffer>, secrets: Record<string, string>): string[] {
  const found: string[] = [];
  for (const [place, bytes] of places) {
    for (const [name, value] of Object.entries(secrets)) {
      for (const { form, bytes: needle } of formsOf(value)) {
        if (bytes.includes(needle)) found.push(`${name}, ${form}, in ${place}`);
      }
    }
  }
  return found;
}

async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = all.filter((each) => each.isFile());
  const places = new Map<string, Buffer>();
  for (const each of files) {
    const path = join(each.parentPath ?? each.path, each.name);
    places.set(path, Buffer.concat([Buffer.from(each.name), await readFile(path)]));
  }
  return places;
}

/** Says everything, then seizes everything: nothing of the device may be found. */
async function seize(server: TestServer, more: () => Promise<Map<string, Buffer>>): Promise<void> {
  const api = apiOf(server.url, server.owner);
  const answers = await sayEverything(server, api);
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const open = new Map([...(await filesIn(server.dataDir)), ...(await more())]);
  await server.terminate();
  const places = new Map([
    ...[...open].map(([name, bytes]) => [`${name}, while open`, bytes] as const),
    ...(await filesIn(server.dataDir)),
    ...(await more()),
    ['the log', Buffer.from(server.output())],
    ['the metrics', Buffer.from(metrics)],
  ]);
  assert.ok(server.output().includes('"level":'), 'something was logged');
  // No credential either (A8): what signs an owner in is said to whoever started it, and logged nowhere.
  const log = server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  assert.not.match(log.join('\n'), /eyJ|[\w-]{40}/);
  const there = search(open, { title: 'Une heure pour rien' });
  assert.ok(there.length > 0, 'the search finds what is there');
  const devices: Record<string, string> = { ...CANARIES, connection: FROM };
  assert.equal(search(places, devices), []);
  // Addresses may be kept as bytes.
  const binary = [
    [203, 0, 113, 77],
    [77, 113, 0, 203],
  ].map((each) => Buffer.from(each));
  for (const [place, bytes] of places) {
    assert.not.ok(
      binary.some((needle) => bytes.includes(needle)),
      `an address in ${place}`,
    );
  }
  const quotable = Object.entries(devices).filter(([name]) => !QUOTED.includes(name));
  const told = new Map([['an answer', Buffer.from(answers.join('\n'))]]);
  const quoted = search(told, Object.fromEntries(quotable));
  assert.equal(quoted, [], 'nothing is read back to whoever said it, either');
  assert.not.match(server.output(), /"(fault|unhandled)"/);
}

const LOUD = { LOG_LEVEL: 'trace', TRUST_PROXY: 'loopback', DEBUG: '*' };

test(
  'A1 A5 of a device nothing is found: in logs at any level, files, metrics, answers',
  async () => {
    const server = await startServer(LOUD);
    try {
      await seize(server, async () => new Map());
    } finally {
      await server.stop();
    }
  },
  { deadline: 60_000 },
);

test(
  'A1 A5 nor in Redis: not in its files, its keys, nor in one command that it was ever sent',
  async () => {
    const redis = await startRedis(['appendonly yes', 'save ""']);
    let stream = '';
    const monitor = connect(redis.port, '127.0.0.1');
    monitor.on('data', (data) => (stream += data.toString('latin1')));
    monitor.write('MONITOR\r\n');
    await until(() => stream.includes('OK'));
    const server = await startServer({ ...LOUD, REDIS_URL: redis.url });
    try {
      await seize(server, async () => {
        await redis.ask((client) => client.save());
        const files = await filesIn(redis.folder);
        assert.ok(files.size > 1, 'files of Redis');
        return new Map([...files, ['the command stream', Buffer.from(stream)]]);
      });
      assert.ok(stream.length > 10_000, 'commands were seen');
    } finally {
      monitor.destroy();
      await server.stop();
      await redis.stop();
    }
  },
  { deadline: 60_000 },
);
