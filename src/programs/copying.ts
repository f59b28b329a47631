import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { realClock } from '../clock.js';
import type { Config } from '../config.js';
import { readBeside } from '../engine/embedded/beside.js';
import type { Change } from '../engine/engine.js';
import { KEPT_UNCLOSED } from '../engine/redis/keys.js';
import type { KeysCopy } from '../engine/redis/liveCopy.js';
import { openRedis } from '../engine/redis/openRedis.js';
import type { RedisEngine } from '../engine/redis/redisEngine.js';
import { addressToldIn } from '../service/addressTold.js';
import { installationIn } from '../service/installation.js';
import { restoredIn } from '../service/restored.js';
import type { Copy } from './backupFile.js';
import { documentsOf, identityOf, inOrder, isOpen } from './everything.js';
import { Refused } from './refused.js';

/** How often what is to be forgotten is looked for, ms. */
const EVERY = 1000;
/** How often it is tried to find all open NoSos open, and how long between, ms. */
const LOOKS = 100;
const BETWEEN = 50;

type Read = () => Promise<{ copy: Copy; unforgotten: boolean }>;

/** What is kept, of one instant, once nothing of a closed NoSo is; from beside a running server, or none. */
export async function copyOf(config: Config, withNumbers: boolean): Promise<Copy> {
  const { redisUrl, dataDir, secrets } = config;
  if (redisUrl === null) {
    const generated = await readFile(join(dataDir, 'secret'), 'utf8').catch(() => null);
    const secret = secrets === null ? (generated?.trim() ?? null) : null;
    return forgotten(() => ofFiles(dataDir, secret, withNumbers), withNumbers);
  }
  const engine = await openRedis({ url: redisUrl, clock: realClock });
  try {
    return await forgotten(() => ofRedis(engine, withNumbers), withNumbers);
  } finally {
    await engine.close();
  }
}

async function forgotten(read: Read, withNumbers: boolean): Promise<Copy> {
  for (let told = false; ; told = true) {
    const { copy, unforgotten } = await read();
    if (!withNumbers && copy.changes.some(isOpen)) {
      throw new Refused(
        'A NoSo is open: its numbers would be in the copy. Close it first, or say --with-numbers.',
        1,
      );
    }
    if (!unforgotten) return copy;
    if (!told) process.stderr.write('Waiting until the numbers of what just closed are gone.\n');
    await pause(EVERY);
  }
}

async function ofFiles(dataDir: string, secret: string | null, withNumbers: boolean) {
  const madeAt = Date.now();
  const { changes, drawn, spent, lives, unforgotten } = await readBeside(dataDir, withNumbers);
  const copy: Copy = {
    ...{ madeAt, engine: 'embedded', secret, drawn, lives, keys: [] },
    installation: installationIn(spent),
    address: addressToldIn(spent),
    windows: restoredIn(spent),
    changes: inOrder(changes),
  };
  return { copy, unforgotten };
}

/**
 * Documents first, then seats, then what was drawn: whatever number is known to one of them is among
 * what is read after it.
 */
async function ofRedis(engine: RedisEngine, withNumbers: boolean, looks = LOOKS): ReturnType<Read> {
  const madeAt = Date.now();
  const changes = await documentsOf(engine);
  const keys = withNumbers ? await openIn(engine, changes) : [];
  if (!keys) {
    if (looks === 0) throw new Refused('NoSos open and close too fast to be read', 1);
    await pause(BETWEEN);
    return ofRedis(engine, withNumbers, looks - 1);
  }
  const drawn: number[][] = [];
  for await (const piece of engine.drawnNumbers()) drawn.push(piece);
  const lately = changes.filter(
    ({ kind, document }) =>
      kind === 'noso' &&
      document?.life.is === 'closed' &&
      engine.now() - document.life.closedAt < KEPT_UNCLOSED,
  );
  const gone = await Promise.all(lately.map(({ id }) => engine.isForgotten(id)));
  const copy: Copy = {
    ...{ madeAt, engine: 'redis', secret: null, changes, drawn, lives: [], keys },
    ...(await identityOf(engine)),
  };
  return { copy, unforgotten: gone.includes(false) };
}

/** All open NoSos with their seats; null where one was closed meanwhile. */
async function openIn(engine: RedisEngine, changes: Change[]): Promise<KeysCopy[] | null> {
  const all: KeysCopy[] = [];
  for (const { id } of changes.filter(isOpen)) {
    const keys = await engine.copyOpen(id);
    if (!keys) return null;
    all.push(keys);
  }
  return all;
}
