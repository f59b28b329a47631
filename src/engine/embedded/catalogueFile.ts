import { crc32 } from 'node:zlib';
import { readDocument, Unreadable } from '../documents.js';
import type { Kind } from '../engine.js';
import { CATALOGUE } from '../layouts.js';
import { DataDirError } from './damage.js';
import { emptyLog, inTransaction, type Layout, openFile, probe } from './files.js';
import type { Row } from './jobs.js';
import { checkNumbers, NUMBERS_SCHEMA, type NumbersFile, openNumbers } from './numbersFile.js';
import { placeOf } from './place.js';

/** Version 1; see layouts.ts. */
const SCHEMA = `
  CREATE TABLE documents (
    kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, document TEXT,
    sum INTEGER NOT NULL, PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE spent (
    id TEXT PRIMARY KEY, until REAL NOT NULL, sum INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  ${NUMBERS_SCHEMA}
`;

export const CATALOGUE_FILE: Layout = { schema: SCHEMA, steps: CATALOGUE };

/** Documents, ids that were spent, and the bits of drawn numbers. */
export type CatalogueFile = {
  rows(): Row[];
  spent(now: number): [id: string, until: number][];
  /** Who means to come. */
  intents(): [noso: string, digest: string][];
  intend(noso: string, digest: string, will: boolean): void;
  /**
   * Writes documents, forgets who means to come to NoSos, and notes that every trace of `erasing`, if
   * any, is to be erased.
   */
  put(rows: Row[], forget: readonly string[], erasing: string | null): void;
  /** NoSos of which something may still have to be erased (L4). */
  erasing(): string[];
  /** Nothing of them is left. */
  erased(nosos: readonly string[]): void;
  spend(id: string, until: number, now: number): void;
  draw: NumbersFile['draw'];
  drawn: NumbersFile['count'];
  drawnFrom: NumbersFile['from'];
  mark(numbers: Float64Array): void;
  probe(): void;
  /** Throws `Moved` if it is not at its path any more. */
  assertThere(): void;
  close(): void;
};

const sumOf = (...values: (string | number | null)[]): number => crc32(JSON.stringify(values));

function assertReadable(path: string, kind: Kind, id: string, document: string): void {
  try {
    readDocument(kind, id, document);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new DataDirError(`${path} cannot be read: ${error.message}`);
  }
}

export function openCatalogueFile(path: string): CatalogueFile {
  const file = openFile(path, CATALOGUE_FILE);
  checkNumbers(file, path);
  const numbers = openNumbers(file, path);
  const write = file.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)');
  // The id of what was deleted stays for as long as it is the last that was written: revisions
  // go by it. Who is to learn that it is gone is in this process.
  const drop = file.prepare('DELETE FROM documents WHERE document IS NULL AND revision < ?');
  return {
    rows() {
      const read = file.prepare('SELECT kind, id, revision, document, sum FROM documents').raw();
      const all = read.all() as [Kind, string, number, string | null, number][];
      return all.map(([kind, id, revision, document, sum]) => {
        if (sumOf(kind, id, revision, document) !== sum) {
          throw new DataDirError(`${path} is damaged: a document`);
        }
        if (document !== null) assertReadable(path, kind, id, document);
        return { kind, id, revision, document };
      });
    },
    spent(now) {
      const all = file.prepare('SELECT id, until, sum FROM spent').raw().all();
      return (all as [string, number, number][]).flatMap(([id, until, sum]) => {
        if (sumOf(id, until) !== sum) throw new DataDirError(`${path} is damaged: a spent id`);
        return until > now ? [[id, until] as [string, number]] : [];
      });
    },
    intents() {
      const all = file.prepare('SELECT noso, digest, sum FROM intents').raw().all();
      for (const [noso, digest, sum] of all as [string, string, number][]) {
        if (sumOf(noso, digest) !== sum) throw new DataDirError(`${path} is damaged: an intent`);
      }
      return (all as [string, string, number][]).map(([noso, digest]) => [noso, digest]);
    },
    intend(noso, digest, will) {
      inTransaction(file, () => {
        if (will) {
          file
            .prepare('INSERT OR REPLACE INTO intents VALUES (?, ?, ?)')
            .run(noso, digest, sumOf(noso, digest));
        } else {
          file.prepare('DELETE FROM intents WHERE noso = ? AND digest = ?').run(noso, digest);
        }
      });
      if (!will) emptyLog(file);
    },
    put(rows, forget, erasing) {
      inTransaction(file, () => {
        if (erasing !== null) {
          file.prepare('INSERT OR IGNORE INTO forgetting VALUES (?)').run(erasing);
        }
        for (const row of rows) {
          const { kind, id, revision, document } = row;
          write.run(kind, id, revision, document, sumOf(kind, id, revision, document));
        }
        for (const noso of forget) file.prepare('DELETE FROM intents WHERE noso = ?').run(noso);
        drop.run(Math.max(...rows.map((row) => row.revision)));
      });
      // What was deleted is overwritten in the file, and must not live on in the log beside it.
      if (forget.length > 0 || rows.some((row) => row.document === null)) emptyLog(file);
    },
    erasing() {
      const all = file.prepare('SELECT noso FROM forgetting').raw().all() as [string][];
      return all.map(([noso]) => noso);
    },
    erased(nosos) {
      const done = file.prepare('DELETE FROM forgetting WHERE noso = ?');
      inTransaction(file, () => {
        for (const noso of nosos) done.run(noso);
      });
    },
    spend(id, until, now) {
      inTransaction(file, () => {
        file.prepare('DELETE FROM spent WHERE until <= ?').run(now);
        file
          .prepare('INSERT OR REPLACE INTO spent VALUES (?, ?, ?)')
          .run(id, until, sumOf(id, until));
      });
    },
    drawn: numbers.count,
    draw(wanted) {
      return inTransaction(file, () => numbers.draw(wanted));
    },
    drawnFrom: numbers.from,
    mark(marked) {
      inTransaction(file, () => numbers.mark(marked));
    },
    probe: () => probe(file),
    assertThere: placeOf(path),
    close() {
      emptyLog(file);
      file.close();
    },
  };
}
