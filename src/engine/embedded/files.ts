import { existsSync, rmSync, truncateSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Database from 'libsql';
import { DataDirError } from './damage.js';
import { checkWal } from './wal.js';

/** The layout of our files; a higher one is of a later version of this program. */
const LAYOUT = 1;

export type File = InstanceType<typeof Database>;

/**
 * Opens a database of ours, having checked it, and lays it out if it is new. Durable at commit
 * (`synchronous`), and what is deleted is overwritten (`secure_delete`). The file belongs to this
 * connection alone, which spares the shared-memory file as well.
 */
export function openFile(path: string, schema: string): File {
  checkWal(path);
  try {
    const file = new Database(path);
    file.exec(`
      PRAGMA locking_mode = EXCLUSIVE;
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      PRAGMA cache_size = -256;
    `);
    checkPages(file, path);
    const [layout] = file.prepare('PRAGMA user_version').raw().get() as [number];
    if (layout > LAYOUT) throw new DataDirError(`${path} is of a later version`);
    if (layout === 0) file.exec(`BEGIN; ${schema}; PRAGMA user_version = ${LAYOUT}; COMMIT;`);
    return file;
  } catch (error) {
    throw asDamage(error, path);
  }
}

function checkPages(file: File, path: string): void {
  const [first] = file.prepare('PRAGMA quick_check(1)').raw().all() as [string][];
  if (first?.[0] !== 'ok') throw new DataDirError(`${path} is damaged: ${first?.[0]}`);
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
 * Deletes a database. It is emptied first, because the library holds a closed file open until its
 * statements have been collected, and a deleted file lives as long as it is held.
 */
export function destroyFile(path: string): void {
  for (const each of [`${path}-wal`, `${path}-shm`, `${path}-journal`, path]) {
    if (!existsSync(each)) continue;
    truncateSync(each);
    rmSync(each);
  }
}

/** Collects garbage now: the only way to make the library let go of a closed file. */
export function collect(): void {
  if (!gc) {
    setFlagsFromString('--expose-gc');
    gc = runInNewContext('gc') as () => void;
  }
  gc();
}
let gc: (() => void) | null = null;
