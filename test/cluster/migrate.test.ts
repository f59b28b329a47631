import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import { apiOf, type TestApi } from '../support/api.js';
import { DURABLE, startRedis } from '../support/redis.js';
import { SECRET, startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';

const test = suite('moving between the engines');
const MIGRATE = fileURLToPath(new URL('../../src/programs/migrate.js', import.meta.url));

/** What an organizer's cookie is called: the installation's id is in its name. */
async function cookieOf(api: TestApi): Promise<string> {
  const { headers } = await api.call('POST', '/api/sign-in', { key: api.token });
  const [name = ''] = (headers.get('set-cookie') ?? '').split('=');
  assert.match(name, /[0-9a-f]{12}/);
  return name;
}

/** Runs the command; resolves with its exit code and what it said. */
function migrate(
  to: string,
  dataDir: string,
  redis: string,
): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MIGRATE, '--to', to], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir, REDIS_URL: redis, NOSO_SECRET: SECRET },
    });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
    });
    child.stderr.on('data', (data) => {
      said += data;
    });
    child.on('close', (code) => resolve({ code: code ?? -1, said }));
  });
}

test(
  'A4 L5 venues, NoSos, records, keys, walls and drawn numbers move to Redis and back, and an open NoSo is refused',
  async () => {
    const redis = await startRedis(DURABLE);
    const back = await mkdtemp(join(tmpdir(), 'noso-back-'));
    const servers: TestServer[] = [];
    try {
      const embedded = await startServer();
      servers.push(embedded);
      const api = apiOf(embedded.url, embedded.owner);
      const noso = await api.noso();
      const people = await Promise.all(
        Array.from({ length: 40 }, async () => {
          const { body } = await api.enter(noso.id, { keep: true });
          return { number: body.seat.number, token: body.token };
        }),
      );
      const wall = await api.wall(noso.venue.id);
      const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
      const { id: series } = await api.own<{ id: string }>('POST', '/api/series', {
        ...{ venue: noso.venue.id, title: 'Rien', startsAt: inMs(86_400_000), minutes: 30 },
        rule: 'FREQ=WEEKLY',
      });
      const { evenings } = await api.own<{ evenings: object[] }>('GET', `/api/series/${series}`);
      const soon = { startsAt: inMs(3_600_000), endsAt: inMs(7_200_000), venue: noso.venue.id };
      const planned = await api.noso(soon, false);
      const { token: coming } = people[0] as { token: string };
      await api.call('PUT', `/api/nosos/${planned.id}/intent`, undefined, coming);
      const key = await api.own<{ token: string }>('POST', '/api/organizers', { label: 'Odile' });
      const cookie = await cookieOf(api);
      await embedded.kill();

      const refused = await migrate('redis', embedded.dataDir, redis.url);
      assert.is(refused.code, 64, refused.said);
      assert.match(refused.said, 'open');

      await embedded.restart();
      await api.own('POST', `/api/nosos/${noso.id}/close`);
      const record = await api.record(noso.id);
      await embedded.kill();
      const moved = await migrate('redis', embedded.dataDir, redis.url);
      assert.is(moved.code, 0, moved.said);
      assert.match(moved.said, '40  drawn numbers');
      const again = await migrate('redis', embedded.dataDir, redis.url);
      assert.is(again.code, 64, 'there is something there already');

      const node = await startServer({ REDIS_URL: redis.url });
      servers.push(node);
      const there = apiOf(node.url, node.owner);
      assert.equal(await there.record(noso.id), record);
      assert.is((await there.call('GET', '/api/venues', undefined, key.token)).status, 200);
      const { walls } = await there.own<{ walls: { id: string }[] }>(
        'GET',
        `/api/venues/${noso.venue.id}/walls`,
      );
      assert.is(walls[0]?.id, wall.id);
      assert.is(await cookieOf(there), cookie, 'cookies of before are cookies of now');
      const read = await there.own<{ evenings: object[] }>('GET', `/api/series/${series}`);
      assert.equal(read.evenings, evenings, 'what comes again does');
      const will = () => there.own<Noso>('GET', `/api/nosos/${planned.id}`);
      assert.is((await will()).intents, 1, 'who means to come does so there');
      await there.call('DELETE', `/api/nosos/${planned.id}/intent`, undefined, coming);
      assert.is((await will()).intents, 0, 'and may not after all');
      await there.call('PUT', `/api/nosos/${planned.id}/intent`, undefined, coming);
      const next = await there.noso({ venue: noso.venue.id });
      const nextPass = await there.pass(next.id);
      const fresh = await there.people(next.id, 60);
      const old = new Set(people.map(({ number }) => number));
      assert.not.ok(
        fresh.some(({ number }) => old.has(number)),
        'a number was drawn twice',
      );
      const seat = await there.sit(people[0]?.token as string, nextPass);
      assert.is(seat.body.number, people[0]?.number, 'a number is known again');
      await there.own<Noso>('POST', `/api/nosos/${next.id}/close`);
      await node.kill();

      const home = await migrate('embedded', back, redis.url);
      assert.is(home.code, 0, home.said);
      assert.match(home.said, '100  drawn numbers');
      assert.match(home.said, '1  intent\n');
    } finally {
      for (const server of servers) await server.stop();
      await redis.stop();
      await rm(back, { recursive: true, force: true });
    }
  },
  { deadline: 60_000 },
);
