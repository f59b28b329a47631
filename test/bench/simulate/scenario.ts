// One scenario in a process of its own, so that its memory is its own. Started by simulate.ts.
import { realClock } from '../../../src/clock.js';
import { openEmbedded } from '../../../src/engine/embedded/openEmbedded.js';
import type { Engine } from '../../../src/engine/engine.js';
import { openRedis } from '../../../src/engine/redis/openRedis.js';
import { cpuMs } from '../load/phones.js';
import { pause, rssOf } from '../measure/proc.js';
import { type RedisFigures, spent, workOf } from '../measure/redis.js';
import { assertCounts, openNoso, seat } from './engine.js';

export type Scenario = {
  dataDir: string;
  /** The port of a Redis on 127.0.0.1, and its process; null: the embedded engine. */
  redis: { port: number; pid: number } | null;
  nosos: number;
  /** In each NoSo. */
  seats: number;
};

export type ScenarioFigures = {
  /** This process' CPU for a seat, µs: where 1,000 are seated, and where all are. */
  first: number;
  last: number;
  /** Of all seats on the way, µs. */
  fill: number;
  /** Resident memory of the process, MiB; and what it grew by, bytes a seat. */
  rss: number;
  bytesPerSeat: number;
  /** Reading the last 100 changes, and the count alone; CPU µs. */
  tail: number;
  /** What Redis did for a seat: CPU µs, scripts, reads; and the bytes that it grew by. */
  redis: (RedisFigures & { bytesPerSeat: number }) | null;
  /** From opening the engine anew until the largest NoSo has counted, s. */
  restart: number;
  /** From asking for the close of one NoSo until it is acknowledged, ms. */
  close: number;
};

const WARM = 30_000;
const SAMPLE = 5000;
const FIRST = 10_000_000;

const onError = (error: unknown) => console.error(error);
const open = ({ dataDir, redis }: Scenario): Promise<Engine> =>
  redis
    ? openRedis({ url: `redis://127.0.0.1:${redis.port}`, clock: realClock, onError })
    : openEmbedded({ dataDir, clock: realClock, onError });

/** CPU of this process for each of `times`, µs. */
async function cost(times: number, work: () => Promise<void>): Promise<number> {
  const before = cpuMs();
  await work();
  return ((cpuMs() - before) * 1000) / times;
}

async function settled(): Promise<number> {
  globalThis.gc?.();
  await pause(500);
  globalThis.gc?.();
  return rssOf([process.pid]);
}

async function run(scenario: Scenario): Promise<ScenarioFigures> {
  let engine = await open(scenario);
  const warm = await openNoso(engine);
  await seat(engine, [warm], WARM, FIRST);
  await engine.command(warm, { do: 'close', by: 'organizer' });

  const small = await openNoso(engine);
  await seat(engine, [small], 1000, FIRST);
  const first = await cost(SAMPLE, () => seat(engine, [small], SAMPLE, 20_000_000));

  const nosos: string[] = [];
  for (let index = 0; index < scenario.nosos; index += 1) nosos.push(await openNoso(engine));
  const before = await settled();
  const all = scenario.nosos * scenario.seats;
  const workBefore = scenario.redis && (await workOf(scenario.redis));
  const fill = await cost(all, () => seat(engine, nosos, all, FIRST));
  const workAfter = scenario.redis && (await workOf(scenario.redis));
  const redis =
    workBefore && workAfter
      ? {
          ...spent(workBefore, workAfter, all),
          bytesPerSeat: (workAfter.memory - workBefore.memory) / all,
        }
      : null;
  const rss = await settled();
  await assertCounts(engine, nosos, scenario.seats);
  const last = await cost(SAMPLE, () => seat(engine, nosos, SAMPLE, 30_000_000));

  const noso = nosos[0] as string;
  const { seq, count } = await engine.tail(noso, null);
  const tail = await cost(200, async () => {
    for (let k = 0; k < 200; k += 1) await engine.tail(noso, Math.max(0, seq - 100));
  });

  await engine.close();
  const stopped = performance.now();
  engine = await open(scenario);
  await assertCounts(engine, [noso], count);
  const restart = (performance.now() - stopped) / 1000;

  const asked = performance.now();
  await engine.command(noso, { do: 'close', by: 'organizer' });
  const close = performance.now() - asked;
  await engine.close();
  const bytesPerSeat = ((rss - before) * 1024) / all;
  return { first, last, fill, rss: rss / 1024, bytesPerSeat, tail, redis, restart, close };
}

process.once('disconnect', () => process.exit()); // whoever asked is gone
process.once('message', (scenario: Scenario) => {
  run(scenario).then(
    (figures) => process.send?.({ figures }, () => process.exit()),
    (error: Error) =>
      process.send?.({ error: error.stack ?? error.message }, () => process.exit(1)),
  );
});
