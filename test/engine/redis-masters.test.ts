import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import type { Engine } from '../../src/engine/engine.js';
import { newStoreId } from '../../src/engine/redis/bringUp.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { SHARES, shareOf } from '../../src/engine/redis/shares.js';
import { ownPrefix, type Server, startRedis } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { healed } from './healing.js';

const test = suite('Redis engine: two masters at once');

/** A master and its replica. */
async function withTwo(
  settings: string[],
  play: (master: Server, replica: Server) => Promise<void>,
): Promise<void> {
  const master = await startRedis([...settings, 'repl-diskless-sync-delay 0']);
  const replica = await startRedis([`replicaof 127.0.0.1 ${master.port}`]);
  try {
    const linked = () => replica.ask((redis) => redis.info('replication'));
    await until(async () => (await linked()).includes('master_link_status:up'));
    // A master that wants a replica's word writes once it has heard it.
    const writes = () => master.ask((redis) => redis.set('written', 1)).then(Boolean, () => false);
    await until(writes, { what: 'the master to write' });
    await play(master, replica);
  } finally {
    await Promise.all([master.stop(), replica.stop()]);
  }
}

async function drawMany(engine: Engine, count: number): Promise<number[]> {
  const numbers: number[] = [];
  await healed(() => engine.draw(1, null).then((some) => numbers.push(...some)));
  while (numbers.length < count) numbers.push(...(await engine.draw(250, null)));
  return numbers;
}

test(
  'A4 P2 a master that was replaced and does not know draws no number that the new one draws',
  () =>
    withTwo([], async (master, replica) => {
      const prefix = ownPrefix();
      const open = (server: Server) => openRedis({ url: server.url, clock: realClock, prefix });
      const first = await open(master);
      const before = await drawMany(first, 500);
      await first.close();
      // Who comes now knows of no replica that it should hear (masterFence.ts).
      const old = await open(master);
      try {
        const known = async () => {
          const [here, there] = await Promise.all(
            [master, replica].map((server) =>
              server.ask((redis) => redis.get(`${prefix}{catalogue}:drawn`)),
            ),
          );
          return here === there;
        };
        await until(known);
        // The new master is elected; the old one hears of nothing.
        await replica.ask((redis) => redis.replicaof('NO', 'ONE'));
        const fresh = await open(replica);
        try {
          // Without shares some 10 of each other's would be expected.
          const [here, there] = await Promise.all([drawMany(old, 3000), drawMany(fresh, 3000)]);
          const all = [...before, ...here, ...there];
          assert.is(new Set(all).size, all.length, 'no two strangers hold one number');
        } finally {
          await fresh.close();
        }
      } finally {
        await old.close();
      }
    }),
  { deadline: 60_000 },
);

test('A3 a share is no matter of digits, and each is as large as the others', () => {
  const store = newStoreId();
  const counts = Array.from({ length: SHARES }, () => 0);
  const lasts = new Map<string, number>();
  for (let number = 100_000; number < 140_000; number += 1) {
    const share = shareOf(store, number);
    counts[share] = (counts[share] ?? 0) + 1;
    const key = `${share} ${number % 10}`;
    lasts.set(key, (lasts.get(key) ?? 0) + 1);
  }
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 500, counts.join());
  for (const [key, count] of lasts) assert.ok(Math.abs(count - 1000) < 200, `${key}: ${count}`);
  const other = newStoreId();
  const differ = Array.from({ length: 50 }, (_, k) => shareOf(store, k) !== shareOf(other, k));
  assert.ok(differ.includes(true), 'and of the store');
});

/** What a start says of a master with a replica. */
async function warnings(settings: string[]): Promise<string[]> {
  const said: string[] = [];
  await withTwo(settings, async (master) => {
    const warn = (what: string) => said.push(what);
    const prefix = ownPrefix();
    await (await openRedis({ url: master.url, clock: realClock, prefix, warn })).close();
  });
  return said.filter((each) => each.includes('min-replicas'));
}

test('F8 a master that would say yes to nobody in particular is said so at the start', async () => {
  assert.match((await warnings([])).join(), 'min-replicas-to-write 0');
  const lax = ['min-replicas-to-write 1', 'min-replicas-max-lag 60'];
  assert.match((await warnings(lax)).join(), 'for 60 s');
  assert.equal(await warnings(['min-replicas-to-write 1', 'min-replicas-max-lag 2']), []);
});
