import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPasses } from '../../../src/service/passes.js';
import { createTokens } from '../../../src/service/tokens.js';
import type { Credentials } from '../load/dialects.js';
import type { Contestant, Setting, Stage } from './contestant.js';
import { onExit } from './exit.js';
import { freePort, type Running, start } from './process.js';
import { type RedisServer, startRedis } from './redis.js';
import { openNext, type Room, readyRoom } from './room.js';

const HOST = '127.0.0.1';
const MAIN = fileURLToPath(new URL('../../../src/programs/main.js', import.meta.url));

/** Another build of ours, a folder in the place of `dist`, and the flags that it is started with. */
const BEFORE = process.env.BENCH_BEFORE ?? 'dist';
const BEFORE_FLAGS = process.env.BENCH_BEFORE_FLAGS;

/** The flags that `npm start` gives to node, so that what is measured is what people run. */
async function startFlags(): Promise<string[]> {
  for (const up of ['../../../..', '../../..']) {
    const file = fileURLToPath(new URL(`${up}/package.json`, import.meta.url));
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) continue;
    const { scripts } = JSON.parse(text) as { scripts: { start: string } };
    const words = scripts.start.split(/\s+/);
    return words.slice(words.indexOf('node') + 1, -1);
  }
  throw new Error('no package.json');
}

export type Node = Running & { port: number };

/** Starts one server of ours and waits until it says that it can seat people. */
export async function startNode(env: Record<string, string>, before = false): Promise<Node> {
  const port = await freePort();
  const url = `http://${HOST}:${port}`;
  const running = await start(
    process.execPath,
    before
      ? [
          ...(BEFORE_FLAGS?.split(' ') ?? (await startFlags())),
          join(resolve(BEFORE), 'src/programs/main.js'),
        ]
      : [...(await startFlags()), MAIN],
    { ...env, PORT: String(port), HOST, PUBLIC_URL: url },
    async () => (await fetch(`${url}/readyz`).catch(() => null))?.status === 200,
  );
  return { ...running, port };
}

/** What every process of one contestant shares: the secret, a folder, perhaps a Redis. */
export async function newHouse(withRedis: boolean, before = false) {
  const secret = randomBytes(32).toString('hex');
  const folder = await mkdtemp(join(tmpdir(), 'noso-bench-'));
  const swept = onExit(() => rmSync(folder, { recursive: true, force: true }));
  const redis: RedisServer | null = withRedis ? await startRedis(folder) : null;
  const tokens = createTokens([secret], Date.now);
  const passes = createPasses([secret], Date.now);
  const nodes: Node[] = [];
  return {
    tokens,
    /** Phones with numbers of eight digits, more than any set-up draws. */
    minted(noso: string, size: number, first = 0): Credentials[] {
      return Array.from({ length: size }, (_, index) => ({
        pass: passes.entry(noso, Date.now(), Date.now()),
        token: tokens.number(10_000_000 + (first + index) * 73),
      }));
    },
    redis,
    folder,
    nodes,
    async open(count: number): Promise<void> {
      for (let index = 0; index < count; index += 1) {
        nodes.push(
          await startNode(
            {
              NOSO_SECRET: secret,
              DATA_DIR: join(folder, `node${index}`),
              ...(redis ? { REDIS_URL: `redis://${HOST}:${redis.port}` } : {}),
            },
            before,
          ),
        );
      }
    },
    async shut(): Promise<void> {
      await Promise.all(nodes.splice(0).map((node) => node.stop()));
    },
    async remove(): Promise<void> {
      await Promise.all(nodes.splice(0).map((node) => node.stop('SIGKILL')));
      await redis?.stop();
      await rm(folder, { recursive: true, force: true });
      swept();
    },
  };
}

function ours(
  key: string,
  name: string,
  {
    join: way = 'socket',
    redisNodes = 0,
    before = false,
  }: { join?: 'socket' | 'http'; redisNodes?: number; before?: boolean } = {},
): Contestant {
  return {
    key,
    name,
    most: 50_000,
    keepsSeats: true,
    async start(setting: Setting): Promise<Stage> {
      const house = await newHouse(redisNodes > 0, before);
      let crowd = 0;
      try {
        // Set up by one process and measured on another, so that the first storm finds it cold.
        await house.open(1);
        const owner = house.tokens.owner();
        const base = () => `http://${HOST}:${house.nodes[0]?.port}`;
        const room: Room = await readyRoom({ base: base(), owner, ...setting });
        await house.shut();
        await house.open(Math.max(1, redisNodes));
        return {
          pids: house.nodes.map((node) => node.pid),
          redis: house.redis,
          host: HOST,
          ports: house.nodes.map((node) => node.port),
          dialect: 'noso',
          join: way,
          walls: room.walls,
          nextStorm: () => openNext(room, base(), owner),
          crowd: async (size) => {
            const first = crowd;
            crowd += size;
            return house.minted(room.nosos[room.opened - 1] ?? '', size, first);
          },
          said: () => house.nodes.map((node) => node.said()).join('\n'),
          stop: () => house.remove(),
        };
      } catch (error) {
        await house.remove();
        throw error;
      }
    },
  };
}

export const oursAll: Contestant[] = [
  ours('ours', 'ours (embedded)'),
  ours('ours-http', 'ours over HTTP', { join: 'http' }),
  ours('ours-before', 'ours (another build)', { before: true }),
  ours('ours-redis', 'ours (Redis, 1 node)', { redisNodes: 1 }),
  ours('ours-redis-2', 'ours (Redis, 2 nodes)', { redisNodes: 2 }),
];
