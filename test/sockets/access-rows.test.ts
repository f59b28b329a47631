import * as assert from 'uvu/assert';
import { NAMESPACES, ROUTES, type Role } from '../../src/service/access.js';
import { firstName } from '../../src/service/cookies.js';
import { keysOf } from '../support/keys.js';
import { locally } from '../support/local.js';
import { openRaw, refusalIn } from '../support/raw.js';
import { suite } from '../support/suite.js';

const test = suite('the access table decides');

/** The table, to be written in. */
const routes = ROUTES as Record<string, Role>;
const namespaces = NAMESPACES as unknown as Record<string, { role: Role; events: string[] }>;

/** A server whose table has other rows. */
const amended = (
  rows: { routes?: Record<string, Role>; namespaces?: typeof namespaces },
  work: Parameters<typeof locally>[0],
) => {
  return async () => {
    const before = { routes: { ...ROUTES }, namespaces: { ...NAMESPACES } };
    Object.assign(routes, rows.routes);
    Object.assign(namespaces, rows.namespaces);
    try {
      await locally(work)();
    } finally {
      Object.assign(routes, before.routes);
      Object.assign(namespaces, before.namespaces);
    }
  };
};

test(
  'F7 a row that says another role lets another role in, with its own cookie, over HTTP',
  amended(
    { routes: { 'GET /api/venues': 'participant', 'GET /api/nosos/:id': 'owner' } },
    async ({ api, url }) => {
      const { valid, noso } = await keysOf(api);
      const status = async (path: string, token: string | null) =>
        (await api.call('GET', path, undefined, token)).status;
      assert.is(await status('/api/venues', valid.participant), 200);
      assert.is(await status('/api/venues', valid.organizer), 403);
      assert.is(await status(`/api/nosos/${noso}`, valid.organizer), 403);
      assert.is(await status(`/api/nosos/${noso}`, null), 401);
      assert.is(await status(`/api/nosos/${noso}`, valid.owner), 200);
      const cookie = async (name: string, token: string | null) =>
        (await fetch(`${url}/api/venues`, { headers: { cookie: `${name}=${token}` } })).status;
      assert.is(await cookie(firstName('token'), valid.participant), 200);
      assert.is(await cookie(firstName('organizer'), valid.organizer), 401);
    },
  ),
);

test(
  'F7 a row that says another role, or other events, is what the doors of the sockets go by',
  amended(
    {
      namespaces: {
        '/wall': { role: 'wall', events: [] },
        '/organizer': { role: 'owner', events: [] },
        '/phone': { role: 'wall', events: ['leave'] },
      },
    },
    async ({ api, url }) => {
      const { valid, pass } = await keysOf(api);
      const knock = async (namespace: string, auth: object) => {
        const raw = await openRaw(url);
        const answer = await raw.enter(namespace, auth);
        return { raw, told: answer.startsWith('40') ? 'in' : refusalIn(answer).code };
      };
      for (const [namespace, auth, wanted] of [
        ['/organizer', { token: valid.organizer }, 'forbidden'],
        ['/organizer', { token: valid.owner }, 'in'],
        ['/phone', { token: valid.participant, pass }, 'forbidden'],
      ] as const) {
        const { raw, told } = await knock(namespace, auth);
        assert.is(told, wanted, `${namespace} with ${JSON.stringify(auth)}`);
        raw.close();
      }
      const { raw, told } = await knock('/wall', { token: valid.wall });
      assert.is(told, 'in');
      raw.send('42/wall,1["sync"]');
      await raw.end();
      assert.not.ok(
        raw.frames.some((frame) => frame.startsWith('43/wall')),
        'it was heard',
      );
    },
  ),
);
