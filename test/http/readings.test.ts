import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { apiOf, type TestApi } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { exchange } from '../support/tcp.js';

const test = suite('what others legitimately send');
const run = promisify(execFile);

/** One server for the file: the last test ends it. */
const starting = startServer();
const served = (work: (server: TestServer, api: TestApi) => Promise<void>) => async () => {
  const server = await starting;
  await work(server, apiOf(server.url, server.owner));
};

type Sent = { body: string | Uint8Array<ArrayBuffer>; headers: Record<string, string> };
type Answer = { status: number; code?: string; reason?: string; field?: string };

/** Adds a venue with these very bytes. */
const venueOf =
  (url: string, token: string) =>
  async ({ body, headers }: Sent): Promise<Answer & { name?: string }> => {
    const response = await fetch(`${url}/api/venues`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}`, ...headers },
    });
    return { status: response.status, ...((await response.json()) as object) };
  };

const json = (name = 'Café') => JSON.stringify({ name, city: 'Lyon', timeZone: 'Europe/Paris' });
const typed = (type: string) => ({ 'content-type': type });

test(
  'F10 UTF-8 by any of its names, a byte-order mark before it, and what says that it is JSON',
  served(async (server, api) => {
    const add = venueOf(server.url, api.token);
    const good: [string, Sent][] = [
      ['plain', { body: json(), headers: typed('application/json') }],
      ['utf-8', { body: json(), headers: typed('application/json; charset=utf-8') }],
      ['utf8', { body: json(), headers: typed('application/json;charset=utf8') }],
      ['quoted', { body: json(), headers: typed('Application/JSON; charset="UTF-8"') }],
      ['ascii', { body: json('Cafe'), headers: typed('application/json; charset=us-ascii') }],
      ['patch', { body: json(), headers: typed('application/merge-patch+json') }],
      ['problem', { body: json(), headers: typed('application/problem+json') }],
      ['mark', { body: `\ufeff${json()}`, headers: typed('application/json') }],
      [
        'identity',
        { body: json(), headers: { ...typed('text/json'), 'content-encoding': 'identity' } },
      ],
    ];
    for (const [what, sent] of good) {
      const { status, name } = await add(sent);
      assert.is(status, 201, what);
      assert.ok(name === 'Café' || what === 'ascii', what);
    }
    const untyped = await exchange(server.port, [
      `POST /api/venues HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.token}\r\n`,
      `Connection: close\r\nContent-Length: ${Buffer.byteLength(json())}\r\n\r\n${json()}`,
    ]);
    assert.match(untyped.answer, /^HTTP\/1\.1 201 /, 'no type at all');
  }),
);

test(
  'F10 other charsets, encodings and types are refused by their names, without looking inside',
  served(async (server, api) => {
    const add = venueOf(server.url, api.token);
    const latin = new Uint8Array(Buffer.from(json(), 'latin1'));
    const refused: [string, Sent][] = [
      ['charset', { body: latin, headers: typed('application/json; charset=iso-8859-1') }],
      ['charset', { body: json(), headers: typed('application/json; charset=utf-16') }],
      ['charset', { body: latin, headers: typed('application/json') }],
      ['charset', { body: latin, headers: typed('application/json; charset=utf-8') }],
      [
        'encoding',
        { body: json(), headers: { ...typed('application/json'), 'content-encoding': 'gzip' } },
      ],
      ['encoding', { body: json(), headers: { 'content-encoding': 'identity, br' } }],
      ['type', { body: 'name=x', headers: typed('application/x-www-form-urlencoded') }],
      ['type', { body: '<x/>', headers: typed('application/xml') }],
      ['type', { body: json(), headers: typed('multipart/form-data; boundary=x') }],
    ];
    for (const [reason, sent] of refused) {
      const answer = await add(sent);
      assert.equal([answer.status, answer.code, answer.reason], [415, 'unsupported', reason]);
    }
    const form = (body: string, headers: Record<string, string>) =>
      fetch(`${server.url}/j`, {
        method: 'POST',
        body,
        headers,
        redirect: 'manual',
      });
    const plain = typed('application/x-www-form-urlencoded');
    assert.is((await form('code=347-689-CDF', plain)).status, 303);
    assert.is((await form('code=Caf%E9', plain)).status, 415, 'another charset, in per cent');
    assert.is((await form('code=100%', plain)).status, 303, 'a per cent sign is no charset');
    assert.is((await form('code=x', { ...plain, 'content-encoding': 'gzip' })).status, 415);
    assert.is((await form('code=x', typed('multipart/form-data; boundary=x'))).status, 415);
  }),
);

test(
  'F10 keys that stand twice are refused, however they are written, and at any depth',
  served(async (server, api) => {
    const add = venueOf(server.url, api.token);
    const body = json();
    for (const twice of [
      body.replace('{', '{"name":"Thé",'),
      body.replace('{', '{"n\\u0061me":"Thé",'),
      body.replace('{', '{"x":[{"a":1,"b":{"a":[],"c":2},"a":3}],'),
    ]) {
      const answer = await add({ body: twice, headers: typed('application/json') });
      assert.equal([answer.status, answer.code], [400, 'bad_request'], twice);
      assert.ok(['name', 'a'].includes(answer.field ?? ''), answer.field);
    }
    for (const once of [
      body.replace('{', '{"x":[{"a":1},{"a":{"a":["a","a"]}}],'),
      body.replace('{', '{"y":"\\"name\\":\\"{[,","z":"name",'),
    ]) {
      assert.is((await add({ body: once, headers: typed('application/json') })).status, 201, once);
    }
  }),
);

test(
  'F10 emoji with joiners, Persian and soft hyphens are text; controls and overrides are not',
  served(async (server, api) => {
    const add = venueOf(server.url, api.token);
    const send = (name: string) =>
      // Halves of a character are written as escapes: no UTF-8 has them.
      add({ body: json('@').replace('@', name), headers: typed('application/json') });
    for (const name of [
      '👩‍👩‍👧‍👦 famille',
      'می‌خواهم',
      'Donau\u00addampf',
      'שקט',
      '🏳️‍🌈',
      'a\u200fb',
      'ｶﾌｪ',
    ]) {
      const { status, name: kept } = await send(name);
      assert.equal([status, kept], [201, name]);
    }
    for (const name of [
      'a\\u0000b',
      'a\\nb',
      'a\\u007fb',
      'a\\u0085b',
      '\\ud83d',
      'a\\udc00b',
      'a\u202eb',
      'a\u2066b\u2069',
    ]) {
      const answer = await send(name);
      assert.equal([answer.status, answer.field], [400, 'name'], JSON.stringify(name));
    }
  }),
);

test(
  'F10 an offer of another protocol is declined by not being heard, with a body too',
  served(async (server, api) => {
    const offer =
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n';
    const host = `Host: 127.0.0.1:${server.port}\r\n`;
    const got = await exchange(server.port, [`GET /healthz HTTP/1.1\r\n${host}${offer}\r\n`], {
      until: (answer) => answer.includes('ok\n'),
    });
    assert.match(got.answer, /^HTTP\/1\.1 200 OK/);
    const body = json('Thé');
    const head = `POST /api/venues HTTP/1.1\r\n${host}${offer}Authorization: Bearer ${api.token}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    const pieces = [head + body, `${head}${body}${head}${body}`, [head, body]].map((x) =>
      [x].flat(),
    );
    for (const each of pieces) {
      const { answer } = await exchange(server.port, each, {
        until: (text) =>
          (text.match(/ 201 /g)?.length ?? 0) >= (each[0] as string).split('POST').length - 1 &&
          /\}$/.test(text),
      });
      assert.is(
        answer.match(/HTTP\/1\.1 201 /g)?.length,
        (each[0] as string).split('POST').length - 1,
      );
    }
    const other = await exchange(
      server.port,
      [
        `GET /api/nosos HTTP/1.1\r\n${host}Connection: keep-alive, upgrade\r\nUpgrade: TLS/1.0\r\n\r\n`,
      ],
      { until: (answer) => answer.includes('nosos') },
    );
    assert.match(other.answer, /^HTTP\/1\.1 200 OK/);
    const curl = [
      '-sS',
      '--http2',
      '-o',
      '-',
      '-w',
      '%{http_code}',
      '-H',
      `Authorization: Bearer ${api.token}`,
    ];
    const said = await run('curl', [...curl, '--json', body, `${server.url}/api/venues`]).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null; // no curl on this machine: the bytes above are its
        throw error;
      },
    );
    if (said) assert.match(said.stdout, /201$/);
  }),
);

