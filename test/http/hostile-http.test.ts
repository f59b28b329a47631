import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { ERRORS } from '../../src/domain/errors.js';
import { ROUTES } from '../../src/service/access.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import {
  exchange,
  hold,
  memoryOf,
  openFiles,
  upgradeRequest,
  wellAfterwards,
} from '../support/tcp.js';
import { until } from '../support/wait.js';

const test = suite('hostile: HTTP');

const request = (line: string, ...headers: string[]) =>
  [line, 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n');
const post = (...headers: string[]) => request('POST /api/passes HTTP/1.1', ...headers);
const SMUGGLED = 'GET /api/venues HTTP/1.1\r\nHost: x\r\n\r\n';

/** What is no request, by name. Each is to be answered with an error, or hung up on. */
const NOT_REQUESTS: Record<string, string | Buffer> = {
  nothing: '\r\n\r\n\r\nx\r\n\r\n',
  'a word': 'GET\r\n\r\n',
  'a version to come': request('GET / HTTP/9.9'),
  'HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'no host': 'GET /healthz HTTP/1.1\r\n\r\n',
  'a method of its own': request('LEAVE / HTTP/1.1'),
  'a method in small letters': request('get / HTTP/1.1'),
  'a space before the colon': request('GET / HTTP/1.1', 'X-A : b'),
  'a folded header': request('GET / HTTP/1.1', 'X-A: b', ' c'),
  'a header without a name': request('GET / HTTP/1.1', ': b'),
  'a zero in a header': request('GET / HTTP/1.1', 'X-A: \0'),
  'a zero in the address': request('GET /\0 HTTP/1.1'),
  'a carriage return alone': 'GET / HTTP/1.1\rHost: x\r\r',
  'headers past their bound': request('GET / HTTP/1.1', `X-A: ${'x'.repeat(40_000)}`),
  'an address past its bound': request(`GET /${'x'.repeat(40_000)} HTTP/1.1`),
  'both lengths': `${post('Content-Length: 5', 'Transfer-Encoding: chunked')}0\r\n\r\n${SMUGGLED}`,
  'two lengths': `${post('Content-Length: 0', 'Content-Length: 44')}${SMUGGLED}`,
  'a list of lengths': `${post('Content-Length: 0, 44')}${SMUGGLED}`,
  'a length below zero': post('Content-Length: -1'),
  'a length in words': post('Content-Length: ten'),
  'a length of 2^70': post('Content-Length: 1180591620717411303424'),
  'an encoding of its own': `${post('Transfer-Encoding: xchunked')}0\r\n\r\n`,
  'chunked twice': `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity')}0\r\n\r\n`,
  'a chunk without a size': `${post('Transfer-Encoding: chunked')}\r\nx\r\n0\r\n\r\n`,
  'a chunk of size −1': `${post('Transfer-Encoding: chunked')}-1\r\nx\r\n0\r\n\r\n`,
  'a chunk of 2^64': `${post('Transfer-Encoding: chunked')}10000000000000000\r\nx\r\n`,
  'an expectation': post('Expect: miracles', 'Content-Length: 2'),
  'a tunnel': request('CONNECT evil.example:80 HTTP/1.1'),
  'a TLS handshake': Buffer.from('16030100a5010000a10303', 'hex'),
  noise: randomBytes(4000),
};

test(
  'F4 what is no request is answered with an error or hung up on, at once, and does no harm',
  served(async (server) => {
    for (const [name, bytes] of Object.entries(NOT_REQUESTS)) {
      const { answer, closed, ms } = await exchange(server.port, [bytes], {
        deadline: 3000,
        linger: 60,
      });
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
      assert.ok(closed || status >= 400, `${name}: ${answer.slice(0, 100) || 'nothing'}`);
      assert.ok(status === 0 || (status >= 400 && status < 500), `${name}: ${status}`);
      assert.ok(ms < 3500 || closed, `${name} took ${ms} ms`);
      const second = answer.slice(10).includes('HTTP/1.1 401');
      assert.not.ok(second, `${name}: a request within a request was served`);
    }
    await wellAfterwards(server);
  }),
  { deadline: 40_000 },
);

test(
  'F4 odd addresses, upgrades to elsewhere and polling get a clear no',
  served(async (server) => {
    const get = (path: string) =>
      exchange(server.port, [request(`GET ${path} HTTP/1.1`, 'Connection: close')]);
    for (const path of [
      '/api/nosos/%',
      '/api/nosos/%ff',
      '/api/nosos/%00',
      '/api/nosos/%c0%ae',
      '/api/nosos/__proto__',
      '/api/nosos/constructor',
      '/api/nosos/a%2fb',
      '/api/nosos?city=a&city=b',
      '/api/nosos?from=yesterday',
      '/api/nosos?cursor=%7b%7d',
      '/api/nosos?cursor=W10',
      '/api/nosos?state=__proto__',
      '/j/%',
      '/j/%ff',
      '/assets/%',
      '/assets/%00',
      '/socket.io/?EIO=4&transport=polling',
      '/socket.io/?EIO=4&transport=websocket',
      '/socket.io/?EIO=3&transport=polling&sid=__proto__',
      '/socket.io/?transport=constructor',
      '/socket.io/socket.io.js',
    ]) {
      const { answer } = await get(path);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, `${path}: ${answer.slice(0, 60)}`);
    }
    // A proxy's way of asking is an ordinary request.
    assert.match((await get('http://evil.example/healthz')).answer, /^HTTP\/1\.1 (200|404) /);
    for (const path of ['/', '/socket.io', '/socket.iox/?EIO=4', '/wall', '/socket.io/', '//x']) {
      const { answer, closed } = await exchange(server.port, [upgradeRequest(path)]);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, path);
      assert.ok(closed, `${path} was left open`);
    }
    for (const query of ['EIO=3&transport=websocket', 'EIO=4', 'EIO=4&transport=websocket&sid=x']) {
      const { answer } = await exchange(server.port, [upgradeRequest(`/socket.io/?${query}`)]);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, query);
    }
    for (const headers of [
      'Sec-WebSocket-Version: 8',
      'Sec-WebSocket-Key: x',
      'Content-Length: 9',
    ]) {
      const [name = ''] = headers.split(':');
      const text = upgradeRequest().replace(new RegExp(`${name}:.*\r\n`), '');
      const { answer, closed } = await exchange(
        server.port,
        [text.replace('\r\n\r\n', `\r\n${headers}\r\n\r\n`)],
        { until: (text) => text.includes('\r\n\r\n') },
      );
      assert.ok(closed || /^HTTP\/1\.1 (4\d\d|101) /.test(answer), headers);
    }
    await wellAfterwards(server);
  }),
  { deadline: 40_000 },
);

