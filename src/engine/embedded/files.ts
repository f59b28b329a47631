import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import Database from 'libsql';
import { laterVersion, type Step, versionOf } from '../layouts.js';
import { DataDirError } from './damage.js';
import { checkWal, committedPage } from './wal.js';

export type File = InstanceType<typeof Database>;

/** The tables of a file of ours as they were at first, and what has become of them (layouts.ts). */
export type Layout = {
  schema: string;
  steps: readonly Step[];
  /** Pragmas besides those of every file. */
  settings?: string;
  /** Takes a step, where that is not done once for the whole file. */
  take?: (file: File, sql: string) => void;
};

/** How long another process may take to let go of its files after it has let go of the folder, ms. */
const LETTING_GO = 1000;

/**
 * Opens a database of ours, having checked it, and lays it out if it is new, or brings it up if it is
 * of an earlier version. Durable at commit (`synchronous`), and what is deleted is overwritten
 * (`secure_delete`). The file belongs to this connection alone, which spares the shared-memory file
 * as well.
 */
export function openFile(path: string, layout: Layout): File {
  refuseLater(path, layout.steps);
  checkWal(path);
  let file: File | null = null;
  try {
    file = new Database(path);
    file.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA busy_timeout = ${LETTING_GO};
      PRAGMA cache_size = -256;
      ${layout.settings ?? ''}
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
    `);
    checkPages(file, path);
    bringUp(file, layout);
    return file;
  } catch (error) {
    file?.close();
    throw asDamage(error, path);
  }
}

/** All steps that it lacks, or none. */
function bringUp(file: File, { schema, steps, take }: Layout): void {
  const [version] = file.prepare('PRAGMA user_version').raw().get() as [number];
  if (version === versionOf(steps)) return;
  inTransaction(file, () => {
    if (version === 0) file.exec(schema);
    for (const { sql } of steps.slice(Math.max(0, version - 1))) {
      if (sql === undefined) continue;
      if (take) take(file, sql);
      else file.exec(sql);
    }
    file.pragma(`user_version = ${versionOf(steps)}`);
  });
}

/**
 * Throws if a file is of a later version than this program. It is looked at without opening it as a
 * database, which would write: what is not ours to read stays as it is, to the byte (U1).
 */
export function refuseLater(path: string, steps: readonly Step[]): void {
  const version = versionIn(path);
  const known = versionOf(steps);
  if (version > known) throw new DataDirError(laterVersion(path, version, known));
}

/** Where SQLite keeps `user_version`, in the first page. https://www.sqlite.org/fileformat2.html */
const VERSION_AT = 60;

function versionIn(path: string): number {
  const wal = `${path}-wal`;
  const logged = existsSync(wal) ? committedPage(readFileSync(wal), 1) : null;
  if (logged) return logged.readUInt32BE(VERSION_AT);
  if (!existsSync(path)) return 0;
  const head = Buffer.alloc(VERSION_AT + 4);
  const file = openSync(path, 'r');
  try {
    const whole = readSync(file, head) === head.length && head.toString('latin1', 0, 15) === MAGIC;
    // What is no database is told so by SQLite.
    return whole ? head.readUInt32BE(VERSION_AT) : 0;
  } finally {
    closeSync(file);
  }
}
const MAGIC = 'SQLite format 3';

/** Runs `work` in a transaction: all of it or nothing. */
export function inTransaction<T>(file: File, work: () => T): T {
  file.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    file.exec('COMMIT');
    return result;
  } catch (error) {
    if (file.inTransaction) file.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Brings into the file what the log beside it holds, and cuts the log to nothing. Throws if that
 * cannot be done now.
 */
export function emptyLog(file: File): void {
  const [busy] = file.prepare('PRAGMA wal_checkpoint(TRUNCATE)').raw().get() as [number];
  if (busy !== 0) throw new Error('the write-ahead log could not be emptied');
}

function checkPages(file: File, path: string): void {
  const [first] = file.prepare('PRAGMA quick_check(1)').raw().all() as [string][];
  if (first?.[0] !== 'ok') throw new DataDirError(`${path} is damaged: ${first?.[0]}`);
}

const PROBE = 64 * 1024;

/** An empty commit proves nothing: this one needs room, and gives it back. Throws if there is none. */
export function probe(file: File): void {
  file.exec('CREATE TABLE IF NOT EXISTS room (filler BLOB)');
  file.exec(`INSERT INTO room VALUES (zeroblob(${PROBE}))`);
  file.exec('DROP TABLE room');
}

const DAMAGE = /^SQLITE_(CORRUPT|NOTADB)/;

/** SQLite's own words for a damaged file, as our error. */
export function asDamage(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (DAMAGE.test(code)) return new DataDirError(`${path} is damaged: ${(error as Error).message}`);
  return error;
}

/**
 * Takes the folder for this process, or throws. The system's own file lock: it is gone with the
 * process, however that ends. Returns the unlocking.
 */
export function lockFolder(dataDir: string, path: string): () => void {
  const lock = new Database(path);
  try {
    // Nothing is ever written: a full disk does not keep the folder from being taken.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE;');
  } catch (error) {
    lock.close();
    if (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY') {
      throw new DataDirError(`${dataDir} is in use by another process`);
    }
    throw asDamage(error, path);
  }
  return () => {
    lock.exec('ROLLBACK');
    lock.close();
  };
}

/**
 * Deletes a database that may have been open. It is emptied first, because the library holds a closed
 * file open until its statements have been collected, and a deleted file lives as long as it is held.
 */
export function destroyFile(path: string): void {
  for (const each of [`${path}-wal`, `${path}-shm`, `${path}-journal`, path]) {
    if (!existsSync(each)) continue;
    truncateSync(each);
    rmSync(each);
  }
}
