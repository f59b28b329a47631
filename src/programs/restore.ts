// npm run restore -- FILE    puts a backup into an empty DATA_DIR, or the empty Redis at REDIS_URL
//
// No server may run there. Ends by comparing what is there with what the file says.
import './quiet.js';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { realClock } from '../clock.js';
import { type Config, readConfig } from '../config.js';
import { openEmbedded } from '../engine/embedded/openEmbedded.js';
import { openRedis } from '../engine/redis/openRedis.js';
import { noteRestored } from '../service/restored.js';
import { type Copy, readCopy } from './backupFile.js';
import { documentsOf, drawnOf, isOpen, type Side } from './everything.js';

const USAGE = 'usage: npm run restore -- FILE';

class Refused extends Error {
  constructor(
    message: string,
    readonly code = 64,
  ) {
    super(message);
  }
}

/** Puts everything into an engine that holds nothing, and proves it. */
async function fill(side: Side, copy: Copy): Promise<void> {
  if ((await documentsOf(side)).length > 0 || (await drawnOf(side)).size > 0) {
    throw new Refused('There is something already where this would be restored to.', 1);
  }
  await noteRestored(side, [...copy.windows, [copy.madeAt, Date.now()]]);
  for (const { kind, id, document } of copy.changes) {
    if (document) await side.save(kind, id, document);
  }
  for (const piece of copy.drawn) await side.markDrawn(piece);

  const there = new Map((await documentsOf(side)).map((c) => [`${c.kind} ${c.id}`, c.document]));
  for (const { kind, id, document } of copy.changes) {
    if (!isDeepStrictEqual(there.get(`${kind} ${id}`), document)) {
      throw new Error(`${kind} ${id} is not as it was`);
    }
  }
  const drawn = await drawnOf(side);
  const wanted = copy.drawn.flat();
  if (there.size !== copy.changes.length || drawn.size !== wanted.length) {
    throw new Error('there is more, or less, than in the backup');
  }
  if (!wanted.every((number) => drawn.has(number))) throw new Error('drawn numbers differ');
}

async function intoFiles({ dataDir, secrets }: Config, copy: Copy): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  if ((await readdir(dataDir)).length > 0) throw new Refused('DATA_DIR: is not empty', 1);
  try {
    const engine = await openEmbedded({ dataDir, clock: realClock });
    await fill(engine, copy).finally(() => engine.close());
    for (const { name, pages, log } of copy.lives) {
      const file = join(dataDir, 'live', name);
      await writeFile(file, pages, { mode: 0o600 });
      await writeFile(`${file}-wal`, log, { mode: 0o600 });
    }
    // What is open is read as at a start: damage shows now.
    if (copy.lives.length > 0) await (await openEmbedded({ dataDir, clock: realClock })).close();
    if (copy.secret !== null && secrets === null) {
      await writeFile(join(dataDir, 'secret'), copy.secret, { mode: 0o600, flag: 'wx' });
    }
  } catch (error) {
    // It was empty: a part of a copy is worse than none.
    for (const name of await readdir(dataDir)) {
      await rm(join(dataDir, name), { recursive: true, force: true });
    }
    throw error;
  }
}

async function intoRedis(url: string, copy: Copy): Promise<void> {
  if (copy.changes.some(isOpen)) {
    throw new Refused('A NoSo was open: such a copy goes back into files only.', 1);
  }
  const engine = await openRedis({ url, clock: realClock });
  await fill(engine, copy).finally(() => engine.close());
}

/** What works again that may have been taken back since: whoever restores should look through it. */
function* revived({ changes }: Copy): Generator<string> {
  const venues = new Map(changes.flatMap((c) => (c.kind === 'venue' ? [[c.id, c.document]] : [])));
  for (const { kind, document } of changes) {
    if (!document) continue;
    if (kind === 'organizer') yield `key    ${document.label}`;
    else if (kind === 'wall') {
      const venue = venues.get(document.venue) as { name: string } | undefined;
      yield `wall   ${document.name}${venue ? `, ${venue.name}` : ''}`;
    }
  }
}

function tell(copy: Copy, config: Config): void {
  const names = [...revived(copy)];
  const lines = [
    `Everything is as it was on ${new Date(copy.madeAt).toISOString()}.`,
    ...(names.length > 0 ? ['These open again what they opened then:'] : []),
    ...names.map((name) => `  ${name}`),
    'Kept numbers that were given out since are not known any more.',
  ];
  if (config.redisUrl !== null || copy.secret === null) {
    lines.push('Set NOSO_SECRET to what it was, or every token of then is void.');
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function main(args: string[]): Promise<void> {
  const [path, ...rest] = args;
  if (path === undefined || path.startsWith('-') || rest.length > 0) throw new Refused(USAGE);
  const read = readConfig(process.env);
  if ('faults' in read) throw new Refused(read.faults.join('\n'), 78);
  const { config } = read;
  const copy = await readCopy(path);
  if (config.redisUrl === null) await intoFiles(config, copy);
  else await intoRedis(config.redisUrl, copy);
  tell(copy, config);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof Refused ? error.code : 1;
});
