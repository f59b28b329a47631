import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, isFree } from './ports.js';
import { until } from './wait.js';

const HOST = '127.0.0.1';

/** A redis-server of a test's own, in a folder of its own. */
export type Server = {
  port: number;
  url: string;
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>;
  /** Starts it again, on what its folder holds. */
  restart(): Promise<void>;
  /** Stops its process where it stands; `resume` lets it go on. */
  pause(): void;
  resume(): void;
  pid(): number;
  folder: string;
  /** Asks it something, over a connection of its own. */
  ask<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** Leaves it to itself until this process ends; then it is ended and its folder removed. */
  leave(): void;
};

/** A port whose Cluster bus port (10,000 above) is free too. */
async function clusterPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (await isFree(port + 10_000)) return port;
  }
}

/** The settings of a durable Redis as we advise it. */
export const DURABLE = ['appendonly yes', 'appendfsync everysec', 'save ""'];
const PLAIN = ['appendonly no', 'save ""'];

/** Starts a redis-server, and waits until it answers. `settings` are lines of its configuration. */
export async function startRedis(
  settings: readonly string[] = PLAIN,
  { port: wanted, sentinel = false }: { port?: number; sentinel?: boolean } = {},
): Promise<Server> {
  const port = wanted ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'noso-redis-'));
  const file = join(folder, 'redis.conf');
  const lines = [`port ${port}`, `bind ${HOST}`, `dir "${folder}"`, 'daemonize no', ...settings];
  await writeFile(file, lines.join('\n'));
  let child: ChildProcess;
  const start = async () => {
    const args = sentinel ? [file, '--sentinel'] : [file];
    child = spawn('redis-server', args, { stdio: 'ignore' });
    await answering(port);
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  await start();
  return {
    port,
    url: `redis://${HOST}:${port}`,
    folder,
    kill,
    restart: start,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    pid: () => child.pid ?? 0,
    ask: (work) => asking(port, work),
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
    leave() {
      child.unref();
      process.once('exit', () => {
        child.kill('SIGKILL');
        rmSync(folder, { recursive: true, force: true });
      });
    },
  };
}