test(
  'F4 bodies: too long, endless, of the wrong kind, nested, with prototypes in them',
  served(async (server, api) => {
    const send = (body: string, ...headers: string[]) =>
      exchange(server.port, [post('Connection: close', ...headers), body]);
    const sized = (body: string) => send(body, `Content-Length: ${Buffer.byteLength(body)}`);
    const long = `{"code":"${'x'.repeat(17_000)}"}`;
    assert.match((await sized(long)).answer, /^HTTP\/1\.1 413 /);
    const declared = await send('{', 'Content-Length: 1000000000');
    assert.match(declared.answer, /^HTTP\/1\.1 413 /);
    assert.ok(declared.ms < 2000, 'without waiting for it');
    const chunk = `${(1000).toString(16)}\r\n${'x'.repeat(1000)}\r\n`;
    const endless = await send(chunk.repeat(40), 'Transfer-Encoding: chunked');
    assert.match(endless.answer, /^HTTP\/1\.1 413 /);
    for (const body of [
      '',
      'null',
      '1',
      '"x"',
      '[]',
      '{',
      '{"code"',
      '\ufeff{}',
      '{"code":1}',
      '{"code":null}',
      '{"code":["MMM-MMM-MMM"]}',
      '{"code":{"toString":"MMM-MMM-MMM"}}',
      '{"__proto__":{"code":"MMM-MMM-MMM"}}',
      '{"constructor":{"prototype":{"code":"MMM-MMM-MMM"}}}',
      `${'['.repeat(8000)}${']'.repeat(8000)}`,
      `${'{"code":'.repeat(1700)}1${'}'.repeat(1700)}`,
      `{"code":${'9'.repeat(10_000)}}`,
      'code=MMM-MMM-MMM',
    ]) {
      const { answer } = await sized(body);
      assert.match(answer, /^HTTP\/1\.1 400 /, body.slice(0, 40));
      assert.match(answer, /application\/problem\+json/);
    }
    for (const [name, value] of [
      ['Content-Encoding', 'gzip'],
      ['Content-Encoding', 'br, br, br'],
      ['Content-Type', 'application/json; charset=utf-7'],
      ['Content-Type', 'multipart/form-data; boundary='],
    ]) {
      const { answer } = await send('{}', `${name}: ${value}`, 'Content-Length: 2');
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, `${name}: ${value}`);
    }
    const venue = await api.venue();
    assert.equal(Object.keys(venue).sort().join(), 'city,id,language,name,timeZone,utcOffset');
    await wellAfterwards(server);
  }),
);

