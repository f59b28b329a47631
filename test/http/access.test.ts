import * as assert from 'uvu/assert';
import { ROUTES } from '../../src/service/access.js';
import { firstName } from '../../src/service/cookies.js';
import type { TestApi } from '../support/api.js';
import { ADDRESSES, MAY_ASK, mayDo, NOT_YET } from '../support/contract.js';
import { keysOf, ROLES } from '../support/keys.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';

const test = suite('who may do what');

const call = (api: TestApi, method: string, path: string, token: string | null) =>
  api.call(method, path, /^(GET|HEAD|DELETE)$/.test(method) ? undefined : {}, token);

test('F7 the table is the contract’s, row by row', () => {
  const contract = Object.entries(MAY_ASK).flatMap(([role, all]) =>
    all.filter((route) => !NOT_YET.has(route)).map((route) => [route, role] as const),
  );
  assert.equal(Object.entries(ROUTES).sort(), contract.sort());
});

test(
  'F7 every route for every role: as the contract says, and nothing else',
  served(async (_, api) => {
    const keys = await keysOf(api);
    for (const { route, method, path, needed } of ADDRESSES) {
      for (const role of ROLES) {
        const { status, body } = await call(api, method, path, keys.valid[role]);
        const what = `${route} by ${role}: ${status} ${JSON.stringify(body)}`;
        if (mayDo(role, needed)) {
          assert.not.ok(['unauthorized', 'forbidden'].includes(body.code ?? ''), what);
          assert.not.match(body.detail ?? '', 'no such address');
        } else if (role === 'anyone') {
          assert.equal([status, body.code], [401, 'unauthorized'], what);
        } else {
          assert.equal([status, body.code], [403, 'forbidden'], what);
        }
      }
    }
  }),
  { deadline: 40_000 },
);

test(
  'F7 a token that is worth nothing opens no route, not even what anyone may ask',
  served(
    async ({ url }, api) => {
      const keys = await keysOf(api);
      for (const [k, [name, token]] of Object.entries(keys.void).entries()) {
        const all = ADDRESSES.map(async ({ route, method, path }) => {
          const response = await fetch(url + path, {
            method,
            // Each token from an address of its own, so that none is limited for the others.
            headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': `10.0.0.${k}` },
            ...(/^(GET|DELETE)$/.test(method) ? {} : { body: '{}' }),
          });
          const { code } = (await response.json()) as { code: string };
          assert.equal([response.status, code], [401, 'unauthorized'], `${route} with ${name}`);
        });
        await Promise.all(all);
      }
    },
    { TRUST_PROXY: 'loopback' },
  ),
);

test(
  'F7 A2 a token in the address opens nothing, under whatever name, however good it is',
  served(async ({ url }, api) => {
    const keys = await keysOf(api);
    for (const { route, method, path, needed } of ADDRESSES) {
      if (needed === 'anyone') continue;
      const token = keys.valid[needed] as string;
      const names = [
        'token',
        'access_token',
        'key',
        'auth',
        'authorization',
        'bearer',
        'noso_token',
      ];
      const query = names.map((name) => `${name}=${token}`).join('&');
      const sent = /^(GET|DELETE)$/.test(method) ? {} : { body: '{}' };
      const response = await fetch(`${url}${path}?${query}`, { method, ...sent });
      assert.is(response.status, 401, route);
      await response.arrayBuffer();
    }
  }),
  { deadline: 40_000 },
);

test(
  'F7 A8 a number that is not kept opens nothing of another NoSo, on any route',
  served(async (_, api) => {
    const [here, there] = [await api.noso(), await api.noso()];
    const { token } = await api.person(here.id);
    const pass = await api.pass(there.id);
    for (const route of MAY_ASK.participant) {
      const [method = '', path = ''] = route.split(' ');
      const body = path === '/api/presence' ? { pass } : undefined;
      const reply = await api.call(method, path.replace(/:\w+/, there.id), body, token);
      assert.equal([reply.status, reply.body.reason], [403, 'noso'], route);
    }
  }),
);

test(
  'F7 F8 keys that were taken back say so, whosever they are',
  served(async (_, api) => {
    const noso = await api.noso();
    const door = `/api/nosos/${noso.id}/doors`;
    const kinds = [
      ['/api/organizers', { label: 'Solange' }, '/api/organizers', 'GET /api/venues'],
      [`/api/venues/${noso.venue.id}/walls`, {}, '/api/walls', 'GET /api/walls/me'],
      [door, {}, '/api/doors', 'POST /api/door'],
    ] as const;
    for (const [making, body, taking, asking] of kinds) {
      const { id, token } = await api.own<{ id: string; token: string }>('POST', making, body);
      await api.own('DELETE', `${taking}/${id}`);
      const [method = '', path = ''] = asking.split(' ');
      const sent = method === 'POST' ? { clicks: [] } : undefined;
      const reply = await api.call(method, path, sent, token);
      assert.equal([reply.status, reply.body.reason], [401, 'revoked'], asking);
    }
  }),
);

