import * as assert from 'uvu/assert';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { exchange, upgradeRequest } from '../support/tcp.js';

const test = suite('policies: every header of every answer');

/** Said of the connection and of the moment, and nothing by us. */
const TRANSPORT = ['date', 'connection', 'keep-alive', 'content-length', 'transfer-encoding'];

/** On whatever is answered; under https that it is not asked for without, too. */
const ALWAYS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};
const HSTS = { 'strict-transport-security': 'max-age=15552000' };

const policy = (host: string, style: string, framedBy = "'none'") =>
  `default-src 'none'; script-src 'self'; style-src ${style}; img-src 'self' data:; ` +
  `media-src 'self' data:; connect-src 'self' ws://${host} wss://${host}; form-action 'self'; ` +
  `base-uri 'none'; frame-ancestors ${framedBy}`;
const page = (host: string, style: string, framedBy?: string) => ({
  ...ALWAYS,
  'content-type': 'text/html; charset=utf-8',
  'content-language': 'en',
  'content-encoding': 'gzip',
  vary: 'Accept-Encoding',
  'content-security-policy': policy(host, style, framedBy),
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
});
/** A style that is set into the page is known by its digest. */
const SET_IN = "'sha256-…'";
const text = { ...ALWAYS, 'content-type': 'text/plain; charset=utf-8' };
const json = { ...ALWAYS, 'content-type': 'application/json; charset=utf-8' };
const problem = { ...ALWAYS, 'content-type': 'application/problem+json; charset=utf-8' };
const behindPages = { vary: 'Accept-Encoding' };
const asset = {
  ...ALWAYS,
  ...behindPages,
  'cache-control': 'public, max-age=0',
  'content-type': 'text/javascript; charset=utf-8',
  'content-encoding': 'gzip',
  'accept-ranges': 'bytes',
  etag: '…',
  'last-modified': '…',
};

type Row = [path: string, status: number, headers: Record<string, string>];

/** Who may frame a wall, on the server that is asked over http. Nobody may frame any other page. */
const SIGNS = 'https://signs.example';

/** What each address answers. A header that is not here is not sent, and one that is, is. */
const TABLE = (host: string, noso: string, code: string, secure: boolean): Row[] => [
  ['/healthz', 200, text],
  ['/readyz', 200, text],
  ['/metrics', 401, problem],
  ['/api/nosos', 200, json],
  [`/api/nosos/${noso}`, 200, json],
  ['/api/nosos/nothing', 404, problem],
  ['/api/nosos/%', 400, problem],
  ['/api/venues', 401, problem],
  ['/api/nothing', 404, problem],
  ['/api/walls/me', 401, problem],
  [
    `/api/nosos/${noso}/calendar.ics`,
    200,
    {
      ...{ ...ALWAYS, 'content-type': 'text/calendar; charset=utf-8' },
      'content-disposition': `inline; filename="noso-${noso}.ics"`,
    },
  ],
  ['/', 200, page(host, SET_IN)],
  [`/n/${noso}`, 200, page(host, SET_IN)],
  [
    `/n/${noso}/picture.png`,
    200,
    {
      ...{ ...ALWAYS, 'content-type': 'image/png', 'cache-control': 'public, max-age=3600' },
      'cross-origin-resource-policy': 'cross-origin',
    },
  ],
  ['/n/nothing', 404, page(host, SET_IN)],
  ['/j', 200, page(host, SET_IN)],
  ['/j?code=x', 303, { ...text, location: '/j/-', vary: 'Accept, Accept-Encoding' }],
  [`/j/${code}`, 200, { ...page(host, SET_IN), 'set-cookie': cookie(secure) }],
  ['/j/MMM-MMM-MMM', 403, page(host, SET_IN)],
  ['/j/%', 400, page(host, SET_IN)],
  ['/me', 200, page(host, SET_IN)],
  ['/me/return', 200, page(host, SET_IN)],
  ['/out', 200, page(host, SET_IN)],
  ['/privacy', 200, page(host, SET_IN)],
  ['/accessibility', 200, page(host, SET_IN)],
  ['/nothing', 404, page(host, SET_IN)],
  ['/wall', 200, page(host, "'self'", secure ? "'none'" : SIGNS)],
  ['/organize', 200, page(host, "'self'")],
  ['/organize/print', 200, page(host, "'self'")],
  ['/door', 200, page(host, "'self'")],
  ['/robots.txt', 200, { ...text, ...behindPages }],
  [
    '/favicon.ico',
    200,
    {
      ...{ ...ALWAYS, ...behindPages, 'content-type': 'image/x-icon' },
      'cache-control': 'public, max-age=86400',
    },
  ],
  [
    '/openapi.json',
    200,
    { ...json, ...behindPages, 'cache-control': 'no-cache', 'content-encoding': 'gzip' },
  ],
  [
    '/asyncapi.json',
    200,
    { ...json, ...behindPages, 'cache-control': 'no-cache', 'content-encoding': 'gzip' },
  ],
  ['/.well-known/security.txt', 200, { ...text, ...behindPages }],
  ['/assets/phone/page.js', 200, asset],
  ['/assets/wall/shell.page.js', 200, { ...asset, 'service-worker-allowed': '/wall' }],
  ['/assets/nothing', 404, { ...problem, ...behindPages }],
];

