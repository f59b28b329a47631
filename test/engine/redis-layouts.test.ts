import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import type { Taken } from '../../src/domain/seating.js';
import type { Engine } from '../../src/engine/engine.js';
import { CATALOGUE, versionOf } from '../../src/engine/layouts.js';
import { keysOf } from '../../src/engine/redis/keys.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { ownPrefix, type Server, shared, startAlone } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { asking, newVenue, opened, refused, seated } from './contract/cast.js';

const test = suite('Redis engine: versions of what is stored');
const redis = shared(() => startAlone());
const KNOWN = versionOf(CATALOGUE);

async function scene(
  play: (scene: {
    server: Server;
    prefix: string;
    errors: string[];
    engine: Engine;
    open: () => Promise<Engine>;
  }) => Promise<void>,
): Promise<void> {
  const [server] = (await redis()).servers as [Server];
  const prefix = ownPrefix();
  const errors: string[] = [];
  const onError = (error: unknown) => errors.push((error as Error).message);
  const open = () => openRedis({ url: server.url, clock: realClock, prefix, onError });
  const engine = await open();
  try {
    await play({ server, prefix, errors, engine, open });
  } finally {
    await engine.close();
  }
}

/** Everything that is kept under a prefix. */
const kept = (server: Server, prefix: string) =>
  server.ask(async (client) => {
    const keys = (await client.keys(`${prefix}*`)).sort();
    return Promise.all(
      keys.map(async (key) => [key, (await client.dumpBuffer(key))?.toString('hex')]),
    );
  });

const failure = (work: Promise<Engine>): Promise<string> =>
  work.then(
    () => assert.unreachable('it started') as never,
    (error: unknown) => (error as Error).message,
  );

test('U1 the version is written before anything else is', () =>
  scene(async ({ server, prefix }) => {
    const { state } = keysOf(prefix);
    const versions = await server.ask((client) => client.hmget(state, 'layout', 'live'));
    assert.is(Number(versions[0]), KNOWN);
    assert.ok(Number(versions[1]) >= 1);
  }));

for (const field of ['layout', 'live']) {
  test(`U1 keys of a later version (${field}) are refused by their name, untouched`, () =>
    scene(async ({ server, prefix, engine, open }) => {
      await seated(engine, await opened(engine), 2);
      await engine.close();
      const { state } = keysOf(prefix);
      await server.ask((client) => client.hset(state, field, 99));
      const before = await kept(server, prefix);
      const message = await failure(open());
      assert.match(message, `${state} is of version 99`);
      assert.match(message, /this one knows \d+$/);
      assert.equal(await kept(server, prefix), before);
    }));
}

test('U1 a node that a later version overtakes takes no part any more, and says so', () =>
  scene(async ({ server, prefix, errors, engine }) => {
    const venue = newVenue();
    const { state } = keysOf(prefix);
    await server.ask((client) => client.hset(state, 'layout', 99));
    const before = await kept(server, prefix);
    await refused(engine.save('venue', venue.id, venue), 'unavailable');
    await refused(engine.draw(1), 'unavailable');
    await refused(engine.changesSince(0), 'unavailable');
    await refused(engine.spend('once', engine.now() + 1000), 'unavailable');
    assert.equal(await kept(server, prefix), before);
    assert.ok(
      errors.some((each) => each.includes(`${state} is of version 99`)),
      errors.join(),
    );
  }));

test('U1 an open NoSo that a later version has been at is left to it', () =>
  scene(async ({ server, prefix, engine }) => {
    const id = await opened(engine);
    const [one] = (await seated(engine, id, 2)) as [Taken, Taken];
    const { state } = keysOf(prefix).noso(id);
    await server.ask((client) => client.hset(state, 'layout', 99));
    const keys = await kept(server, `${prefix}{${id}}`);
    await refused(engine.take(id, asking(engine, one.number)), 'unavailable');
    await refused(engine.leave(id, one.number, 1), 'unavailable');
    await refused(engine.tail(id, null), 'unavailable');
    await refused(engine.command(id, { do: 'close', by: 'organizer' }), 'unavailable');
    assert.equal(await kept(server, `${prefix}{${id}}`), keys);
  }));

test('U1 keys without a version are of version 1, and are brought up', () =>
  scene(async ({ server, prefix, engine, open }) => {
    const id = await opened(engine);
    const people = await seated(engine, id, 3);
    await engine.close();
    const keys = keysOf(prefix);
    await server.ask(async (client) => {
      await client.hdel(keys.state, 'layout', 'live');
      await client.hdel(keys.noso(id).state, 'layout');
      const [number = '', json = ''] =
        /^(\d+):(.*)$/.exec((await client.hget(keys.documents, `noso:${id}`)) ?? '')?.slice(1) ??
        [];
      const { v: _, ...document } = JSON.parse(json);
      await client.hset(keys.documents, `noso:${id}`, `${number}:${JSON.stringify(document)}`);
    });
    const again = await open();
    try {
      for (const each of people) {
        assert.equal(await again.take(id, asking(again, each.number)), each);
      }
      const version = await server.ask((client) => client.hget(keys.state, 'layout'));
      assert.is(Number(version), KNOWN);
      assert.is((await again.command(id, { do: 'close', by: 'organizer' })).life.is, 'closed');
    } finally {
      await again.close();
    }
  }));

test('F9 a document that is none is told of, and takes no other along', () =>
  scene(async ({ server, prefix, errors, engine }) => {
    const [good, bad] = [newVenue(), newVenue()];
    await engine.save('venue', good.id, good);
    await engine.save('venue', bad.id, bad);
    const { documents } = keysOf(prefix);
    await server.ask((client) => client.hset(documents, `venue:${bad.id}`, '1:{"id":7}'));
    const { changes } = await engine.changesSince(0);
    assert.equal(
      changes.map((each) => each.id),
      [good.id],
    );
    assert.ok(
      errors.some((each) => each.includes(`venue ${bad.id}: id is not a text`)),
      errors.join(),
    );
  }));
