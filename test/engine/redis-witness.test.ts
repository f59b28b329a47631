import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import type { Taken } from '../../src/domain/seating.js';
import { newStoreId } from '../../src/engine/redis/bringUp.js';
import { catalogueKeys, keysOf } from '../../src/engine/redis/keys.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { ANEW } from '../../src/engine/redis/scripts/witnessLua.js';
import { ownPrefix, type Server, startRedis } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { asking, newVenue, opened, planned, refused, seated } from './contract/cast.js';
import { healed, pairOf, quietNode } from './healing.js';

const test = suite('Redis engine: a store that holds less than it did');

/** Snapshots when told to, and nothing else. */
const SNAPSHOTS = ['appendonly no', 'save ""'];

const decide = (server: Server, prefix: string) =>
  server.ask((client) => {
    const keys = catalogueKeys(keysOf(prefix));
    return client.eval(ANEW.lua, keys.length, ...keys, newStoreId());
  });

test(
  'P1 A4 F8 a Redis that comes back empty serves nobody until somebody decides',
  async () => {
    const server = await startRedis(SNAPSHOTS);
    const prefix = ownPrefix();
    const errors: string[] = [];
    const onError = (error: unknown) => errors.push((error as Error).message);
    const open = () => openRedis({ url: server.url, clock: realClock, prefix, onError });
    const nodes = await Promise.all([open(), open()]);
    const [one, two] = nodes;
    try {
      const id = await opened(one);
      const [who] = (await seated(one, id, 30)) as [Taken];
      const sits = async () => assert.is((await two.tail(id, null)).count, 30);
      await sits();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await server.kill();
      await server.restart();
      const answers = new Set<string>();
      const ask = async (work: Promise<unknown>) => {
        answers.add(
          await work.then(
            () => 'granted',
            (error: { code: string }) => error.code,
          ),
        );
      };
      const began = realClock.steady();
      while (realClock.steady() < began + 4000) {
        for (const node of nodes) {
          await ask(node.take(id, asking(node, who.number)));
          await ask(node.seat(id, who.number));
          await ask(node.tail(id, null));
          await ask(node.changesSince(0));
          await ask(node.draw(1));
          await ask(node.command(id, { do: 'close', by: 'organizer' }));
          await ask(node.rehearse());
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      assert.equal([...answers], ['unavailable'], 'nobody is told that there is no such NoSo');
      const said = errors.filter((each) => /does not hold what it held.*npm run anew/.test(each));
      assert.ok(said.length >= 1, errors.join('\n'));
      const late = await open().then(
        () => 'it started',
        (error: Error) => error.message,
      );
      assert.match(late, /holds less than it did.*npm run anew/);

      assert.is(await decide(server, prefix), 1);
      await healed(() => Promise.all(nodes.map((node) => node.changesSince(0))));
      for (const node of nodes) {
        assert.equal((await node.changesSince(0)).changes, []);
        await refused(node.take(id, asking(node, who.number)), 'not_found');
      }
      const other = await opened(two);
      await seated(one, other, 3);
      assert.is((await two.tail(other, null)).count, 3);
      await (await open()).close();
      assert.is(await decide(server, prefix), 0, 'nothing is missed any more');
    } finally {
      await Promise.all(nodes.map((node) => node.close()));
      await server.stop();
    }
  },
  { deadline: 40_000 },
);

/** A node that has known a store for more than a minute, and what there was of it before. */
const known = (
  lose: (pair: Parameters<Parameters<typeof pairOf>[0]>[0]) => Promise<void>,
  what: string,
) =>
  pairOf(async (pair) => {
    const { server, prefix, two } = pair;
    const keys = keysOf(prefix);
    await pair.one.draw(5);
    const all = [...catalogueKeys(keys).slice(0, 5), keys.drawn];
    const dumps = await server.ask((redis) => Promise.all(all.map((k) => redis.dumpBuffer(k))));
    await lose(pair);
    await two.witness.check();
    two.pass(61_000);
    await two.witness.check();
    two.witness.assertWhole();
    await server.ask(async (redis) => {
      for (const [k, dump] of dumps.entries()) {
        if (dump) await redis.restore(all[k] as string, 0, dump, 'REPLACE');
        else await redis.del(all[k] as string);
      }
    });
    await two.witness.check();
    await refused(
      Promise.resolve().then(() => two.witness.assertWhole()),
      'unavailable',
    );
    await refused(pair.one.changesSince(0), 'unavailable');
    const late = await openRedis({ url: server.url, clock: realClock, prefix }).then(
      () => 'it started',
      (error: Error) => error.message,
    );
    assert.match(late, what);
    assert.is(await decide(server, prefix), 1);
    await two.witness.check();
    two.witness.assertWhole();
    assert.ok(two.witness.beganAnew());
  });

test(
  'A4 an older copy that lacks documents is not taken for the store',
  known(async ({ one }) => void (await planned(one)), 'npm run anew'),
);

test(
  'A4 an older copy that lacks drawn numbers is not taken for the store',
  known(async ({ one }) => void (await one.draw(50)), 'npm run anew'),
);

test(
  'P1 what a failover loses is of the last moments, and is not what this is about',
  pairOf(async ({ server, prefix, one, two }) => {
    await two.witness.check();
    two.pass(61_000);
    await two.witness.check();
    const { revision } = keysOf(prefix);
    const before = await server.ask((redis) => redis.get(revision));
    const venue = newVenue();
    await one.save('venue', venue.id, venue);
    await two.witness.check();
    await server.ask((redis) => redis.set(revision, before ?? '0'));
    await two.witness.check();
    two.witness.assertWhole();
  }),
);

test(
  'L1 a founding never has an epoch that was there before',
  pairOf(async ({ server, prefix, one }) => {
    const id = await opened(one);
    const { state } = keysOf(prefix).noso(id);
    const epochs = new Set<number>();
    for (let k = 1; k <= 20; k += 1) {
      // Each time another process, which knows of no epoch.
      const node = await quietNode(server.url, prefix);
      await server.ask((redis) => redis.del(state));
      await node.lifecycle.revive(id);
      epochs.add(Number(await server.ask((redis) => redis.hget(state, 'epoch'))));
      node.close();
      assert.is(epochs.size, k);
    }
    await until(() =>
      one.tail(id, null).then(
        () => true,
        () => false,
      ),
    );
  }),
);