type Sent = { body?: string; headers?: Record<string, string> };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const FOREIGN = { origin: 'http://evil.example' };
/** A script of another site's, about to ask for more than a form could. */
const ABOUT_TO = { ...FOREIGN, 'access-control-request-method': 'PUT' };

/** What is answered to whatever is no GET, and to whoever else's page. */
const OTHERS = (host: string): [string, number, Record<string, string>, Sent?][] => [
  ['POST /api/seats', 400, problem, { body: '{}' }],
  ['POST /api/seats', 403, problem, { body: '{"code":"MMM-MMM-MMM"}', headers: FOREIGN }],
  ['POST /api/passes', 415, problem, { body: 'x', headers: { 'content-encoding': 'gzip' } }],
  ['POST /api/sign-in', 403, problem, { body: '{}', headers: FOREIGN }],
  ['POST /api/cities', 202, ALWAYS, { body: '{"city":"Rodez"}', headers: FOREIGN }],
  ['POST /api/nothing', 404, problem, { body: '{}' }],
  ['PUT /api/presence', 401, problem, { body: '{}' }],
  ['PATCH /api/nosos/x', 401, problem, { body: '{}' }],
  ['DELETE /api/presence/x', 401, problem],
  ['OPTIONS /', 404, problem, { headers: ABOUT_TO }],
  ['OPTIONS /api/nosos', 404, problem, { headers: ABOUT_TO }],
  ['OPTIONS /api/seats', 404, problem, { headers: ABOUT_TO }],
  ['OPTIONS /assets/phone/page.js', 404, problem, { headers: ABOUT_TO }],
  ['POST /', 403, page(host, SET_IN), { body: 'city=Rodez', headers: { ...FORM, ...FOREIGN } }],
  ['POST /me/return', 403, page(host, SET_IN), { body: 'number=1', headers: FORM }],
  ['POST /n/nothing', 404, page(host, SET_IN), { body: 'do=intend', headers: FORM }],
  ['POST /me/keep', 415, page(host, SET_IN), { body: '{}' }],
  ['POST /me/leave', 303, { ...text, location: '/me', vary: 'Accept, Accept-Encoding' }],
  ['POST /out', 303, { ...text, location: '/out', vary: 'Accept, Accept-Encoding' }],
];

const cookie = (secure: boolean) =>
  secure
    ? '__Host-noso_…_entry=…; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax'
    : 'noso_…_entry=…; Max-Age=600; Path=/; HttpOnly; SameSite=Lax';

