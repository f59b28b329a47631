import { Cluster, type CommonRedisOptions, Redis } from 'ioredis';
import type { Clock } from '../../clock.js';
import { RedisRefusal, refusalIn } from './redisRefusal.js';
import { troubleIn } from './redisTrouble.js';
import { type Address, readAddress } from './redisUrl.js';

/** A command that is not answered within this is given up: *unknown* whether it was done (F1). */
export const PATIENCE = 1500;
/** At most this long between two attempts to reach Redis, so that all heals within 3 s of its return. */
const RETRY_MOST = 500;

/** So often the nodes of a Cluster are asked who is master of what: a promotion is known within a second. */
const REFRESH = 700;

export type Client = Redis | Cluster;

/** The two connections of a node: subscriptions have one of their own. */
export type Clients = {
  address: Address;
  commands: Client;
  subscriptions: Client;
  /** A client for each shard's master, for what concerns servers rather than keys. */
  masters(): Redis[];
  /** The word for what keeps the connections from being made, as far as anything said so (redisTrouble.ts). */
  trouble(): string | null;
  /** Tells of an error, unless it came of letting go of the connections. */
  tell(error: unknown): void;
  close(): void;
};

const retryStrategy = (times: number): number =>
  Math.min(50 * 2 ** Math.min(times, 8), RETRY_MOST) * (0.5 + Math.random() / 2);

/** No command outlives its caller: none is queued while there is no connection, none sent twice. */
const COMMANDS = {
  commandTimeout: PATIENCE,
  connectTimeout: PATIENCE,
  // A link that is up but mute (a pulled cable, a stopped Redis) is given up and made anew.
  socketTimeout: 2 * PATIENCE,
  autoResendUnfulfilledCommands: false,
  enableOfflineQueue: false,
  maxRetriesPerRequest: null,
  maxLoadingRetryTime: RETRY_MOST,
  // A master that became a replica says so: then the next one is looked up.
  reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  disableClientInfo: true,
} satisfies CommonRedisOptions;

/**
 * Opens both connections, and waits until commands can be sent. They mend themselves from then on.
 * Throws a `RedisRefusal` at once if Redis will not have us, and an `Error` if it is not there within
 * `patience` ms, unless its return is waited for (`waits`). `onError` hears of every failure of a
 * connection; without a listener ioredis prints them. With `resubscribes`, a lost subscription is
 * made again by the client; `bells.ts` does that itself, since it knows what is wanted.
 */
export async function connect(
  url: string,
  clock: Clock,
  onError: (error: unknown) => void,
  patience: number,
  { resubscribes = false, waits = false } = {},
): Promise<Clients> {
  const address = readAddress(url);
  const opened = open(address, clock, resubscribes);
  let closed = false;
  const both = [...new Set([opened.commands, opened.subscriptions])];
  const clients: Clients = {
    ...opened,
    trouble: watchTrouble(both),
    tell(error) {
      if (!closed) onError(error);
    },
    close() {
      closed = true;
      opened.close();
    },
  };
  for (const client of both) {
    client.on('error', clients.tell);
    client.on('node error', clients.tell);
    keepAlive(client, clock, clients.tell, () => closed);
  }
  try {
    await ready(clients.commands, clock, patience);
    await ready(clients.subscriptions, clock, patience);
  } catch (error) {
    if (waits && !(error instanceof RedisRefusal)) return clients;
    clients.close();
    throw error;
  }
  return clients;
}

/**
 * A client should only end when it is told to. ioredis 6.0.0 also ends for good when it hears from a
 * Sentinel of a failover while it is connecting: then it is made to begin again.
 */
function keepAlive(
  client: Client,
  clock: Clock,
  onError: (error: unknown) => void,
  closed: () => boolean,
): void {
  client.on('end', () => {
    if (closed()) return;
    clock.after(RETRY_MOST / 2, () => {
      if (!closed() && client.status === 'end') client.connect().catch(onError);
    });
  });
}

