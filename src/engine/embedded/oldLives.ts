import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LIVE } from '../layouts.js';
import { destroyFile, type Layout, openFile, refuseLater } from './files.js';
import type { Loaded } from './jobs.js';
import { called, readTables, schemaOf, type Tables } from './nosoTables.js';

// Before version 8 of the catalogue each open NoSo had a file of its own, in the folder `live`. What is
// there is moved into the one database at the start (U1).

const OLD: Tables = { log: 'log', seen: 'seen' };
const OLD_FILE: Layout = {
  schema: schemaOf(OLD),
  steps: LIVE,
  take: (file, sql) => file.exec(called(sql, OLD)),
};

/** The file that a NoSo had. */
export const oldFileOf = (folder: string, noso: string): string =>
  join(folder, `${encodeURIComponent(noso)}.db`);

/** Every database there, one of which perhaps the log alone is left. */
export function oldFilesIn(folder: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return [...new Set(names.map((name) => join(folder, name.replace(/-(wal|shm|journal)$/, ''))))];
}

/** Throws if one of them is of a later version, before any is opened. */
export function refuseLaterOld(folder: string): void {
  for (const path of oldFilesIn(folder)) refuseLater(path, LIVE);
}

/** What such a file holds, proven. Throws a `DataDirError` that names it. */
export function readOld(path: string): Loaded {
  const file = openFile(path, OLD_FILE);
  try {
    const { entries, heard } = readTables(file, OLD, path);
    return { entries, heard };
  } finally {
    file.close();
  }
}

/** Deletes what is left there. */
export function destroyOld(folder: string): void {
  for (const path of oldFilesIn(folder)) destroyFile(path);
  rmSync(folder, { recursive: true, force: true });
}