test(
  'F4 whatever JSON an organizer sends to whatever route, the answer is in the table of errors',
  served(async (server, api) => {
    const venue = (await api.venue()).id;
    const noso = (await api.noso({ venue })).id;
    const names = ['name', 'city', 'timeZone', 'title', 'startsAt', 'endsAt', 'capacity', 'pocket'];
    const more = [
      'veil',
      'venue',
      'label',
      'key',
      'pass',
      'code',
      'language',
      'entry',
      '__proto__',
    ];
    const values = fc.oneof(
      fc.constantFrom<unknown>(null, '', 0, -1, 1e308, 'a', venue, '2026-06-01T14:00:00Z', [], {}),
      fc.constantFrom<unknown>(
        'Europe/Paris',
        '+99:99',
        '9'.repeat(400),
        '\u202e',
        'x'.repeat(500),
      ),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const body = fc.oneof(
      fc.dictionary(fc.constantFrom(...names, ...more), values, { maxKeys: 8 }),
      fc.jsonValue(),
    );
    const routes = Object.keys(ROUTES).filter((route) => !/^GET|close|cancel|sign-in/.test(route));
    const codes = new Set(Object.keys(ERRORS));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), body, async (route, sent) => {
        const [method = '', path = ''] = route.split(' ');
        const id = path.includes('venues') ? venue : noso;
        if (method === 'DELETE' && id === venue) return;
        const reply = await api.call(method, path.replace(/:\w+/, id), sent, api.token);
        assert.ok(reply.status < 500, `${route} ${JSON.stringify(sent)}: ${reply.status}`);
        if (reply.status >= 400) assert.ok(codes.has(reply.body.code ?? ''), `${reply.body.code}`);
      }),
      { seed: 20260601, numRuns: 400 },
    );
    await wellAfterwards(server);
  }),
  { deadline: 40_000 },
);

test(
  'F4 pipelining: in order, past garbage, and hung up on where nobody reads, before memory fills',
  served(async (server) => {
    const one = request('GET /healthz HTTP/1.1');
    const { answer } = await exchange(server.port, [one.repeat(100)], {
      until: (text) => text.split('HTTP/1.1 200').length > 100,
    });
    assert.is(answer.match(/HTTP\/1\.1 200/g)?.length, 100);
    const spoilt = await exchange(server.port, [one.repeat(3), 'garbage\r\n\r\n', SMUGGLED]);
    assert.ok(spoilt.closed);
    assert.not.match(spoilt.answer, 'HTTP/1.1 401');
    const [before, files] = [await memoryOf(server), await openFiles(server)];
    const page = request('GET /api/nosos HTTP/1.1');
    const greedy = await Promise.all(
      Array.from({ length: 20 }, () => hold(server.port, page.repeat(10_000))),
    );
    await until(async () => (await openFiles(server)) <= files + 2, { what: 'them to be cut off' });
    const grown = (await memoryOf(server)) - before;
    assert.ok(grown < 100e6, `${Math.round(grown / 1e6)} MB for requests that nobody reads`);
    for (const socket of greedy) socket.destroy();
    await wellAfterwards(server);
  }),
  { deadline: 40_000 },
);
