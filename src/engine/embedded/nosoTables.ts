import { crc32 } from 'node:zlib';
import { DataDirError } from './damage.js';
import { sumAfter } from './entries.js';
import type { File } from './files.js';
import type { Loaded } from './jobs.js';

/**
 * What is kept of one open NoSo. Tables of its own, because what was deleted may stay behind in the
 * gaps of a page that others go on using, but of a table that is dropped every page is overwritten.
 */
export type Tables = { log: string; seen: string };

/** Names in SQLite do not tell upper from lower case; hexadecimal does without. */
export function tablesOf(noso: string): Tables {
  const name = Buffer.from(noso).toString('hex');
  return { log: `log_${name}`, seen: `seen_${name}` };
}

/** The NoSos that have tables in a file. */
export function nososIn(file: File): string[] {
  const logs = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'log_*'";
  const names = file.prepare(logs).raw().all() as [string][];
  return names.map(([name]) => Buffer.from(name.slice('log_'.length), 'hex').toString());
}

/** Version 1; see layouts.ts. Each row of a log is one commit, by the place of its first entry. */
export const schemaOf = ({ log, seen }: Tables): string => `
  CREATE TABLE ${log} (seq INTEGER PRIMARY KEY, entries BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;
  CREATE TABLE ${seen} (
    number INTEGER PRIMARY KEY, sitting INTEGER NOT NULL, at REAL NOT NULL, sum INTEGER NOT NULL
  ) STRICT;
`;

/** A step of `LIVE` (layouts.ts) for the tables of one NoSo. */
export const called = (sql: string, { log, seen }: Tables): string =>
  sql.replaceAll('{log}', log).replaceAll('{seen}', seen);

/** Entries read at once. */
const STRETCH = 100_000;

/** The whole log, proven by its sum, and when phones were heard. Throws a `DataDirError`. */
export function readTables(file: File, tables: Tables, path: string): Loaded & { sum: number } {
  const { bytes, sum } = readLog(file, tables.log, path);
  return { entries: bytes, heard: readSeen(file, tables.seen, path), sum };
}

/** The sum of one row of `seen`: number, sitting, at. */
export const sumOfSeen = (row: Float64Array): number => crc32(row);

function readSeen(file: File, table: string, path: string): Float64Array<ArrayBuffer> {
  const read = file.prepare(`SELECT number, sitting, at, sum FROM ${table}`);
  const rows = read.raw().all() as number[][];
  const heard = new Float64Array(rows.length * 3);
  rows.forEach((row, k) => {
    heard.set(row.slice(0, 3), k * 3);
    if (sumOfSeen(heard.subarray(k * 3, k * 3 + 3)) !== row[3]) {
      throw new DataDirError(`${path} is damaged: when a phone was heard`);
    }
  });
  return heard;
}

/** Read as text because a row costs more than its bytes do. */
function readLog(
  file: File,
  table: string,
  path: string,
): { bytes: Uint8Array<ArrayBuffer>; sum: number } {
  const read = file.prepare(`
    SELECT max(seq), group_concat(hex(entries), '') FROM (
      SELECT seq, entries FROM ${table} WHERE seq > ?1
      AND seq < (SELECT min(seq) FROM ${table} WHERE seq > ?1) + ${STRETCH} ORDER BY seq
    )`);
  const pieces: Buffer[] = [];
  let from = 0;
  for (;;) {
    const row = read.raw().get(from) as [number | null, string | null];
    if (row[0] === null || row[1] === null) break;
    pieces.push(Buffer.from(row[1], 'hex'));
    from = row[0];
  }
  const bytes = new Uint8Array(pieces.reduce((n, piece) => n + piece.length, 0));
  let place = 0;
  let sum = 0;
  for (const piece of pieces) {
    bytes.set(piece, place);
    place += piece.length;
    sum = sumAfter(sum, piece);
  }
  const end = file.prepare(`SELECT sum FROM ${table} ORDER BY seq DESC LIMIT 1`).raw();
  const last = end.get() as [number] | undefined;
  if ((last?.[0] ?? 0) !== sum) throw new DataDirError(`${path} is damaged: its sum is wrong`);
  return { bytes, sum };
}
