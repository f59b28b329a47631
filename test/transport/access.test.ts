import { createHmac } from 'node:crypto';
import * as assert from 'uvu/assert';
import { may, NAMESPACES, ROUTES, type Role } from '../../src/transport/access.js';
import { COOKIES } from '../../src/transport/identity.js';
import { createTokens } from '../../src/transport/tokens.js';
import type { TestApi } from '../support/api.js';
import { openRaw, type Raw, refusalIn } from '../support/raw.js';
import { served } from '../support/served.js';
import { SECRET, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('who may do what');

const YEAR = 365 * 86_400_000;
const ROLES: Role[] = ['anyone', 'participant', 'wall', 'organizer', 'owner'];
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

type Keys = {
  noso: string;
  pass: string;
  valid: Record<Role, string | null>;
  /** Tokens that are worth nothing, by what is wrong with them. */
  void: Record<string, string>;
};

/** A token for every role, and one for everything that can be wrong with a token. */
async function keysOf(api: TestApi): Promise<Keys> {
  const noso = await api.noso();
  const pass = await api.pass(noso.id);
  const number = await api.number(pass);
  const seat = await api.sit(number.token, pass);
  const wall = await api.wall(noso.venue.id);
  const organizer = await api.own<{ id: string; token: string }>('POST', '/api/organizers', {
    label: 'Odile',
  });
  const gone = await api.own<{ id: string; token: string }>('POST', '/api/organizers', {
    label: 'Solange',
  });
  await api.own('DELETE', `/api/organizers/${gone.id}`);
  const goneWall = await api.wall(noso.venue.id);
  await api.own('DELETE', `/api/walls/${goneWall.id}`);
  const past = createTokens([SECRET], () => Date.now() - 2 * YEAR);
  const other = createTokens(['another secret, as long as it has to be'], Date.now);
  const tokens = createTokens([SECRET], Date.now);
  const [head = '', body = ''] = api.token.split('.');
  const bodyOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as object;
  const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as object;
  const signed = (payload: unknown, alg = 'HS256') => {
    const text = `${encode({ ...header, alg })}.${encode(payload)}`;
    return `${text}.${createHmac('sha256', SECRET).update(text).digest('base64url')}`;
  };
  return {
    noso: noso.id,
    pass,
    valid: {
      anyone: null,
      participant: number.token,
      wall: wall.token,
      organizer: organizer.token,
      owner: api.token,
    },
    void: {
      'a revoked organizer’s': gone.token,
      'a revoked wall’s': goneWall.token,
      'an expired owner’s': past.owner(),
      'an expired number’s': past.number(4711),
      'an entry pass': pass,
      'a seat’s pass': seat.body.pass,
      'a sign-in link': tokens.link('link'),
      'of another secret': other.owner(),
      'of another audience': signed({ ...bodyOf(api.token), aud: 'admin' }),
      'of two audiences': signed({ ...bodyOf(api.token), aud: ['owner', 'number'] }),
      'of another algorithm': signed(bodyOf(api.token), 'HS512'),
      unsigned: `${encode({ ...header, alg: 'none' })}.${body}.`,
      'a key with another secret': organizer.token.replace(/.{4}$/, 'AAAA'),
      'a key without a secret': organizer.token.split('.').slice(0, 2).join('.'),
      'a wall’s id with an organizer’s key': organizer.token.replace(/^organizer/, 'wall'),
      'a number': number.number,
      nonsense: 'nonsense',
      'a prototype': 'wall.__proto__.x',
    },
  };
}

const addressOf = (path: string) => path.replace(/:\w+/g, 'nothing');
const routes = Object.entries(ROUTES).map(([route, needed]) => {
  const [method, path] = route.split(' ') as [string, string];
  return { route, method, path: addressOf(path), needed: needed as Role };
});
const call = (api: TestApi, method: string, path: string, token: string | null) =>
  api.call(method, path, /^(GET|HEAD|DELETE)$/.test(method) ? undefined : {}, token);

test(
  'F7 every route for every role: by the table, and nothing else',
  served(async (_, api) => {
    const keys = await keysOf(api);
    for (const { route, method, path, needed } of routes) {
      for (const role of ROLES) {
        const { status, body } = await call(api, method, path, keys.valid[role]);
        const what = `${route} by ${role}: ${status} ${JSON.stringify(body)}`;
        if (may(role, needed)) {
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
        const all = routes.map(async ({ route, method, path }) => {
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
  'F7 what is not in the table is not there, for anybody, in any spelling',
  served(async ({ url }, api) => {
    const known = new Set(routes.map(({ method, path }) => `${method} ${path}`));
    const paths = [...new Set(routes.map(({ path }) => path))];
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
  'F7 cookies are a token only with our own origin, or for what changes nothing',
  served(async ({ url, port }, api) => {
    const keys = await keysOf(api);
    const ask = async (method: string, path: string, cookie: string, origin?: string) => {
      const headers = { cookie, ...(origin === undefined ? {} : { origin }) };
      const sent = /GET|DELETE/.test(method) ? {} : { body: '{}' };
      return (await fetch(url + path, { method, headers, ...sent })).status;
    };
    const organizer = `x=y; ${COOKIES.organizer}=${keys.valid.organizer}`;
    const number = `${COOKIES.number}=${keys.valid.participant}; z`;
    for (const own of [url, `http://127.0.0.1:${port}`]) {
      assert.is(await ask('POST', '/api/venues', organizer, own), 400);
      assert.is(await ask('DELETE', `/api/presence/nothing`, number, own), 204);
    }
    for (const foreign of ['http://evil.example', 'null', `${url}.evil.example`, `${url}0`, '']) {
      assert.is(await ask('POST', '/api/venues', organizer, foreign), 401, foreign);
      assert.is(await ask('GET', '/api/venues', organizer, foreign), 401, foreign);
      assert.is(await ask('DELETE', '/api/presence/nothing', number, foreign), 401, foreign);
    }
    assert.is(await ask('POST', '/api/venues', organizer), 401, 'no origin, and a change');
    assert.is(await ask('GET', '/api/venues', organizer), 200, 'no origin, and no change');
    assert.is(await ask('GET', '/api/venues', number), 401, 'each cookie is for its own');
    assert.is(await ask('GET', '/api/nosos', `${COOKIES.organizer}=stale`), 200);
  }),
);

/** Every token against a namespace; what it is told. */
async function knock(server: TestServer, namespace: string, auth: object): Promise<string> {
  const raw = await openRaw(server.url);
  const answer = await raw.enter(namespace, auth);
  raw.close();
  return answer.startsWith('40') ? 'in' : refusalIn(answer).code;
}

test(
  'F7 every namespace for every role and every void token',
  served(async (server, api) => {
    const keys = await keysOf(api);
    for (const [namespace, { role: needed }] of Object.entries(NAMESPACES)) {
      const auth = (token: string | null) => ({
        ...(token === null ? {} : { token }),
        ...(namespace === '/phone' ? { pass: keys.pass } : {}),
      });
      for (const role of ROLES) {
        const wanted = may(role, needed) ? 'in' : role === 'anyone' ? 'unauthorized' : 'forbidden';
        const told = await knock(server, namespace, auth(keys.valid[role]));
        assert.is(told, wanted, `${namespace} by ${role}`);
      }
      for (const [name, token] of Object.entries(keys.void)) {
        const told = await knock(server, namespace, auth(token));
        assert.ok(
          ['unauthorized', 'rate_limited'].includes(told),
          `${namespace}, ${name}: ${told}`,
        );
      }
    }
    for (const namespace of ['/', '/admin', '/Phone', '/phone/x', '/__proto__', '/wall ']) {
      const raw = await openRaw(server.url);
      raw.send(`40${namespace === '/' ? '' : `${namespace},`}{"token":"${api.token}"}`);
      await until(() => raw.ended() !== null || raw.frames.some((frame) => /^4[14]/.test(frame)));
      assert.not.ok(
        raw.frames.some((frame) => /^42/.test(frame)),
        namespace,
      );
      raw.close();
    }
  }),
  { deadline: 60_000 },
);

test(
  'F7 every event in every namespace: only the table’s own are heard',
  served(async (server, api) => {
    const keys = await keysOf(api);
    const tokens = { participant: keys.valid.participant, wall: keys.valid.wall };
    const all = [...Object.values(NAMESPACES).flatMap(({ events }) => events), 'nosos', 'hello'];
    for (const [namespace, { role, events }] of Object.entries(NAMESPACES)) {
      const own = events as readonly string[];
      const token = role === 'organizer' ? keys.valid.organizer : tokens[role];
      const enter = async (): Promise<Raw> => {
        const raw = await openRaw(server.url);
        const pass = namespace === '/phone' ? { pass: keys.pass } : {};
        assert.match(await raw.enter(namespace, { token, ...pass }), /^40/, namespace);
        return raw;
      };
      for (const event of all.filter((each) => !own.includes(each))) {
        const raw = await enter();
        raw.send(`42${namespace},1["${event}"]`);
        await raw.end().catch(() => assert.unreachable(`${namespace} let ${event} pass`));
        assert.not.ok(raw.frames.some((frame) => frame.startsWith(`43${namespace}`)));
      }
      for (const event of own) {
        const raw = await enter();
        raw.send(`42${namespace},1["${event}"]`);
        const heard = () => raw.frames.some((frame) => frame.startsWith(`43${namespace},1[`));
        await until(heard, { what: `${namespace} to answer ${event}` });
        raw.close();
      }
    }
  }),
);

test(
  'F7 W8 a foreign origin is refused with 403, our own and none are fine, cookies need our own',
  served(async (server, api) => {
    const keys = await keysOf(api);
    const refused = async (headers: Record<string, string>) =>
      openRaw(server.url, { headers }).then(
        (raw) => raw.close(),
        (error: Error) => error.message,
      );
    for (const origin of ['http://evil.example', 'null', `${server.url}.evil.example`, 'file://']) {
      assert.match((await refused({ origin })) ?? 'let in', '403', origin);
    }
    const port = String(server.port);
    for (const origin of [server.url, `http://127.0.0.1:${port}`, `https://127.0.0.1:${port}`]) {
      assert.is(await refused({ origin }), undefined, origin);
    }
    const host = `noso.example:${port}`;
    assert.is(
      await refused({ host, origin: `http://${host}` }),
      undefined,
      'the request’s own host',
    );
    assert.match((await refused({ host, origin: 'http://noso.example' })) ?? 'let in', '403');
    assert.is(await refused({}), undefined, 'no browser');

    const cookie = `${COOKIES.number}=${keys.valid.participant}; noso_pass=${keys.pass}; ${COOKIES.organizer}=${keys.valid.organizer}`;
    const told = async (namespace: string, headers: Record<string, string>) => {
      const raw = await openRaw(server.url, { headers });
      const answer = await raw.enter(namespace);
      raw.close();
      return answer.startsWith('40') ? 'in' : refusalIn(answer).code;
    };
    assert.is(await told('/phone', { cookie }), 'unauthorized');
    assert.is(await told('/organizer', { cookie }), 'unauthorized');
    assert.is(await told('/phone', { cookie, origin: server.url }), 'in');
    assert.is(await told('/organizer', { cookie, origin: server.url }), 'in');
    assert.is(await told('/wall', { cookie, origin: server.url }), 'unauthorized');
  }),
);
