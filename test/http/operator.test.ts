import type { IncomingMessage } from 'node:http';
import * as assert from 'uvu/assert';
import type { Refusal } from '../../src/domain/errors.js';
import { createAddressOf } from '../../src/http/address.js';
import { demandMetrics } from '../../src/http/metricsAccess.js';
import { readWords } from '../../src/service/dictionary.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { exchange } from '../support/tcp.js';
import { visitorOf } from '../support/visitor.js';

const test = suite('what whoever runs the server says, and lets be read');

const get = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });

test(
  'F7 metrics are read from this machine alone, by its own names, and through no proxy',
  served(async ({ url, port }) => {
    const raw = async (...headers: string[]) => {
      const lines = ['GET /metrics HTTP/1.1', ...headers, 'Connection: close', '', ''];
      const { answer } = await exchange(port, [lines.join('\r\n')]);
      return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
    };
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, 'a.localhost', '[::1]:80']) {
      assert.is(await raw(`Host: ${host}`), 200, host);
    }
    for (const host of ['noso.example', '192.0.2.1', 'localhost.example', '127.0.0.1.nip.io']) {
      assert.is(await raw(`Host: ${host}`), 401, host);
    }
    for (const name of ['Forwarded', 'X-Forwarded-For', 'X-Forwarded-Proto', 'X-Real-IP', 'Via']) {
      assert.is(await raw(`Host: localhost`, `${name}: x`), 401, name);
    }
    const foreign = await get(`${url}/metrics`, { via: '1.1 proxy', authorization: 'Bearer x' });
    assert.is(foreign.status, 403);
    assert.match(String(foreign.headers.get('content-type')), 'application/problem+json');
    assert.not.match(await foreign.text(), 'noso_');
  }),
);

test('F7 whoever is on another machine reads no metrics, whatever name they ask by', () => {
  const from = (remoteAddress: string | undefined) => {
    const request = { headers: { host: 'localhost' }, socket: { remoteAddress } };
    try {
      demandMetrics(request as IncomingMessage, { token: null, publicUrl: null });
      return 'read';
    } catch (error) {
      return (error as Refusal).why;
    }
  };
  for (const here of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
    assert.is(from(here), 'read', here);
  for (const there of ['192.0.2.1', '10.0.0.1', '::ffff:192.0.2.1', 'fe80::1%eth0', '', undefined])
    assert.is(from(there), 'unauthorized.missing', there);
});

test('F6 F7 nobody says which address they are, but proxies that are trusted', () => {
  const request = {
    headers: { 'x-forwarded-for': '203.0.113.7, 192.0.2.9' },
    socket: { remoteAddress: '127.0.0.1' },
  } as unknown as IncomingMessage;
  const as = (trust: Parameters<typeof createAddressOf>[0]) => createAddressOf(trust)(request);
  assert.equal([null, false, 0].map(as), Array(3).fill('127.0.0.1'));
  assert.is(as('10.0.0.0/8'), '127.0.0.1');
  assert.is(as('loopback'), '192.0.2.9');
  assert.is(as(1), '192.0.2.9');
  assert.is(as(true), '203.0.113.7');
});

test(
  'F7 with an address of the outside metrics are nobody’s, but for METRICS_TOKEN',
  served(
    async ({ port }) => {
      assert.is((await get(`http://127.0.0.1:${port}/metrics`)).status, 401);
    },
    { PUBLIC_URL: 'http://noso.example' },
  ),
);

test(
  'F7 METRICS_TOKEN is needed wherever it is set, and is enough',
  served(
    async ({ url }) => {
      const ask = (authorization?: string) =>
        get(`${url}/metrics`, {
          'x-real-ip': '192.0.2.1',
          ...(authorization ? { authorization } : {}),
        });
      assert.is((await ask()).status, 401);
      assert.is((await get(`${url}/metrics`)).status, 401, 'here too');
      for (const other of ['another', 't0k', 't0kenn', 'T0KEN', '%'])
        assert.is((await ask(`Bearer ${other}`)).status, 403, other);
      assert.is((await ask('Basic t0ken')).status, 401);
      const text = await (await ask('Bearer t0ken')).text();
      assert.match(text, 'noso_phones_connected');
    },
    { METRICS_TOKEN: 't0ken' },
  ),
);

test(
  'a wall, and no other page, may stand in the frames that are named',
  served(
    async ({ url }) => {
      const policy = async (path: string) =>
        /frame-ancestors ([^;]*)/.exec(
          String((await get(url + path)).headers.get('content-security-policy')),
        )?.[1];
      assert.is(await policy('/wall'), "'self' https://signage.example");
      for (const path of ['/', '/organize', '/j', '/me', '/privacy']) {
        assert.is(await policy(path), "'none'", path);
      }
    },
    { FRAME_ANCESTORS: "'self' https://signage.example" },
  ),
);

test(
  'A5 who is responsible is said where people look for it, in both languages',
  served(
    async ({ url }) => {
      for (const language of ['fr', 'en']) {
        for (const path of ['/privacy', '/accessibility']) {
          const { status, html } = await visitorOf(url, language).get(path);
          assert.is(status, 200, path);
          assert.match(html, 'Les Amis du Silence &amp; fils');
          assert.match(html, 'href="mailto:silence@noso.example"');
          assert.match(html, `hreflang="${language === 'fr' ? 'en' : 'fr'}"`);
        }
      }
      const text = await (await get(`${url}/.well-known/security.txt`)).text();
      assert.match(text, 'Contact: mailto:silence@noso.example\n');
      assert.match(text, `Canonical: ${url}/.well-known/security.txt`);
      const expires = Date.parse(/^Expires: (.*)$/m.exec(text)?.[1] ?? '');
      assert.ok(expires > Date.now() + 86_400_000 && expires < Date.now() + 366 * 86_400_000);
    },
    { OPERATOR: 'Les Amis du Silence & fils', OPERATOR_CONTACT: 'silence@noso.example' },
  ),
);

test(
  'what programs look for is there, and nothing is claimed that was not set',
  served(async ({ url }) => {
    const robots = await get(`${url}/robots.txt`);
    assert.match(String(robots.headers.get('content-type')), 'text/plain');
    const lines = (await robots.text()).split('\n');
    assert.ok(lines.includes('Disallow: /j') && !lines.includes('Disallow: /'));
    const icon = await get(`${url}/favicon.ico`);
    assert.is(icon.status, 200);
    assert.is(icon.headers.get('content-type'), 'image/x-icon');
    assert.equal([...new Uint8Array(await icon.arrayBuffer()).slice(0, 4)], [0, 0, 1, 0]);
    assert.is((await get(`${url}/.well-known/security.txt`)).status, 404);
    const { html } = await visitorOf(url, 'en').get('/accessibility');
    const words = (await readWords('client/words')).get('en');
    assert.match(html, words?.operator.unsaid ?? 'no words');
  }),
);
