import type Database from 'libsql';
import { LIVE } from '../layouts.js';
import { pieces, sumAfter } from './entries.js';
import { emptyLog, inTransaction, type Layout, openFile, probe } from './files.js';
import type { Loaded, Part } from './jobs.js';
import { called, nososIn, readTables, schemaOf, sumOfSeen, tablesOf } from './nosoTables.js';
import { placeOf } from './place.js';

/**
 * A commit writes the last page of the log of every NoSo that it has something of: small pages cost
 * less. The log is brought into the file when it has grown to 4 MiB.
 */
const SMALL_PAGES = `
  PRAGMA page_size = 1024;
  PRAGMA wal_autocheckpoint = 4096;
  PRAGMA cache_size = -4096;
`;

export const LIVES_FILE: Layout = {
  schema: '',
  steps: LIVE,
  settings: SMALL_PAGES,
  take(file, sql) {
    for (const noso of nososIn(file)) file.exec(called(sql, tablesOf(noso)));
  },
};

/** Entries in a row of a log that was kept elsewhere. */
const IN_A_ROW = 1000;

/** With more pages free than these, and nothing kept, the file is made small again. */
const FREE = 1024;

/** The database of all open NoSos: whatever comes in a turn of the event loop is one commit. */
export type LivesFile = {
  /** Those of which it keeps something. */
  nosos(): string[];
  /**
   * Begins a log in the place of whatever there is of that NoSo: an empty one, or with what was kept
   * elsewhere.
   */
  create(noso: string, from?: Loaded): void;
  /** All parts in one commit; `entries` are theirs, one after the other. */
  append(parts: readonly Part[], entries: Uint8Array): void;
  load(noso: string): Loaded;
  /** Erases every trace of NoSos, those that are not there (any more) as well (L4). */
  erase(nosos: readonly string[]): void;
  probe(): void;
  /** Throws `Moved` if it is not at its path any more. */
  assertThere(): void;
  close(): void;
};

type Statement = Database.Statement<unknown[]>;
/** `sum` is of the whole log as it is in the file. */
type Kept = { sum: number; insert?: Statement; see?: Statement };

export function openLivesFile(path: string): LivesFile {
  const file = openFile(path, LIVES_FILE);
  const kept = new Map<string, Kept>(nososIn(file).map((noso) => [noso, { sum: 0 }]));

  const of = (noso: string): Kept => {
    const found = kept.get(noso);
    if (!found) throw new Error(`${path} has no log of ${noso}`);
    return found;
  };
  const drop = (noso: string) => {
    const { log, seen } = tablesOf(noso);
    file.exec(`DROP TABLE IF EXISTS ${log}; DROP TABLE IF EXISTS ${seen};`);
  };
  const add = (noso: string, first: number, piece: Uint8Array, before: number): number => {
    const life = of(noso);
    const after = sumAfter(before, piece);
    life.insert ??= file.prepare(`INSERT INTO ${tablesOf(noso).log} VALUES (?, ?, ?)`);
    life.insert.run(first, piece, after);
    return after;
  };
  const see = (noso: string, heard: Float64Array) => {
    const life = of(noso);
    life.see ??= file.prepare(`INSERT OR REPLACE INTO ${tablesOf(noso).seen} VALUES (?, ?, ?, ?)`);
    for (let k = 0; k < heard.length; k += 3) {
      const row = heard.subarray(k, k + 3);
      life.see.run(row[0], row[1], row[2], sumOfSeen(row));
    }
  };

  return {
    nosos: () => [...kept.keys()],
    create(noso, from) {
      const tables = tablesOf(noso);
      kept.set(noso, { sum: 0 });
      try {
        inTransaction(file, () => {
          drop(noso);
          file.exec(schemaOf(tables));
          for (const { sql = '' } of LIVE) file.exec(called(sql, tables));
          if (!from) return;
          let sum = 0;
          for (const { first, piece } of pieces(from.entries, IN_A_ROW)) {
            sum = add(noso, first, piece, sum);
          }
          see(noso, from.heard);
        });
      } catch (error) {
        kept.delete(noso);
        throw error;
      }
    },
    append(parts, entries) {
      const sums = inTransaction(file, () => {
        let place = 0;
        return parts.map(({ noso, first, bytes, heard }) => {
          if (heard !== null) see(noso, heard);
          const { sum } = of(noso);
          const piece = entries.subarray(place, place + bytes);
          place += bytes;
          return bytes > 0 ? add(noso, first, piece, sum) : sum;
        });
      });
      for (const [k, { noso }] of parts.entries()) of(noso).sum = sums[k] as number;
    },
    load(noso) {
      const { entries, heard, sum } = readTables(file, tablesOf(noso), path);
      of(noso).sum = sum;
      return { entries, heard };
    },
    erase(nosos) {
      inTransaction(file, () => {
        for (const noso of nosos) drop(noso);
      });
      for (const noso of nosos) kept.delete(noso);
      const [free] = file.prepare('PRAGMA freelist_count').raw().get() as [number];
      if (kept.size === 0 && free > FREE) file.exec('VACUUM');
      // What was overwritten in the file must not live on in the log beside it.
      emptyLog(file);
    },
    probe: () => probe(file),
    assertThere: placeOf(path),
    close() {
      file.close();
    },
  };
}