test(
  'F7 what is not in the table is not there, for anybody, in any spelling',
  served(async ({ url }, api) => {
    const known = new Set(ADDRESSES.map(({ method, path }) => `${method} ${path}`));
    const paths = [...new Set(ADDRESSES.map(({ path }) => path))];
    for (const path of paths) {
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        if (known.has(`${method} ${path}`)) continue;
        const response = await fetch(url + path, {
          method,
          headers: { authorization: `Bearer ${api.token}` },
        });
        assert.is(response.status, 404, `${method} ${path}`);
        await response.arrayBuffer();
      }
    }
    for (const path of [
      '/api',
      '/api/',
      '/api/venues/',
      '/api/Venues',
      '/API/venues',
      '/api//venues',
      '/api/./venues/x/walls/',
      '/api/venues;x',
      '/api/venues%2f',
      '/api/organizers/',
      '/api/users',
      '/api/__proto__',
      '/api/constructor',
      '/admin',
      '/.env',
      '/assets/../package.json',
      '/assets/%2e%2e/%2e%2e/package.json',
      '/assets/..%2fsrc/main.js',
      '/src/main.js',
      '/data/secret',
    ]) {
      const response = await fetch(url + path, {
        headers: { authorization: `Bearer ${api.token}` },
      });
      const clear = path.startsWith('/assets/') ? [400, 404] : [404];
      assert.ok(clear.includes(response.status), `${path}: ${response.status}`);
      assert.not.match(await response.text(), /dependencies|import/);
    }
    // Where GET is, HEAD is as well, by the same rule.
    const head = await fetch(`${url}/api/venues`, { method: 'HEAD' });
    assert.is(head.status, 401);
  }),
  { deadline: 40_000 },
);

test(
  'F7 F8 cookies are a token only with our own origin, or for what changes nothing',
  served(async ({ url, port }, api) => {
    const keys = await keysOf(api);
    const ask = async (method: string, path: string, cookie: string, origin?: string) => {
      const typed = { cookie, 'content-type': 'application/json' };
      const headers = { ...typed, ...(origin === undefined ? {} : { origin }) };
      const sent = /GET|DELETE/.test(method) ? {} : { body: '{}' };
      return (await fetch(url + path, { method, headers, ...sent })).status;
    };
    const organizer = `x=y; ${firstName('organizer')}=${keys.valid.organizer}`;
    const number = `${firstName('token')}=${keys.valid.participant}; z`;
    for (const own of [url, `http://127.0.0.1:${port}`]) {
      assert.is(await ask('POST', '/api/venues', organizer, own), 400);
      assert.is(await ask('DELETE', `/api/presence/nothing`, number, own), 204);
    }
    for (const foreign of ['http://evil.example', 'null', `${url}.evil.example`, `${url}0`, '']) {
      assert.is(await ask('POST', '/api/venues', organizer, foreign), 403, foreign);
      assert.is(await ask('GET', '/api/venues', organizer, foreign), 403, foreign);
      assert.is(await ask('DELETE', '/api/presence/nothing', number, foreign), 403, foreign);
      assert.is(await ask('POST', '/api/venues', 'x=y', foreign), 401, 'no cookie of ours');
      assert.is(await ask('POST', '/api/venues', number, foreign), 401, 'nor the one for this');
      assert.is(await ask('GET', '/api/nosos', organizer, foreign), 200, 'what anyone may');
    }
    const evil = { cookie: organizer, origin: 'http://evil.example' };
    const why = await fetch(`${url}/api/venues`, { headers: evil });
    const { code, reason } = (await why.json()) as { code: string; reason: string };
    assert.equal([code, reason], ['forbidden', 'origin'], 'the true cause (F8)');
    assert.is(await ask('POST', '/api/venues', organizer), 401, 'no origin, and a change');
    assert.is(await ask('GET', '/api/venues', organizer), 200, 'no origin, and no change');
    for (const { method, path, needed, route } of ADDRESSES) {
      // Whose cookie counts follows from who may ask, wherever that is.
      const other = needed === 'participant' ? organizer : number;
      if (needed !== 'anyone') assert.is(await ask(method, path, other, url), 401, route);
      const own = needed === 'participant' ? number : organizer;
      if (needed === 'organizer' || needed === 'participant') {
        assert.is.not(await ask(method, path, own, url), 401, route);
      }
    }
    assert.is(await ask('GET', '/api/nosos', `${firstName('organizer')}=stale`), 200);
  }),
);