test(
  'F10 HTTP/1.0, whole addresses, bodies in pieces and clients that wait to be told to go on',
  served(async (server, api) => {
    const host = `Host: 127.0.0.1:${server.port}\r\n`;
    const body = json('Thé');
    const typed = `${host}Authorization: Bearer ${api.token}\r\nContent-Type: application/json\r\n`;
    const sized = `Content-Length: ${Buffer.byteLength(body)}\r\n`;
    const pieces = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const h2c =
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n';
    const whole = `http://127.0.0.1:${server.port}`;
    const post = (...more: string[]) => `POST /api/venues HTTP/1.1\r\n${typed}${more.join('')}\r\n`;
    const asked: [string, string[], RegExp][] = [
      ['1.0', ['GET /api/nosos HTTP/1.0\r\n\r\n'], /^HTTP\/1\.1 200 .*"nosos"/s],
      ['whole', [`GET ${whole}/api/nosos HTTP/1.1\r\n${host}\r\n`], / 200 .*"nosos"/s],
      ['whole page', [`GET ${whole}/wall HTTP/1.1\r\n${host}\r\n`], / 200 .*<!doctype html>/s],
      ['chunked', [post('Transfer-Encoding: chunked\r\n') + pieces], / 201 .*Paris"/s],
      ['both', [post(h2c, 'Transfer-Encoding: chunked\r\n'), pieces], / 201 .*Paris"/s],
      ['waits', [post('Expect: 100-continue\r\n', sized), body], / 100 .* 201 .*Paris"/s],
      ['waits, h2c', [post(h2c, 'Expect: 100-continue\r\n', sized), body], / 201 .*Paris"/s],
    ];
    for (const [what, sent, answers] of asked) {
      const { answer } = await exchange(server.port, sent, { until: (said) => answers.test(said) });
      assert.match(answer, answers, what);
    }
  }),
);

test(
  'F10 another scheme of Authorization is a proxy’s, and locks nobody out',
  served(async (server, api) => {
    const basic = { authorization: `Basic ${Buffer.from('a:b').toString('base64')}` };
    assert.is((await fetch(`${server.url}/api/nosos`, { headers: basic })).status, 200);
    const signIn = await fetch(`${server.url}/api/sign-in`, {
      method: 'POST',
      headers: { ...basic, 'content-type': 'application/json' },
      body: JSON.stringify({ key: api.token }),
    });
    assert.is(signIn.status, 204);
    const cookie = (signIn.headers.get('set-cookie') ?? '').split(';', 1)[0] as string;
    const who = await fetch(`${server.url}/api/sign-in`, { headers: { ...basic, cookie } });
    assert.equal([who.status, ((await who.json()) as { role: string }).role], [200, 'owner']);
    for (const none of ['Bearer', 'Bearer  ', 'bearer nonsense', 'Bearer a b']) {
      const headers = { authorization: none };
      assert.is((await fetch(`${server.url}/api/nosos`, { headers })).status, 401, none);
    }
  }),
);

test(
  'F7 another site’s page signs nobody in or out, and its body is not read',
  served(async (server, api) => {
    const foreign = { origin: 'https://elsewhere.example', 'content-type': 'application/json' };
    for (const method of ['POST', 'DELETE']) {
      const answer = await fetch(`${server.url}/api/sign-in`, {
        method,
        headers: foreign,
        body: 'neither JSON nor short',
      });
      const { code, reason } = (await answer.json()) as Answer;
      assert.equal([answer.status, code, reason], [403, 'forbidden', 'origin']);
      assert.is(answer.headers.get('set-cookie'), null);
    }
    const own = { origin: server.url, 'content-type': 'application/json' };
    const body = JSON.stringify({ key: api.token });
    const signIn = { method: 'POST', headers: own, body };
    assert.is((await fetch(`${server.url}/api/sign-in`, signIn)).status, 204);
    const out = await fetch(`${server.url}/api/sign-in`, { method: 'DELETE', headers: own });
    assert.is(out.status, 204);
  }),
);

test(
  'F2 the server that read all this ends when it is told to',
  served(async (server) => {
    assert.is(await server.terminate(), 0);
    await server.stop();
  }),
);