/**
 * What the connections last heard that keeps them from being made. One that loads its file says nothing:
 * it is asked, and what it answers is known the next time.
 */
function watchTrouble(clients: readonly Client[]): () => string | null {
  const troubles = new Map<Client, string | null>();
  const asked = new Set<Client>();
  for (const client of clients) {
    client.on('error', (error) => troubles.set(client, troubleIn(error)));
    client.on('ready', () => troubles.delete(client));
  }
  const ask = async (client: Redis): Promise<void> => {
    asked.add(client);
    try {
      const loads = (await client.info('persistence')).includes('loading:1');
      if (client.status !== 'ready') troubles.set(client, loads ? 'LOADING' : null);
    } catch (error) {
      troubles.set(client, troubleIn(error));
    } finally {
      asked.delete(client);
    }
  };
  return () => {
    for (const client of clients) {
      const unready = client instanceof Redis && client.status === 'connect';
      if (unready && !asked.has(client)) void ask(client);
    }
    return [...troubles.values()].find((trouble) => trouble !== null) ?? null;
  };
}

function open(
  address: Address,
  clock: Clock,
  resubscribes: boolean,
): Omit<Clients, 'trouble' | 'tell'> {
  if (address.kind === 'cluster') {
    // Nodes of a Cluster come and go: no queue and no patience but the whole client's.
    const { enableOfflineQueue: _, ...shared } = COMMANDS;
    const cluster = new Cluster(address.nodes, {
      // Sharded channels have connections of their own within the client.
      shardedSubscribers: true,
      enableOfflineQueue: false,
      clusterRetryStrategy: retryStrategy,
      clusterNodeRetryStrategy: retryStrategy,
      // Given up within a command's patience, so that what it was answered is known.
      maxRedirections: 10,
      // Its own timer is set again by a refresh that was under way when it was closed (6.0.0).
      slotsRefreshInterval: 0,
      slotsRefreshTimeout: PATIENCE,
      redisOptions: { ...shared, ...address.options },
    });
    const stop = clock.every(REFRESH, () => {
      if (cluster.status === 'ready') cluster.refreshSlotsCache();
    });
    return {
      address,
      commands: cluster,
      subscriptions: cluster,
      masters: () => cluster.nodes('master'),
      close() {
        stop();
        cluster.disconnect();
      },
    };
  }
  const sentinel =
    address.kind === 'sentinel'
      ? {
          sentinelRetryStrategy: retryStrategy,
          sentinelCommandTimeout: PATIENCE,
          // A failover is heard of from the Sentinels, not from the silence of the old master.
          failoverDetector: true,
          sentinelReconnectStrategy: () => RETRY_MOST,
        }
      : {};
  const commands = new Redis({
    ...COMMANDS,
    ...sentinel,
    ...address.options,
    retryStrategy,
  });
  const subscriptions = new Redis({
    ...COMMANDS,
    autoResubscribe: resubscribes,
    ...sentinel,
    ...address.options,
    retryStrategy,
  });
  return {
    address,
    commands,
    subscriptions,
    masters: () => [commands],
    close: () => {
      commands.disconnect();
      subscriptions.disconnect();
    },
  };
}

function ready(client: Client, clock: Clock, patience: number): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    let last: unknown;
    const noted = (error: unknown) => {
      last = error;
      const refusal = refusalIn(error);
      if (!refusal) return;
      end();
      reject(refusal);
    };
    const end = () => {
      stop();
      client.off('error', noted);
      client.off('ready', arrived);
    };
    const arrived = () => {
      end();
      resolve();
    };
    const stop = clock.after(patience, () => {
      end();
      // Such as a certificate that is not trusted: whoever starts it is to know.
      const why = last instanceof Error ? `: ${last.message}` : '';
      reject(new Error(`Redis cannot be reached${why}`, { cause: last }));
    });
    client.on('error', noted);
    client.once('ready', arrived);
  });
}
