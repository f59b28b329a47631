import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { readBeside } from '../../src/engine/embedded/beside.js';
import { type Relay, startRelay } from '../chaos/relay.js';
import { filesIn } from '../engine/folder.js';
import { apiOf, type Reply, type TestApi } from '../support/api.js';
import { startNodes } from '../support/cluster.js';
import { dumpKeys } from '../support/keyspace.js';
import { DURABLE, startRedis } from '../support/redis.js';
import { startServer, type TestServer } from '../support/server.js';

/** Where an evening is held: one process on files, or three over a Redis. */
export type House = {
  nodes: TestServer[];
  apis: TestApi[];
  /** An entrance whose line can be cut, and whose answers can be lost. */
  entrance: Relay & { api: TestApi };
  /** Everything that is stored, as text, and whose logs, or which keys, are of this open NoSo alone. */
  stored: (noso: string) => Promise<{ text: string; live: string[] }>;
  stop: () => Promise<void>;
};

async function houseOf(
  nodes: TestServer[],
  stored: House['stored'],
  stops: (() => Promise<void>)[],
): Promise<House> {
  const [first] = nodes as [TestServer];
  const relay = await startRelay(first.port);
  const owner = first.owner;
  return {
    nodes,
    apis: nodes.map(({ url }) => apiOf(url, owner)),
    entrance: { ...relay, api: apiOf(relay.url.replace(/^redis/, 'http'), owner) },
    stored,
    async stop() {
      await relay.stop();
      for (const stop of stops) await stop();
    },
  };
}

export async function onFiles(): Promise<House> {
  const server = await startServer();
  const stored = async (noso: string) => {
    const { lives, unforgotten } = await readBeside(server.dataDir, true);
    const open = lives.filter((life) => life.noso === noso);
    const live = [...open.map((life) => life.noso), ...(unforgotten ? ['unforgotten'] : [])];
    const texts = (await filesIn(server.dataDir)).map((file) => readFile(file, 'latin1'));
    return { live, text: (await Promise.all(texts)).join('\n') };
  };
  return houseOf([server], stored, [server.stop]);
}

export async function onRedis(): Promise<House> {
  const redis = await startRedis(DURABLE);
  const { nodes, stop } = await startNodes(redis.url, 3);
  const stored = async (noso: string) => {
    const text = await redis.ask(dumpKeys);
    // A grave says that there was one, and nothing else, for 20 s.
    const grave = /:state","until":\d+,"type":"hash","value":\[\[[^\]]*\]\]\}$/;
    const live = text.split('\n').filter((line) => line.includes(`{${noso}}`) && !grave.test(line));
    return { text, live };
  };
  return houseOf(nodes, stored, [stop, redis.stop]);
}

/** Waits between tries, ms. */
export const AGAIN = 40;
/** 408: a line of before, to a process that is gone. */
const UNKNOWN = [408, 503];

/** Asks one node after the other, as whoever has no answer does, until there is one. */
export async function answered<T>(
  apis: readonly TestApi[],
  ask: (api: TestApi) => Promise<Reply<T>>,
): Promise<Reply<T>> {
  for (let k = 0; ; k += 1) {
    const reply = await ask(apis[k % apis.length] as TestApi).catch(() => null);
    if (reply && !UNKNOWN.includes(reply.status)) return reply;
    await pause(AGAIN);
  }
}
