import * as assert from 'uvu/assert';
import { NAMESPACES, type Role } from '../../src/service/access.js';
import { firstName } from '../../src/service/cookies.js';
import { MAY_CONNECT } from '../support/contract.js';
import { keysOf, ROLES } from '../support/keys.js';
import { openRaw, type Raw, refusalIn } from '../support/raw.js';
import { served } from '../support/served.js';
import type { TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('who may connect, and say what');

/** Every token against a namespace; what it is told. */
async function knock(
  server: TestServer,
  namespace: string,
  auth: object,
  from = '10.0.0.1',
): Promise<string> {
  const raw = await openRaw(server.url, { headers: { 'x-forwarded-for': from } });
  const answer = await raw.enter(namespace, auth);
  raw.close();
  return answer.startsWith('40') ? 'in' : refusalIn(answer).code;
}

test(
  'F7 A2 a token in the address of an upgrade, or in a header of it, opens no namespace',
  served(async (server, api) => {
    const keys = await keysOf(api);
    for (const [namespace, { roles }] of Object.entries(MAY_CONNECT)) {
      const token = keys.valid[roles[0] as Role] as string;
      const query = ['token', 'access_token', 'auth', 'key'].map((name) => `&${name}=${token}`);
      const headers = { authorization: `Bearer ${token}`, 'x-token': token };
      const raw = await openRaw(server.url, {
        query: `${query.join('')}&pass=${keys.pass}`,
        headers,
      });
      const answer = await raw.enter(namespace, {});
      assert.is(refusalIn(answer).code, 'unauthorized', namespace);
      raw.close();
    }
  }),
  { deadline: 40_000 },
);

test('F7 S1 the table of namespaces is the contract’s, row by row: who may connect, and say what', () => {
  const rows = Object.entries(NAMESPACES).map(([name, { role, events }]) => [name, role, events]);
  const contract = Object.entries(MAY_CONNECT).map(([name, { roles, says }]) => [
    name,
    // An owner may do whatever an organizer may.
    roles[0],
    says,
  ]);
  assert.equal(rows, contract);
});

test(
  'F7 every namespace for every role and every void token',
  served(
    async (server, api) => {
      const keys = await keysOf(api);
      assert.equal(Object.keys(NAMESPACES), Object.keys(MAY_CONNECT));
      for (const [namespace, { roles }] of Object.entries(MAY_CONNECT)) {
        const auth = (token: string | null) => ({
          ...(token === null ? {} : { token }),
          ...(namespace === '/phone' ? { pass: keys.pass } : {}),
        });
        for (const role of ROLES) {
          const wanted = roles.includes(role)
            ? 'in'
            : role === 'anyone'
              ? 'unauthorized'
              : 'forbidden';
          const told = await knock(server, namespace, auth(keys.valid[role]));
          assert.is(told, wanted, `${namespace} by ${role}`);
        }
        // Each token from an address of its own, so that none is limited for the others.
        for (const [k, [name, token]] of Object.entries(keys.void).entries()) {
          const told = await knock(server, namespace, auth(token), `10.0.1.${k}`);
          // What no token can be as long as is not read as one.
          const wanted = name === 'of more than 1 KiB' ? 'bad_request' : 'unauthorized';
          assert.is(told, wanted, `${namespace}, ${name}`);
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
    },
    { TRUST_PROXY: 'loopback' },
  ),
  { deadline: 60_000 },
);

test(
  'F7 every event in every namespace: only the table’s own are heard',
  served(async (server, api) => {
    const keys = await keysOf(api);
    const all = [...Object.values(MAY_CONNECT).flatMap(({ says }) => says), 'nosos', 'hello'];
    for (const [namespace, { roles, says: own }] of Object.entries(MAY_CONNECT)) {
      const token = keys.valid[roles[0] as Role];
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

    const cookie = `${firstName('token')}=${keys.valid.participant}; noso_pass=${keys.pass}; ${firstName('organizer')}=${keys.valid.organizer}`;
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
