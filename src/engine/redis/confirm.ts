import { Redis } from 'ioredis';
import type { Clients } from './connect.js';
import type { Master } from './servers.js';

/** How long a Sentinel, or a master of a Cluster, may take to say what it knows; ms. */
const PATIENCE = 1000;

/**
 * Whether a master is the one that is meant to be: a Sentinel that reaches most of the others says
 * so, or most of a Cluster's masters. Of a server alone nobody can.
 */
export async function confirms(clients: Clients, master: Master): Promise<boolean> {
  const { address } = clients;
  if (address.kind === 'standalone') return false;
  if (address.kind === 'cluster') return mostConfirm(clients, master);
  const { sentinels, name } = address.options;
  const said = await Promise.all(
    sentinels.map((sentinel) => sentinelConfirms(sentinel, name, master.runId)),
  );
  return said.includes(true);
}

async function sentinelConfirms(
  sentinel: { host: string; port: number },
  name: string,
  runId: string,
): Promise<boolean> {
  const redis = new Redis({
    ...sentinel,
    lazyConnect: true,
    connectTimeout: PATIENCE,
    commandTimeout: PATIENCE,
    retryStrategy: null,
    maxRetriesPerRequest: null,
    disableClientInfo: true,
  });
  redis.on('error', () => {}); // one that cannot be asked confirms nothing
  try {
    await redis.connect();
    const facts = (await redis.call('SENTINEL', 'MASTER', name)) as string[];
    const fact = (of: string) => facts[facts.indexOf(of) + 1];
    if (fact('runid') !== runId || fact('flags') !== 'master') return false;
    // It throws where too few others are reached: elsewhere they may have elected another.
    await redis.call('SENTINEL', 'CKQUORUM', name);
    return true;
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}

async function mostConfirm(clients: Clients, { client }: Master): Promise<boolean> {
  const views = await Promise.all(
    [client, ...clients.masters().filter((other) => other !== client)].map(viewOf),
  );
  const [own] = views;
  const id = own?.find(({ flags }) => flags.includes('myself'))?.id;
  // Those that this one does not reach count as well: it may be who is cut off.
  const voters = own?.filter(hasSlots).length ?? 0;
  const confirm = views.filter((view) => view?.some((node) => node.id === id && isMaster(node)));
  return confirm.length > voters / 2;
}

type ClusterNode = { id: string; flags: string[]; slots: boolean };

const hasSlots = ({ flags, slots }: ClusterNode): boolean => slots && flags.includes('master');
const isMaster = (node: ClusterNode): boolean =>
  hasSlots(node) && !node.flags.includes('fail') && !node.flags.includes('fail?');

/** What a node of a Cluster knows of all, or null if it does not say. */
async function viewOf(client: Redis): Promise<ClusterNode[] | null> {
  try {
    const lines = String(await client.call('CLUSTER', 'NODES'))
      .trim()
      .split('\n');
    return lines.map((line) => {
      const [id = '', , flags = '', , , , , , ...slots] = line.split(' ');
      return { id, flags: flags.split(','), slots: slots.length > 0 };
    });
  } catch {
    return null;
  }
}
