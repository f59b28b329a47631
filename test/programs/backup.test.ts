import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import { apiOf, type TestApi } from '../support/api.js';
import { inFolder, program, run } from '../support/program.js';
import { DURABLE, startRedis } from '../support/redis.js';
import { SECRET, startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('backup and restore');

/** Once another second of the clock has begun that tokens are dated by. */
const nextSecond = () => new Promise((go) => setTimeout(go, 1001 - (Date.now() % 1000)));

/** What a house has that is to come back: a record, keys, a number that was kept, somebody who means to come. */
async function furnish(api: TestApi) {
  const noso = await api.noso();
  const { body } = await api.enter(noso.id, { keep: true });
  await Promise.all(Array.from({ length: 30 }, () => api.enter(noso.id)));
  const wall = await api.wall(noso.venue.id);
  const key = await api.own<{ token: string }>('POST', '/api/organizers', { label: 'Odile' });
  const kept = { number: body.seat.number, token: body.token };
  const hour = { startsAt: new Date(Date.now() + 3_600_000).toISOString() };
  const endsAt = new Date(Date.now() + 7_200_000).toISOString();
  const planned = await api.noso({ title: 'Plus tard', ...hour, endsAt }, false);
  const intent = await api.call('PUT', `/api/nosos/${planned.id}/intent`, undefined, kept.token);
  assert.is(intent.status, 200);
  const doors = `/api/nosos/${planned.id}/doors`;
  const door = await api.own<{ token: string }>('POST', doors, { name: 'Cour' });
  await api.own<Noso>('POST', `/api/nosos/${noso.id}/close`);
  const record = await api.record(noso.id);
  const cookie = await cookieOf(api);
  await nextSecond(); // a token of the same second as the copy may be of after it, and is refused
  return { noso, wall, key, door, planned, record, kept, cookie };
}

/** What an organizer's cookie is called there: the installation's id is in its name. */
async function cookieOf(api: TestApi): Promise<string> {
  const { headers } = await api.call('POST', '/api/sign-in', { key: api.token });
  const [name = ''] = (headers.get('set-cookie') ?? '').split('=');
  assert.match(name, /[0-9a-f]{12}/);
  return name;
}

/** That all of it is there. */
async function isBack(api: TestApi, had: Awaited<ReturnType<typeof furnish>>): Promise<void> {
  assert.equal(await api.record(had.noso.id), had.record);
  assert.is((await api.call('GET', '/api/venues', undefined, had.key.token)).status, 200);
  assert.is(await cookieOf(api), had.cookie, 'cookies of before are cookies of now');
  const planned = await api.own<Noso>('GET', `/api/nosos/${had.planned.id}`);
  assert.is(planned.intents, 0, 'nobody is in a copy who means to come');
  const clicks = await api.call('POST', '/api/door', { clicks: [] }, had.door.token);
  assert.is(clicks.body.code, 'not_open', 'the door is known');
  const next = await api.noso({ venue: had.noso.venue.id });
  const pass = await api.pass(next.id);
  const seat = await api.sit(had.kept.token, pass);
  assert.is(
    seat.body.number,
    had.kept.number,
    `a number that was kept is known: ${JSON.stringify(seat.body)}`,
  );
}

test(
  'A4 L5 a copy of a server at work comes back elsewhere, to the bit; what was given out since is void',
  () =>
    inFolder(async (folder) => {
      const file = join(folder, 'copy');
      const servers: TestServer[] = [];
      try {
        const server = await startServer();
        servers.push(server);
        const api = apiOf(server.url, server.owner);
        const had = await furnish(api);
        const env = { DATA_DIR: server.dataDir, NOSO_SECRET: SECRET };

        const made = await run('backup', env, file);
        assert.is(made.code, 0, made.said);
        assert.match(made.said, '31 drawn numbers');
        assert.match(made.said, 'NOSO_SECRET');
        assert.is((await stat(file)).mode & 0o777, 0o600);
        assert.not.match(await readFile(file, 'utf8'), SECRET);
        assert.is((await run('backup', env, file)).code, 1, 'what is there is not written over');
        const nowhere = await run('backup', env, join(folder, 'nowhere', 'copy'));
        assert.is(nowhere.code, 1);
        assert.match(nowhere.said, 'there is no such folder');

        await nextSecond();
        const later = await api.noso({ venue: had.noso.venue.id });
        const { body: since } = await api.enter(later.id, { keep: true });
        const refused = await run('backup', env, join(folder, 'open'));
        assert.is(refused.code, 1);
        assert.match(refused.said, 'A NoSo is open');
        assert.not(await stat(join(folder, 'open')).catch(() => null), 'no file is left');
        await server.kill();

        const there = join(folder, 'there');
        const restored = await run('restore', { DATA_DIR: there, NOSO_SECRET: SECRET }, file);
        assert.is(restored.code, 0, restored.said);
        assert.match(restored.said, /key +Odile/);
        assert.match(restored.said, /wall +Grande salle/);
        assert.match(restored.said, /door +Cour, Plus tard/);
        const again = await run('restore', { DATA_DIR: there, NOSO_SECRET: SECRET }, file);
        assert.is(again.code, 1, 'not into what is not empty');

        const heir = await startServer({}, { dataDir: there });
        servers.push(heir);
        const at = apiOf(heir.url, heir.owner);
        await isBack(at, had);
        // Posters of the house that it is a copy of say another address.
        await until(() => heir.output().includes('"MOVED: '), { what: heir.output() });
        const [open] = (await at.own<{ nosos: Noso[] }>('GET', '/api/nosos?state=open')).nosos;
        const pass = await at.pass((open as Noso).id);
        assert.is((await at.sit(since.token, pass)).status, 401, 'given out after the copy');
        await at.own('POST', `/api/nosos/${(open as Noso).id}/close`);

        // What was refused once stays so through the next copy.
        const second = await run(
          'backup',
          { DATA_DIR: there, NOSO_SECRET: SECRET },
          join(folder, '2'),
        );
        assert.is(second.code, 0, second.said);
        const [head] = (await readFile(join(folder, '2'), 'utf8')).split('\n');
        assert.is(JSON.parse(head as string).windows.length, 1);
      } finally {
        for (const server of servers) await server.stop();
      }
    }),
  { deadline: 90_000 },
);

test('the generated secret is in the copy, and comes back; what is damaged does not', () =>
  inFolder(async (folder) => {
    const [from, to, file] = ['from', 'to', 'copy'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const cli = program('cli', { DATA_DIR: from }, ['link']);
    assert.is(await cli.ended, 78, 'nothing is made up before the first start');
    const server = program('main', { DATA_DIR: from, PORT: '0', HOST: '127.0.0.1' });
    await server.says(/What is on/);
    await server.kill();
    const made = await run('backup', { DATA_DIR: from }, file);
    assert.is(made.code, 0, made.said);
    assert.match(made.said, 'guard it');
    const secret = await readFile(join(from, 'secret'), 'utf8');
    const text = await readFile(file, 'utf8');
    assert.match(text, secret);

    const torn = join(folder, 'torn');
    await writeFile(torn, text.replace(secret, secret.split('').reverse().join('')));
    const damaged = await run('restore', { DATA_DIR: to }, torn);
    assert.is(damaged.code, 1);
    assert.match(damaged.said, 'damaged, or not whole');
    const whole = await run('restore', { DATA_DIR: to }, file);
    assert.is(whole.code, 0);
    assert.not.match(whole.said, 'NOSO_SECRET');
    for (const [NOSO_SECRET, void_] of [
      [SECRET, true],
      [`${SECRET},${secret}`, false],
    ] as const) {
      const env = { DATA_DIR: `${to}-${void_}`, NOSO_SECRET };
      const { said } = await run('restore', env, file);
      assert.is(/is another than what signed then/.test(said), void_, said);
    }
    assert.is(await readFile(join(to, 'secret'), 'utf8'), secret);
    assert.is((await stat(join(to, 'secret'))).mode & 0o777, 0o600);
  }));

test(
  'A4 L4 L5 the same over Redis, and what is left of a NoSo that closed is waited for',
  () =>
    inFolder(async (folder) => {
      const file = join(folder, 'copy');
      const [one, other] = [await startRedis(DURABLE), await startRedis(DURABLE)];
      const servers: TestServer[] = [];
      try {
        const server = await startServer({ REDIS_URL: one.url });
        servers.push(server);
        const had = await furnish(apiOf(server.url, server.owner));
        // As if a node had died amidst the close.
        await one.ask((client) => client.hset(`noso:{${had.noso.id}}:seats`, '123456', '1:1'));
        const making = program('backup', { REDIS_URL: one.url, NOSO_SECRET: SECRET }, [file]);
        await until(() => making.stderr().includes('Waiting'), { what: 'it to wait' });
        await one.ask((client) => client.unlink(`noso:{${had.noso.id}}:seats`));
        assert.is(await making.ended, 0, making.stderr());
        const env = { REDIS_URL: other.url, NOSO_SECRET: SECRET };
        const restored = await run('restore', env, file);
        assert.is(restored.code, 0, restored.said);
        assert.is((await run('restore', env, file)).code, 1, 'not into what is not empty');
        const heir = await startServer({ REDIS_URL: other.url });
        servers.push(heir);
        await isBack(apiOf(heir.url, heir.owner), had);
      } finally {
        for (const server of servers) await server.stop();
        await one.stop();
        await other.stop();
      }
    }),
  { deadline: 90_000 },
);
