import type { Redis } from 'ioredis';
import {
  DURABLE,
  type Server,
  startCluster,
  startRedis,
  startSentinels,
} from '../support/redis.js';
import { until } from '../support/wait.js';
import { type Relay, startRelay } from './relay.js';
import type { StoreKind } from './schedule.js';

/** The Redis of a run. */
export type Store = {
  kind: StoreKind;
  /** What node `k` is told. */
  url: (k: number) => string;
  /** Past every relay. */
  direct: string;
  /** One for each node; none where Redis says by itself where it is. */
  relays: Relay[];
  /** A server that is a master now. */
  master: () => Promise<Server>;
  /** Whether it still is one. */
  rules: (server: Server) => Promise<boolean>;
  /** Has a replica take over from a master that agrees. */
  switchOver: () => Promise<void>;
  /** One thing at a time is done to it: a failover that is not over is not disturbed. */
  turn: (work: () => Promise<void>) => Promise<void>;
  /** Resolves once every replica has its master's data, so that the next failover loses little. */
  whole: () => Promise<void>;
  stop: () => Promise<void>;
};

const HEALED = 45_000;
const FAILOVER = 6000;

function turns(): Store['turn'] {
  let last = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

const roleOf = (server: Server): Promise<string> =>
  server
    .ask(async (redis: Redis) => {
      const info = await redis.info('replication');
      if (info.includes('role:master')) return 'master';
      return info.includes('master_link_status:up') ? 'replica' : 'alone';
    })
    .catch(() => 'gone');

const withRole = async (servers: Server[], role: string): Promise<Server[]> => {
  const roles = await Promise.all(servers.map(roleOf));
  return servers.filter((_, k) => roles[k] === role);
};

/** Starts it, with a relay before it for each of `nodes`, where that is possible. */
export function startStore(kind: StoreKind, nodes: number): Promise<Store> {
  if (kind === 'standalone') return standalone(nodes);
  return kind === 'sentinel' ? sentinel() : cluster();
}

async function standalone(nodes: number): Promise<Store> {
  const server = await startRedis(DURABLE);
  const relays = await Promise.all(Array.from({ length: nodes }, () => startRelay(server.port)));
  return {
    kind: 'standalone',
    url: (k) => (relays[k] as Relay).url,
    direct: server.url,
    relays,
    turn: turns(),
    master: async () => server,
    rules: async () => true,
    switchOver: async () => {},
    whole: async () => {},
    async stop() {
      await Promise.all(relays.map((relay) => relay.stop()));
      await server.stop();
    },
  };
}

async function sentinel(): Promise<Store> {
  const group = await startSentinels();
  const servers = group.servers.slice(0, 2);
  const [, , watcher] = group.servers as [Server, Server, Server];
  const port = async () => {
    const ask = (redis: Redis) => redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'noso');
    return Number(((await watcher.ask(ask)) as string[])[1]);
  };
  const whole = () =>
    until(
      async () => {
        const [replicas, master] = [await withRole(servers, 'replica'), await port()];
        return replicas.length === 1 && replicas[0]?.port !== master;
      },
      { what: 'a master and a replica', deadline: HEALED, every: 100 },
    );
  return {
    kind: 'sentinel',
    url: () => group.url,
    direct: group.url,
    relays: [],
    turn: turns(),
    async master() {
      const current = await port();
      return servers.find((each) => each.port === current) as Server;
    },
    rules: async (server) => server.port === (await port()),
    async switchOver() {
      const before = await port();
      await watcher.ask((redis) => redis.call('SENTINEL', 'FAILOVER', 'noso'));
      await until(async () => (await port()) !== before, {
        what: 'another master',
        deadline: HEALED,
      });
    },
    whole: async () => void (await whole()),
    stop: group.stop,
  };
}

async function cluster(): Promise<Store> {
  const group = await startCluster(1);
  const { servers } = group;
  let turn = 0;
  return {
    kind: 'cluster',
    url: () => group.url,
    direct: group.url,
    relays: [],
    turn: turns(),
    async master() {
      const masters = await withRole(servers, 'master');
      return masters[turn++ % masters.length] as Server;
    },
    rules: async (server) => (await roleOf(server)) === 'master',
    async switchOver() {
      const replicas = await withRole(servers, 'replica');
      const next = replicas[turn++ % replicas.length] as Server;
      // A Cluster gives up a failover by hand after 5 s, without a word; asked again it begins anew.
      let askedAt = 0;
      const took = async () => {
        if ((await roleOf(next)) === 'master') return true;
        if (Date.now() - askedAt > FAILOVER) {
          askedAt = Date.now();
          await next.ask((redis) => redis.call('CLUSTER', 'FAILOVER'));
        }
        return false;
      };
      await until(took, { what: 'another master', deadline: HEALED });
    },
    async whole() {
      const each = async () => (await withRole(servers, 'replica')).length === 3;
      await until(each, { what: 'three replicas', deadline: HEALED, every: 100 });
    },
    stop: group.stop,
  };
}
