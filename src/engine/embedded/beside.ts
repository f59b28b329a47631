import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readDocument } from '../documents.js';
import type { Change } from '../engine.js';
import { openCatalogueFile } from './catalogueFile.js';
import { DataDirError } from './damage.js';
import { CATALOGUE_NAME, LIVES_NAME, type LiveCopy, OLD_NAME, type Row } from './jobs.js';
import { openLivesFile } from './livesFile.js';
import { oldFileOf, oldFilesIn, readOld } from './oldLives.js';

/** Looks until one was at a quiet instant; the log of changes is begun anew every few seconds at most. */
const LOOKS = 100;
const BETWEEN = 20;

/** What is in the folder of an engine, as of one instant. */
export type Beside = {
  changes: Change[];
  /** All that were ever drawn, some at a time. */
  drawn: number[][];
  /** What single-use ids and reservations there are, until when. */
  spent: [id: string, until: number][];
  /** The logs of open NoSos, where they were asked for; their numbers are all among those drawn. */
  lives: LiveCopy[];
  /** Whether something of a NoSo that is not open is still on disk. */
  unforgotten: boolean;
};

/**
 * Reads the folder of a running process from beside it, or of none; with `numbers`, what is kept of open
 * NoSos as well. The process has its files to itself, so they are copied as they are and the copy is
 * opened: pages of the database that are being rewritten meanwhile are all in the log of changes, as
 * long as that is not begun anew; where it was, all is read again. The copy is checked as any file is
 * at a start, and removed.
 */
export async function readBeside(dataDir: string, numbers = false): Promise<Beside> {
  const folder = await mkdtemp(join(tmpdir(), 'noso-copy-'));
  try {
    return await attempt(dataDir, folder, numbers, LOOKS);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function attempt(
  dataDir: string,
  folder: string,
  numbers: boolean,
  looks: number,
): Promise<Beside> {
  const copies = join(folder, String(looks));
  try {
    // Before the catalogue: whoever is seated there was drawn before, and is in what is read after.
    const lives = numbers ? await livesIn(dataDir, copies) : [];
    const path = await copied(join(dataDir, CATALOGUE_NAME), copies);
    if (lives && path) {
      const all = read(dataDir, path, numbers ? lives : null);
      if (all) return all;
    }
  } catch (error) {
    // The end of the log may have been read while it was written: then another look is right.
    if (!(error instanceof DataDirError) || looks > LOOKS - 3) throw error;
  }
  if (looks === 0) throw new DataDirError(`${dataDir} changes too fast to be read`);
  await pause(BETWEEN);
  return attempt(dataDir, folder, numbers, looks - 1);
}

/** Null if a NoSo was opened meanwhile. */
function read(dataDir: string, catalogue: string, lives: LiveCopy[] | null): Beside | null {
  const file = openCatalogueFile(catalogue);
  try {
    const changes = file.rows().flatMap(changeOf);
    const drawn: number[][] = [];
    for (let piece = file.drawnFrom(0); piece; piece = file.drawnFrom(piece.next)) {
      drawn.push(Array.from(piece.numbers));
    }
    const open = new Set(
      changes.flatMap((c) => (c.kind === 'noso' && c.document?.life.is === 'open' ? [c.id] : [])),
    );
    const old = join(dataDir, OLD_NAME);
    const known = new Set([...open].map((noso) => oldFileOf(old, noso)));
    const unforgotten =
      file.erasing().length > 0 || oldFilesIn(old).some((path) => !known.has(path));
    // One that is not open any more was closed meanwhile.
    const ofOpen = (lives ?? []).filter(({ noso }) => open.has(noso));
    if (lives && ofOpen.length < open.size) return null;
    return { changes, drawn, spent: file.spent(0), lives: ofOpen, unforgotten };
  } finally {
    file.close();
  }
}

function changeOf({ kind, id, revision, document }: Row): Change[] {
  if (document === null) return [];
  return [{ kind, id, revision, document: readDocument(kind, id, document) } as Change];
}

/** The logs of all open NoSos; null if they were not read at one instant. */
async function livesIn(dataDir: string, copies: string): Promise<LiveCopy[] | null> {
  const all: LiveCopy[] = [];
  // A folder that no process has opened since NoSos share a database.
  for (const path of oldFilesIn(join(dataDir, OLD_NAME))) {
    const copy = await copied(path, copies);
    if (copy === null) return null;
    const noso = decodeURIComponent(basename(path, '.db'));
    all.push({ noso, ...readOld(copy) });
  }
  const from = join(dataDir, LIVES_NAME);
  if ((await headOf(from)).length === 0 && (await headOf(`${from}-wal`)).length === 0) return all;
  const copy = await copied(from, copies);
  if (copy === null) return null;
  const file = openLivesFile(copy);
  try {
    for (const noso of file.nosos()) all.push({ noso, ...file.load(noso) });
  } finally {
    file.close();
  }
  return all;
}

/** Copies a database and its log; where to, or null if that was not at one instant. */
async function copied(from: string, copies: string): Promise<string | null> {
  const found = await snapshot(from);
  if (!found) return null;
  const copy = `${copies}-${basename(from)}`;
  await writeFile(copy, found.pages, { mode: 0o600 });
  await writeFile(`${copy}-wal`, found.log, { mode: 0o600 });
  return copy;
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

/** The first bytes of a file; none where there is none. */
async function headOf(path: string): Promise<Buffer> {
  const file = await open(path).catch(none);
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
