// npm run restore -- FILE    puts a backup into an empty DATA_DIR, or the empty Redis at REDIS_URL
//
// No server may run there. Ends by comparing what is there with what the file says.
import './quiet.js';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { realClock } from '../clock.js';
import { type Config, readConfig } from '../config.js';
import { isUnavailable } from '../engine/deadline.js';
import { makeFolder } from '../engine/embedded/dataFolder.js';
import { OLD_NAME } from '../engine/embedded/jobs.js';
import { openEmbedded } from '../engine/embedded/openEmbedded.js';
import type { Change } from '../engine/engine.js';
import { openRedis } from '../engine/redis/openRedis.js';
import type { RedisEngine } from '../engine/redis/redisEngine.js';
import type { Window } from '../service/restored.js';
import { type Copy, readCopy } from './backupFile.js';
import { syncFolder, writeDurably } from './durably.js';
import { documentsOf, drawnOf, isOpen, putIdentity, type Side } from './everything.js';
import { Refused } from './refused.js';

const USAGE = 'usage: npm run restore -- FILE';

const SOMETHING = 'There is something already where this would be restored to.';

/** Puts everything into an engine that holds nothing, and proves it. */
async function fill(
  side: Side,
  copy: Copy,
  first: () => Promise<void> = async () => {},
): Promise<void> {
  if ((await documentsOf(side)).length > 0 || (await drawnOf(side)).size > 0) {
    throw new Refused(SOMETHING, 1);
  }
  const { installation, address, windows } = copy;
  const since: Window = [copy.madeAt, Date.now()];
  if (!(await putIdentity(side, { installation, address, windows: [...windows, since] })))
    throw new Refused(SOMETHING, 1);
  await first();
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
  makeFolder(dataDir);
  if ((await readdir(dataDir)).length > 0) throw new Refused('DATA_DIR: is not empty', 1);
  const { lives, oldLives = [] } = copy;
  if (copy.changes.filter(isOpen).length > lives.length + oldLives.length) {
    throw new Refused('A NoSo was open in Redis: such a copy goes back into Redis only.', 1);
  }
  try {
    const engine = await openEmbedded({ dataDir, clock: realClock });
    await fill(engine, copy).finally(() => engine.close());
    if (oldLives.length > 0) await mkdir(join(dataDir, OLD_NAME), { mode: 0o700 });
    for (const { name, pages, log } of oldLives) {
      const file = join(dataDir, OLD_NAME, name);
      await writeDurably(file, pages);
      await writeDurably(`${file}-wal`, log);
    }
    if (oldLives.length > 0) await syncFolder(join(dataDir, OLD_NAME));
    // What is open is read as at a start: damage shows now.
    if (lives.length + oldLives.length > 0) {
      await (await openEmbedded({ dataDir, clock: realClock, copies: lives })).close();
    }
    if (copy.secret !== null && secrets === null) {
      await writeDurably(join(dataDir, 'secret'), copy.secret);
    }
    // What is said to be there is there, whatever becomes of the power.
    for (const folder of [dataDir, dirname(resolve(dataDir))]) await syncFolder(folder);
  } catch (error) {
    // It was empty: a part of a copy is worse than none.
    for (const name of await readdir(dataDir)) {
      await rm(join(dataDir, name), { recursive: true, force: true });
    }
    throw error;
  }
}

/** How long a copy with numbers may take until it is answered for, ms. */
const SETTLES = 10_000;

async function intoRedis(url: string, copy: Copy): Promise<void> {
  const open = new Map(copy.changes.filter(isOpen).map((change) => [change.id, change]));
  if (open.size > copy.keys.length) {
    throw new Refused('A NoSo was open in files: such a copy goes back into files only.', 1);
  }
  const engine = await openRedis({ url, clock: realClock });
  try {
    await fill(engine, copy, () => putSeats(engine, copy, open));
    for (const id of open.keys()) await answered(engine, id);
  } finally {
    await engine.close();
  }
}

/** Ahead of the documents: whoever finds an open NoSo without seats gives it none. */
async function putSeats(
  engine: RedisEngine,
  copy: Copy,
  open: ReadonlyMap<string, Change>,
): Promise<void> {
  for (const keys of copy.keys) {
    const change = open.get(keys.noso);
    if (change?.kind === 'noso' && change.document) await engine.putOpen(change.document, keys);
  }
}

/** Once it is read there, as at a start: what is damaged shows now. */
async function answered(engine: RedisEngine, noso: string): Promise<void> {
  const until = Date.now() + SETTLES;
  for (;;) {
    try {
      await engine.tail(noso, null);
      return;
    } catch (error) {
      if (!isUnavailable(error) || Date.now() > until) throw error;
      await pause(100);
    }
  }
}

/** What works again that may have been taken back since: whoever restores should look through it. */
function* revived({ changes }: Copy): Generator<string> {
  const venues = new Map(changes.flatMap((c) => (c.kind === 'venue' ? [[c.id, c.document]] : [])));
  const nosos = new Map(changes.flatMap((c) => (c.kind === 'noso' ? [[c.id, c.document]] : [])));
  for (const { kind, document } of changes) {
    if (!document) continue;
    if (kind === 'organizer') yield `key    ${document.label}`;
    else if (kind === 'door') {
      const noso = nosos.get(document.noso);
      yield `door   ${[document.name, noso?.title].filter(Boolean).join(', ')}`;
    } else if (kind === 'wall') {
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
    'Kept numbers that were given out since are not known any more, nor who said that they will be there.',
  ];
  // With files and no setting the copy's own secret is in its place.
  const own = config.redisUrl === null && config.secrets === null && copy.secret !== null;
  const known = copy.secret !== null && config.secrets?.includes(copy.secret);
  if (copy.secret === null) {
    lines.push('Set NOSO_SECRET to what it was, or every token of then is void.');
  } else if (!own && !known) {
    lines.push(
      'NOSO_SECRET is another than what signed then: every token of then is void, unless it names',
      'that one too (new,old). It is in the first line of the copy.',
    );
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
