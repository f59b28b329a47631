// npm run backup -- FILE     one file with what is in DATA_DIR, or in the Redis at REDIS_URL
//
//   --with-numbers           also while a NoSo is open, whose numbers are then in the copy
//
// Works beside a running server, and without one. Else it refuses while a NoSo is open: erasing its
// numbers at the close would not reach a copy (L4). What is not forgotten yet of a NoSo that closed is
// waited for. Of open NoSos files alone can be copied, not Redis.
import './quiet.js';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { realClock } from '../clock.js';
import { type Config, readConfig } from '../config.js';
import { KEPT } from '../domain/kept.js';
import { readBeside } from '../engine/embedded/beside.js';
import { openRedis } from '../engine/redis/openRedis.js';
import { readRestored, restoredIn } from '../service/restored.js';
import { type Copy, writeCopy } from './backupFile.js';
import { documentsOf, inOrder, isOpen } from './everything.js';

const USAGE = 'usage: npm run backup -- FILE [--with-numbers]';

class Refused extends Error {
  constructor(
    message: string,
    readonly code = 64,
  ) {
    super(message);
  }
}

/** How often what is to be forgotten is looked for, ms. */
const EVERY = 1000;

/** What is kept, once nothing of a closed NoSo is. */
async function copyOf(
  read: () => Promise<{ copy: Copy; unforgotten: boolean }>,
  withNumbers: boolean,
): Promise<Copy> {
  for (let told = false; ; told = true) {
    const { copy, unforgotten } = await read();
    if (!withNumbers && copy.changes.some(isOpen)) {
      throw new Refused(
        'A NoSo is open: its numbers would be in the copy. Close it first, or say --with-numbers.',
        1,
      );
    }
    if (!unforgotten) return withNumbers ? copy : { ...copy, lives: [] };
    if (!told) process.stderr.write('Waiting until the numbers of what just closed are gone.\n');
    await pause(EVERY);
  }
}

async function embedded(dataDir: string, secret: string | null) {
  const madeAt = Date.now();
  const { changes, drawn, spent, lives, unforgotten } = await readBeside(dataDir);
  const windows = restoredIn(spent);
  const copy: Copy = {
    madeAt,
    engine: 'embedded',
    secret,
    windows,
    changes: inOrder(changes),
    lives,
    drawn,
  };
  return { copy, unforgotten };
}

/** Documents first: whatever number was known by then is among those that are read after them. */
async function redis(url: string) {
  const engine = await openRedis({ url, clock: realClock });
  return {
    close: () => engine.close(),
    async read() {
      const madeAt = Date.now();
      const changes = await documentsOf(engine);
      const windows = await readRestored(engine);
      const drawn: number[][] = [];
      for await (const piece of engine.drawnNumbers()) drawn.push(piece);
      const { within } = KEPT.presence.until;
      const unforgotten = changes.some(
        ({ kind, document }) =>
          kind === 'noso' &&
          document?.life.is === 'closed' &&
          engine.now() - document.life.closedAt < within,
      );
      const copy: Copy = {
        madeAt,
        engine: 'redis',
        secret: null,
        windows,
        changes,
        drawn,
        lives: [],
      };
      return { copy, unforgotten };
    },
  };
}

async function copied({ redisUrl, dataDir, secrets }: Config, withNumbers: boolean): Promise<Copy> {
  if (redisUrl === null) {
    const generated = await readFile(join(dataDir, 'secret'), 'utf8').catch(() => null);
    const secret = secrets === null ? (generated?.trim() ?? null) : null;
    return copyOf(() => embedded(dataDir, secret), withNumbers);
  }
  const { read, close } = await redis(redisUrl);
  try {
    return await copyOf(read, false);
  } finally {
    await close();
  }
}

async function main(args: string[]): Promise<void> {
  const withNumbers = args.includes('--with-numbers');
  const [path, ...rest] = args.filter((arg) => arg !== '--with-numbers');
  if (path === undefined || path.startsWith('-') || rest.length > 0) throw new Refused(USAGE);
  const config = readConfig(process.env);
  if ('faults' in config) throw new Refused(config.faults.join('\n'), 78);
  const copy = await copied(config.config, withNumbers);
  await writeCopy(path, copy).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new Refused(`${path} is there already`, 1);
    throw error;
  });
  const drawn = copy.drawn.reduce((sum, piece) => sum + piece.length, 0);
  process.stdout.write(`${path}: ${copy.changes.length} documents, ${drawn} drawn numbers\n`);
  process.stdout.write(
    copy.secret === null
      ? 'The secret is not in it: NOSO_SECRET has to be kept as well.\n'
      : 'The secret that signs everything is in it: guard it like DATA_DIR.\n',
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
  const message = gone ? 'DATA_DIR: there is nothing to back up' : (error as Error).message;
  process.stderr.write(`${message}\n`);
  process.exitCode = error instanceof Refused ? error.code : 1;
});
