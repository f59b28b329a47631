import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readDocument } from '../documents.js';
import type { Change } from '../engine.js';
import { openCatalogueFile } from './catalogueFile.js';
import { DataDirError } from './damage.js';
import { fileName, type Row } from './jobs.js';

/** Looks until one was at a quiet instant; the log of changes is begun anew every few seconds at most. */
const LOOKS = 100;
const BETWEEN = 20;

/** The file of an open NoSo and its log, as they are. */
export type LiveCopy = { name: string; pages: Buffer; log: Buffer };

/** What is in the folder of an engine, as of one instant. */
export type Beside = {
  changes: Change[];
  /** All that were ever drawn, some at a time. */
  drawn: number[][];
  /** What single-use ids and reservations there are, until when. */
  spent: [id: string, until: number][];
  /** The files of open NoSos; their numbers are all among those that were drawn. */
  lives: LiveCopy[];
  /** Whether something of a NoSo that is not open is still on disk. */
  unforgotten: boolean;
};

/**
 * Reads the folder of a running process from beside it, or of none. The process has its files to
 * itself, so they are copied as they are and the copy is opened: pages of the database that are being
 * rewritten meanwhile are all in the log of changes, as long as that is not begun anew; where it was,
 * all is read again. The copy is checked as any file is at a start, and removed.
 */
export async function readBeside(dataDir: string): Promise<Beside> {
  const folder = await mkdtemp(join(tmpdir(), 'noso-copy-'));
  try {
    return await attempt(dataDir, folder, LOOKS);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function attempt(dataDir: string, folder: string, looks: number): Promise<Beside> {
  const copy = join(folder, `${looks}.db`);
  try {
    // Before the catalogue: whoever is seated there was drawn before, and is in what is read after.
    const lives = await livesIn(join(dataDir, 'live'));
    const found = await snapshot(join(dataDir, 'catalogue.db'));
    if (lives && found) {
      await writeFile(copy, found.pages, { mode: 0o600 });
      await writeFile(`${copy}-wal`, found.log, { mode: 0o600 });
      const all = await read(dataDir, copy, lives);
      if (all) return all;
    }
  } catch (error) {
    // The end of the log may have been read while it was written: then another look is right.
    if (!(error instanceof DataDirError) || looks > LOOKS - 3) throw error;
  }
  if (looks === 0) throw new DataDirError(`${dataDir} changes too fast to be read`);
  await pause(BETWEEN);
  return attempt(dataDir, folder, looks - 1);
}

/** Null if a NoSo was opened meanwhile. */
async function read(dataDir: string, copy: string, lives: LiveCopy[]): Promise<Beside | null> {
  const file = openCatalogueFile(copy);
  try {
    const changes = file.rows().flatMap(changeOf);
    const drawn: number[][] = [];
    for (let piece = file.drawnFrom(0); piece; piece = file.drawnFrom(piece.next)) {
      drawn.push(Array.from(piece.numbers));
    }
    const open = new Set(
      changes.flatMap((c) =>
        c.kind === 'noso' && c.document?.life.is === 'open' ? [fileName(c.id)] : [],
      ),
    );
    const live = await readdir(join(dataDir, 'live')).catch(none);
    const unforgotten = live.some((name) => !open.has(name.replace(/-(wal|shm|journal)$/, '')));
    const ofOpen = lives.filter(({ name }) => open.has(name));
    if (ofOpen.length < open.size) return null;
    return {
      changes,
      drawn,
      spent: file.spent(0),
      lives: ofOpen,
      unforgotten,
    };
  } finally {
    file.close();
  }
}

function changeOf({ kind, id, revision, document }: Row): Change[] {
  if (document === null) return [];
  return [{ kind, id, revision, document: readDocument(kind, id, document) } as Change];
}

/** The files of all open NoSos; null if one of them was not read at one instant. */
async function livesIn(folder: string): Promise<LiveCopy[] | null> {
  const names = (await readdir(folder).catch(none)).filter((name) => name.endsWith('.db'));
  const all: LiveCopy[] = [];
  for (const name of names) {
    const found = await snapshot(join(folder, name)).catch(empty);
    if (found === null) return null;
    // One that is gone was closed: its NoSo is not open in what is read after.
    if ('pages' in found) all.push({ name, ...found });
  }
  return all;
}

/** A database and its log, as they are; null if that was not at one instant. */
async function snapshot(from: string): Promise<{ pages: Buffer; log: Buffer } | null> {
  const path = `${from}-wal`;
  const before = await headOf(path);
  const pages = await readFile(from);
  const log = await readFile(path).catch(empty);
  // Without a log, whatever was written in between went into the pages.
  if (log.length === 0 && !(await readFile(from)).equals(pages)) return null;
  const after = await headOf(path);
  if (!before.equals(after) || !before.equals(log.subarray(0, HEAD))) return null;
  return { pages, log };
}

/** The head of a log: its salts are others each time that it is begun anew. */
const HEAD = 32;

async function headOf(log: string): Promise<Buffer> {
  const file = await open(log).catch(none);
  if (Array.isArray(file)) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const absent = (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ENOENT') throw error;
};
const none = (error: NodeJS.ErrnoException): never[] => {
  absent(error);
  return [];
};
const empty = (error: NodeJS.ErrnoException): Buffer => {
  absent(error);
  return Buffer.alloc(0);
};
