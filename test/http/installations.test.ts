import * as assert from 'uvu/assert';
import { apiOf, type TestApi } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { numberOf, visitorOf } from '../support/visitor.js';

const test = suite('two installations on one host');

type House = { server: TestServer; api: TestApi };

/** Two servers of different secrets on two ports: a browser has one jar for both. */
const twoOf =
  (work: (a: House, b: House) => Promise<void>): (() => Promise<void>) =>
  async () => {
    const servers: TestServer[] = [];
    try {
      for (const letter of ['a', 'b']) {
        servers.push(await startServer({ NOSO_SECRET: letter.repeat(40) }));
      }
      const [a, b] = servers.map((server) => ({ server, api: apiOf(server.url, server.owner) }));
      await work(a as House, b as House);
    } finally {
      for (const server of servers) await server.stop();
    }
  };

const open = async ({ api }: House) => {
  const noso = await api.noso();
  const { code } = await api.code(noso.id);
  const count = async () =>
    (await api.own<{ count: number }>('GET', `/api/nosos/${noso.id}`)).count;
  return { id: noso.id, code, count };
};

test(
  'A2 P8 one browser is one person at each of them, counted once, and again after a restart',
  twoOf(async (a, b) => {
    const jar = new Map<string, string>();
    const at = { a: await open(a), b: await open(b) };
    const there = {
      a: visitorOf(a.server.url, 'en', jar),
      b: visitorOf(b.server.url, 'en', jar),
    };
    const numbers = { a: '', b: '' };
    for (const each of ['a', 'b'] as const) {
      const invite = await there[each].get(`/j/${at[each].code}`);
      numbers[each] = numberOf(await there[each].send(invite, 'take'));
      assert.match(numbers[each], /^\d{6}$/);
    }
    for (const round of [1, 2]) {
      for (const each of ['a', 'b'] as const) {
        assert.is(numberOf(await there[each].get('/me')), numbers[each], `${each}, round ${round}`);
        const again = await there[each].get(`/j/${at[each].code}`);
        assert.is(numberOf(again), numbers[each], 'it is seated already');
        assert.is(await at[each].count(), 1);
      }
      await a.server.kill();
      await a.server.restart();
    }
  }),
  { deadline: 60_000 },
);

test(
  'A2 organizers stay signed in at both, in version 1’s cookie and in ours',
  twoOf(async (a, b) => {
    const jar = new Map<string, string>();
    const browser = async ({ server }: House, method: string, body?: object) => {
      const response = await fetch(`${server.url}/api/sign-in`, {
        method,
        headers: {
          cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
          origin: server.url,
          'content-type': 'application/json',
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (/Max-Age=0/.test(line)) jar.delete(name);
        else jar.set(name, value);
      }
      return response.status;
    };
    // Version 1 of the one signed somebody in: that moves, and the other does not touch it.
    jar.set('noso_organizer', a.server.owner);
    assert.is(await browser(b, 'GET'), 401);
    assert.is(jar.get('noso_organizer'), a.server.owner, 'not b’s to take');
    assert.is(await browser(a, 'GET'), 200);
    assert.not(jar.has('noso_organizer'));
    assert.is(await browser(b, 'POST', { key: b.server.owner }), 204);
    assert.is(await browser(a, 'GET'), 200);
    assert.is(await browser(b, 'GET'), 200);
    assert.is(jar.size, 2);
    assert.is(await browser(a, 'DELETE'), 204);
    assert.is(await browser(a, 'GET'), 401);
    assert.is(await browser(b, 'GET'), 200);
  }),
  { deadline: 40_000 },
);

test(
  'A2 whoever sat with version 1’s cookies goes on with the same seat',
  twoOf(async (a, b) => {
    const { id, code, count } = await open(a);
    const person = await a.api.person(id);
    const jar = new Map([
      ['noso_token', person.token],
      ['noso_pass', person.pass],
      ['noso_lang', 'fr'],
    ]);
    const elsewhere = visitorOf(b.server.url, 'en', jar);
    assert.is(numberOf(await elsewhere.get('/me')), '');
    assert.is(jar.get('noso_token'), person.token, 'not signed by b, left alone');
    const visitor = visitorOf(a.server.url, 'en', jar);
    const me = await visitor.get('/me');
    assert.is(numberOf(me), person.number);
    assert.match(me.html, '<html lang="fr"');
    assert.not(jar.has('noso_token'));
    assert.not(jar.has('noso_pass'));
    await visitor.send(await visitor.get(`/j/${code}`), 'take').catch(() => null);
    assert.is(await count(), 1);
    assert.is(numberOf(await visitor.get('/me')), person.number);
  }),
  { deadline: 40_000 },
);

test(
  'A2 under an https address cookies are __Host- and Secure, whatever Host says',
  async () => {
    const server = await startServer({ PUBLIC_URL: 'https://noso.example' });
    try {
      for (const host of ['noso.example', 'inside.example:8080']) {
        const { jar, get } = visitorOf(server.url);
        const { headers } = await get('/?lang=fr', { host });
        const [line = ''] = headers.getSetCookie();
        assert.match(line, /^__Host-noso_[0-9a-f]{12}_lang=fr;.*Path=\/;.*Secure/, host);
        assert.is(jar.size, 1);
      }
    } finally {
      await server.stop();
    }
  },
  { deadline: 20_000 },
);
