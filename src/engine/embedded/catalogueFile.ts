import { crc32 } from 'node:zlib';
import type { Kind } from '../engine.js';
import { DataDirError } from './damage.js';
import { openFile } from './files.js';
import type { Row } from './jobs.js';
import { inTransaction } from './liveFile.js';
import { checkNumbers, NUMBERS_SCHEMA, openNumbers } from './numbersFile.js';

const SCHEMA = `
  CREATE TABLE documents (
    kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, document TEXT,
    sum INTEGER NOT NULL, PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE spent (id TEXT PRIMARY KEY, until REAL NOT NULL) STRICT, WITHOUT ROWID;
  ${NUMBERS_SCHEMA}
`;

/** Documents, ids that were spent, and the bits of drawn numbers. */
export type CatalogueFile = {
  rows(): Row[];
  spent(now: number): [id: string, until: number][];
  put(rows: Row[]): void;
  spend(id: string, until: number, now: number): void;
  draw(count: number): Float64Array<ArrayBuffer>;
  close(): void;
};

const sumOf = (row: Row): number =>
  crc32(JSON.stringify([row.kind, row.id, row.revision, row.document]));

export function openCatalogueFile(path: string): CatalogueFile {
  const file = openFile(path, SCHEMA);
  checkNumbers(file, path);
  const numbers = openNumbers(file, path);
  const write = file.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)');
  return {
    rows() {
      const read = file.prepare('SELECT kind, id, revision, document, sum FROM documents').raw();
      const all = read.all() as [Kind, string, number, string | null, number][];
      return all.map(([kind, id, revision, document, sum]) => {
        const row = { kind, id, revision, document };
        if (sumOf(row) !== sum) throw new DataDirError(`${path} is damaged: ${kind} ${id}`);
        return row;
      });
    },
    spent(now) {
      const read = file.prepare('SELECT id, until FROM spent WHERE until > ?').raw();
      return read.all(now) as [string, number][];
    },
    put(rows) {
      inTransaction(file, () => {
        for (const row of rows) {
          write.run(row.kind, row.id, row.revision, row.document, sumOf(row));
        }
      });
      // What was deleted is overwritten in the file, and must not live on in the log beside it.
      if (rows.some((row) => row.document === null)) file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    },
    spend(id, until, now) {
      inTransaction(file, () => {
        file.prepare('DELETE FROM spent WHERE until <= ?').run(now);
        file.prepare('INSERT OR REPLACE INTO spent VALUES (?, ?)').run(id, until);
      });
    },
    draw(count) {
      return inTransaction(file, () => numbers.draw(count));
    },
    close() {
      file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      file.close();
    },
  };
}