/** What differs from build to build and from visit to visit is left out. */
function bare(headers: Headers): Record<string, string> {
  const all = [...headers].filter(([name]) => !TRANSPORT.includes(name));
  return Object.fromEntries(
    all.map(([name, value]) => [
      name,
      name === 'etag' || name === 'last-modified'
        ? '…'
        : value
            .replace(/'sha256-[\w+/]{43}='/, SET_IN)
            .replace(/noso_[\da-f]+_entry=[^;]+/, 'noso_…_entry=…'),
    ]),
  );
}

for (const secure of [false, true]) {
  test(
    `F7 A1 all headers of every page, error and file are the table’s, under ${secure ? 'https' : 'http'}`,
    served(
      async ({ url }, api) => {
        const noso = await api.noso();
        const { code } = await api.code(noso.id);
        const host = new URL(url).host;
        const ask = async (method: string, path: string, headers: object = {}, body?: string) => {
          const answer = await fetch(url + path, {
            ...{ method, redirect: 'manual', ...(body === undefined ? {} : { body }) },
            headers: {
              ...{ 'accept-encoding': 'gzip', 'accept-language': 'en' },
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
              ...headers,
            },
          });
          await answer.arrayBuffer();
          return [answer.status, bare(answer.headers)] as [number, Record<string, string>];
        };
        for (const [path, status, headers] of TABLE(host, noso.id, code, secure)) {
          const wanted = { ...headers, ...(secure ? HSTS : {}) };
          const isPage = headers['content-type']?.startsWith('text/html');
          // As a browser asks for a page, too.
          for (const accept of isPage ? ['*/*', 'text/html'] : ['*/*']) {
            assert.equal(await ask('GET', path, { accept }), [status, wanted], path);
          }
          if (secure) continue;
          // Nor does it depend on whose page asks, or whether anybody reads the body.
          assert.equal(await ask('GET', path, FOREIGN), [status, wanted], `${path}, foreign`);
          const [head, bears] = await ask('HEAD', path);
          // What there is no body of is not compressed.
          const coded = 'content-encoding' in headers ? { 'content-encoding': 'gzip' } : {};
          assert.equal([head, { ...bears, ...coded }], [status, wanted], `HEAD ${path}`);
        }
        for (const [what, status, headers, { body, headers: sent } = {}] of OTHERS(host)) {
          const [method = '', path = ''] = what.split(' ');
          const wanted = { ...headers, ...(secure ? HSTS : {}) };
          assert.equal(await ask(method, path, sent, body), [status, wanted], what);
        }
      },
      {
        ...(secure ? { PUBLIC_URL: 'https://noso.example' } : { FRAME_ANCESTORS: SIGNS }),
        ...{ METRICS_TOKEN: 'figures', OPERATOR_CONTACT: 'mailto:somebody@noso.example' },
      },
    ),
  );
}

test(
  'F4 F7 what is no request, and upgrades, bear nothing but what they must',
  served(async ({ port }) => {
    const head = async (bytes: string) => {
      const { answer } = await exchange(port, [bytes], {
        until: (all) => all.includes('\r\n\r\n'),
      });
      return answer.slice(0, answer.indexOf('\r\n\r\n'));
    };
    const close = 'Connection: close\r\nContent-Length: 0';
    assert.is(await head('GET\r\n\r\n'), 'HTTP/1.1 400 Bad Request\r\nConnection: close');
    assert.is(
      await head(upgradeRequest()),
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    );
    const odd = 'Host: x;script-src http://evil.example\r\n';
    const policies = await head(`GET /j HTTP/1.1\r\n${odd}Connection: close\r\n\r\n`);
    assert.match(policies, "; connect-src 'self'; form-action 'self';", 'whoever names a host');
    const foreign = upgradeRequest(undefined, 'Origin: http://evil.example\r\n');
    assert.is(await head(foreign), `HTTP/1.1 403 Forbidden\r\n${close}`);
    assert.is(await head(upgradeRequest('/x')), `HTTP/1.1 404 Not Found\r\n${close}`);
    const old = upgradeRequest('/socket.io/?EIO=3&transport=websocket');
    assert.is(await head(old), `HTTP/1.1 400 Bad Request\r\n${close}`);
  }),
);
