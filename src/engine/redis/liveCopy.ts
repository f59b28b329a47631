import type { Noso } from '../../domain/noso.js';
import type { Calls } from './calls.js';
import type { Keys, NosoKeys } from './keys.js';

/** What is copied of an open NoSo: not its bell, nor which nodes there were. */
const COPIED = ['state', 'seats', 'seen', 'marks', 'passes', 'log', 'minutes'] as const;
/** Those of them that hold numbers. */
const NUMBERED = ['seats', 'seen', 'marks', 'passes', 'log'] as const;
type Name = (typeof COPIED)[number];

/** The keys of an open NoSo as Redis dumps them, and when each expires (ms since the epoch, or null). */
export type KeysCopy = { noso: string; keys: [name: Name, until: number | null, dump: Buffer][] };

type Parts = { calls: Calls; keys: Keys };

/** All keys as of one instant; null where it is not open, or being closed. */
export async function copyKeys({ calls, keys }: Parts, noso: string): Promise<KeysCopy | null> {
  const own: NosoKeys = keys.noso(noso);
  const told = await calls.send((client) => {
    const chain = client.multi().hexists(own.state, 'openedAt').hexists(own.state, 'sealed');
    for (const name of COPIED) chain.pexpiretime(own[name]).dumpBuffer(own[name]);
    return chain.exec();
  });
  const [open, sealed, ...rest] = (told ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  });
  if (open !== 1 || sealed !== 0) return null;
  return {
    noso,
    keys: COPIED.flatMap((name, k) => {
      const [until, dump] = [rest[2 * k] as number, rest[2 * k + 1] as Buffer | null];
      return dump ? [[name, until < 0 ? null : until, dump] as KeysCopy['keys'][number]] : [];
    }),
  };
}

/**
 * Puts a copy where nothing of that NoSo is, ahead of its document. It begins a new epoch by itself: it is
 * another server's by its replication id.
 */
export async function putKeys({ calls, keys }: Parts, noso: Noso, copy: KeysCopy): Promise<void> {
  const own = keys.noso(noso.id);
  await calls.send(async (client) => {
    const chain = client.multi();
    for (const [name, until, dump] of copy.keys) {
      chain.call('RESTORE', own[name], until ?? 0, dump, ...(until === null ? [] : ['ABSTTL']));
    }
    for (const [error] of (await chain.exec()) ?? []) if (error) throw error;
    await client.hset(keys.open, noso.venue, noso.id);
  });
}

/** Whether nothing is left of the numbers of a NoSo that closed. */
export async function isForgotten({ calls, keys }: Parts, noso: string): Promise<boolean> {
  const own = keys.noso(noso);
  const names = NUMBERED.map((name) => own[name]);
  return (await calls.send((client) => client.exists(...names))) === 0;
}
