import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { documentsOf, drawnOf, type Side } from '../../src/programs/everything.js';
import type { Seat } from '../../src/protocol/wire.js';
import { apiOf, type TestApi } from '../support/api.js';
import { machineTime } from '../support/machineTime.js';
import { inFolder, run } from '../support/program.js';
import { DURABLE, startRedis } from '../support/redis.js';
import { SECRET, startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('a backup under load');

/** A store to copy from or to: how programs are told of it, and how it is opened once nobody serves there. */
type Place = { env: Record<string, string>; open: () => Promise<Side>; stop: () => Promise<void> };

const PLACES: Record<'files' | 'redis', () => Promise<Place>> = {
  async files() {
    const dataDir = await mkdtemp(join(tmpdir(), 'noso-test-'));
    return {
      env: { DATA_DIR: dataDir, NOSO_SECRET: SECRET },
      open: () => openEmbedded({ dataDir, clock: realClock }),
      stop: () => rm(dataDir, { recursive: true, force: true }),
    };
  },
  async redis() {
    const { url, stop } = await startRedis(DURABLE);
    return {
      env: { REDIS_URL: url, NOSO_SECRET: SECRET },
      open: () => openRedis({ url, clock: realClock, prefix: 'noso:' }),
      stop,
    };
  },
};

/** A minute's joins are at least so many, in the time that the machine gives. */
const JOINS = 5000;

/** People who come in as fast as they are let in. */
function crowd(api: TestApi, noso: string) {
  let seated = 0;
  let stopped = false;
  const people = Array.from({ length: 8 }, async () => {
    while (!stopped) if ((await api.enter(noso)).status === 201) seated += 1;
  });
  return {
    seated: () => seated,
    async stop() {
      stopped = true;
      await Promise.all(people);
    },
  };
}

/** That one holds what the other did at some instant not before `least` had sat down, bit by bit. */
async function isAnInstantOf(copy: Side, source: Side, id: string, least: number): Promise<void> {
  const [there, here] = [await copy.tail(id, 0), await source.tail(id, 0)];
  const changes = there.changes ?? [];
  assert.ok(changes.length >= least, `${changes.length} of ${least} that were acknowledged`);
  assert.equal(changes, (here.changes ?? []).slice(0, changes.length));
  assert.equal([there.seq, there.count], [changes.length, changes.length]);
  const { numbers } = await copy.seats(id, copy.now());
  for (const number of numbers.slice(0, 200)) {
    assert.equal(await copy.seat(id, number), await source.seat(id, number));
  }
  const [drawn, known] = [await drawnOf(copy), await drawnOf(source)];
  assert.ok(numbers.every((number) => drawn.has(number)) && drawn.size >= numbers.length);
  assert.ok([...drawn].every((number) => known.has(number)));
  const plain = async (side: Side) =>
    (await documentsOf(side)).map(({ kind, id, document }) => ({ kind, id, document }));
  assert.equal(await plain(copy), await plain(source));
}

for (const kind of ['files', 'redis'] as const) {
  test(
    `P1 F5 ${kind}: under ${JOINS} joins a minute a copy with numbers is of one instant, and comes back elsewhere to the bit`,
    () =>
      inFolder(async (folder) => {
        const file = join(folder, 'copy');
        const [from, to, other] = await Promise.all([
          PLACES[kind](),
          PLACES[kind](),
          PLACES[kind === 'files' ? 'redis' : 'files'](),
        ]);
        const servers: TestServer[] = [];
        try {
          const server = await startServer(from.env);
          servers.push(server);
          const api = apiOf(server.url, server.owner);
          const noso = await api.noso({ capacity: 50_000 });
          const { body } = await api.enter(noso.id);
          const joins = crowd(api, noso.id);
          await until(() => joins.seated() > 50, { what: 'people' });
          const [before, at] = [joins.seated(), machineTime()];
          const made = await run('backup', from.env, file, '--with-numbers');
          const rate = ((joins.seated() - before) / (machineTime() - at)) * 60_000;
          await joins.stop();
          assert.is(made.code, 0, made.said);
          assert.ok(rate >= JOINS, `${rate} joins a minute`);
          await server.kill();

          const elsewhere = await run('restore', other.env, file);
          assert.is(elsewhere.code, 1, 'seats go back into what they were in');
          assert.match(elsewhere.said, 'only');
          const restored = await run('restore', to.env, file);
          assert.is(restored.code, 0, restored.said);
          const [source, copy] = [await from.open(), await to.open()];
          try {
            await until(() => copy.tail(noso.id, null).catch(() => null), { what: 'it to settle' });
            await isAnInstantOf(copy, source, noso.id, before);
          } finally {
            await source.close();
            await copy.close();
          }
          const heir = await startServer(to.env);
          servers.push(heir);
          const path = `/api/presence/${noso.id}`;
          const heard = apiOf(heir.url, heir.owner);
          const seat = await heard.call<Seat>('GET', path, undefined, body.token);
          assert.equal([seat.body.number, seat.body.since], [body.seat.number, body.seat.since]);
          assert.is((await heard.enter(noso.id)).status, 201, 'and people go on coming');
        } finally {
          for (const server of servers) await server.stop();
          for (const place of [from, to, other]) await place.stop();
        }
      }),
    { deadline: 120_000 },
  );
}