async function asking<T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> {
  // What is let go of has answered: it need not keep the process for two seconds.
  const brief = { lazyConnect: true, retryStrategy: null, disconnectTimeout: 100 };
  const redis = new Redis({ host: HOST, port, ...brief });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function answering(port: number): Promise<void> {
  const answers = async () => {
    try {
      return (await asking(port, (redis) => redis.ping())) === 'PONG';
    } catch {
      return false;
    }
  };
  await until(answers, { what: `Redis on port ${port}` });
}

/**
 * Resolves once all that a server was told is in its append-only file: while the disk is busy it puts
 * off writing, by up to 2 s (`everysec`), and what is killed meanwhile has lost that.
 */
export async function written(server: Server): Promise<void> {
  const all = async () => {
    const info = await server.ask((redis) => redis.info('persistence'));
    return /^aof_buffer_length:0\r?$/m.test(info);
  };
  await until(all, { what: 'the append-only file to be written' });
}

/** Several servers that are one Redis. */
export type Group = { url: string; servers: Server[]; stop(): Promise<void> };

/** One server alone. */
export async function startAlone(settings?: readonly string[]): Promise<Group> {
  const server = await startRedis(settings);
  return { url: server.url, servers: [server], stop: () => server.stop() };
}

/** A Cluster of three masters, with `replicas` replicas each. */
export async function startCluster(replicas = 0): Promise<Group> {
  const servers: Server[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    for (let k = 0; k < 3 + 3 * replicas; k += 1) {
      const settings = [
        ...DURABLE,
        'cluster-enabled yes',
        'cluster-config-file nodes.conf',
        'cluster-node-timeout 2000',
        'cluster-replica-validity-factor 0',
      ];
      servers.push(await startRedis(settings, { port: await clusterPort() }));
    }
    await formCluster(servers);
    const url = servers.slice(0, 3).map((server) => server.url);
    return { url: url.join(','), servers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

export const SLOTS = 16_384;

async function formCluster(servers: Server[]): Promise<void> {
  const [first, ...others] = servers as [Server, ...Server[]];
  const masters = servers.slice(0, 3);
  for (const [k, master] of masters.entries()) {
    const from = Math.floor((k * SLOTS) / 3);
    const to = Math.floor(((k + 1) * SLOTS) / 3) - 1;
    await master.ask((redis) => redis.call('CLUSTER', 'ADDSLOTSRANGE', from, to));
    await master.ask((redis) => redis.call('CLUSTER', 'SET-CONFIG-EPOCH', k + 1));
  }
  for (const other of others) {
    await other.ask((redis) => redis.call('CLUSTER', 'MEET', HOST, first.port));
  }
  const ids = await Promise.all(
    masters.map((m) => m.ask((redis) => redis.call('CLUSTER', 'MYID'))),
  );
  for (const [k, replica] of servers.slice(3).entries()) {
    const id = String(ids[k % 3]);
    const knows = async () => {
      const nodes = await replica.ask((redis) => redis.call('CLUSTER', 'NODES'));
      return String(nodes).includes(id);
    };
    await until(knows, { what: 'the replica to know its master' });
    await replica.ask((redis) => redis.call('CLUSTER', 'REPLICATE', id));
  }
  for (const server of servers) {
    const whole = async () => {
      const info = String(await server.ask((redis) => redis.call('CLUSTER', 'INFO')));
      const known = info.includes(`cluster_known_nodes:${servers.length}`);
      return known && info.includes('cluster_state:ok') && (await linked(server));
    };
    await until(whole, { what: 'the Cluster to be whole', deadline: 20_000 });
  }
}

/** A replica that has its master's data; a master is. */
async function linked(server: Server): Promise<boolean> {
  const info = await server.ask((redis) => redis.info('replication'));
  return info.includes('role:master') || info.includes('master_link_status:up');
}

/** A master, a replica and three Sentinels. `servers` begins with the master and the replica. */
export async function startSentinels(): Promise<Group> {
  const servers: Server[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    const master = await startRedis(DURABLE);
    servers.push(master);
    const replica = await startRedis([...DURABLE, `replicaof ${HOST} ${master.port}`]);
    servers.push(replica);
    await until(() => linked(replica), { what: 'the replica to have the data' });
    const sentinels: Server[] = [];
    for (let k = 0; k < 3; k += 1) {
      const settings = [
        `sentinel monitor noso ${HOST} ${master.port} 2`,
        'sentinel down-after-milliseconds noso 1000',
        'sentinel failover-timeout noso 5000',
      ];
      const sentinel = await startRedis(settings, { sentinel: true });
      servers.push(sentinel);
      sentinels.push(sentinel);
    }
    for (const sentinel of sentinels) {
      const known = async () => {
        const facts = await sentinel.ask((redis) => redis.call('SENTINEL', 'MASTER', 'noso'));
        const list = (facts as unknown[]).map(String);
        const value = (name: string) => Number(list[list.indexOf(name) + 1]);
        return value('num-other-sentinels') === 2 && value('num-slaves') === 1;
      };
      await until(known, { what: 'the Sentinels to know each other', deadline: 20_000 });
    }
    const addresses = sentinels.map((sentinel) => `${HOST}:${sentinel.port}`);
    return { url: `sentinel://${addresses.join(',')}/noso`, servers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One group for all tests of a file: started when first asked for, ended with the process. */
export function shared(start: () => Promise<Group>): () => Promise<Group> {
  let group: Promise<Group> | null = null;
  const started = async () => {
    const it = await start();
    for (const server of it.servers) server.leave();
    return it;
  };
  return () => {
    group ??= started();
    return group;
  };
}

let prefixes = 0;
/** A prefix of keys that no other test uses: nothing is ever flushed. */
export const ownPrefix = (): string => `test:${process.pid}:${Date.now()}:${prefixes++}:`;
