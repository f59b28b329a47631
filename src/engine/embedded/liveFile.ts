import { crc32 } from 'node:zlib';
import { LIVE } from '../layouts.js';
import { DataDirError } from './damage.js';
import { sumAfter } from './entries.js';
import { type File, inTransaction, type Layout, openFile, probe } from './files.js';
import type { Loaded } from './jobs.js';
import { placeOf } from './place.js';

/** Version 1; see layouts.ts. */
const SCHEMA = `
  CREATE TABLE log (seq INTEGER PRIMARY KEY, entries BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;
  CREATE TABLE seen (
    number INTEGER PRIMARY KEY, sitting INTEGER NOT NULL, at REAL NOT NULL, sum INTEGER NOT NULL
  ) STRICT;
`;
export const LIVE_FILE: Layout = { schema: SCHEMA, steps: LIVE };

/** Entries read at once. */
const STRETCH = 100_000;

/** The file of one open NoSo. Each row of its log is one commit, by the place of its first entry. */
export type LiveFile = {
  append(first: number, entries: Uint8Array, heard: Float64Array | null): void;
  load(): Loaded;
  probe(): void;
  /** Throws `Moved` if it is not at its path any more. */
  assertThere(): void;
  close(): void;
};

export function openLiveFile(path: string): LiveFile {
  const file = openFile(path, LIVE_FILE);
  const insert = file.prepare('INSERT INTO log VALUES (?, ?, ?)');
  const see = file.prepare('INSERT OR REPLACE INTO seen VALUES (?, ?, ?, ?)');
  /** Of the whole log as it is in the file. */
  let sum = 0;

  const add = (first: number, entries: Uint8Array) => {
    const after = sumAfter(sum, entries);
    insert.run(first, entries, after);
    return after;
  };
  return {
    append(first, entries, heard) {
      if (heard === null) {
        sum = add(first, entries);
        return;
      }
      sum = inTransaction(file, () => {
        for (let k = 0; k < heard.length; k += 3) {
          see.run(heard[k], heard[k + 1], heard[k + 2], crc32(heard.subarray(k, k + 3)));
        }
        return entries.length > 0 ? add(first, entries) : sum;
      });
    },
    load() {
      const entries = readLog(file, path);
      sum = entries.sum;
      return { entries: entries.bytes, heard: readSeen(file, path) };
    },
    probe: () => probe(file),
    assertThere: placeOf(path),
    close() {
      file.close();
    },
  };
}

function readSeen(file: File, path: string): Float64Array<ArrayBuffer> {
  const rows = file.prepare('SELECT number, sitting, at, sum FROM seen').raw().all() as number[][];
  const heard = new Float64Array(rows.length * 3);
  rows.forEach((row, k) => {
    heard.set(row.slice(0, 3), k * 3);
    if (crc32(heard.subarray(k * 3, k * 3 + 3)) !== row[3]) {
      throw new DataDirError(`${path} is damaged: when a phone was heard`);
    }
  });
  return heard;
}

/** The whole log, proven by its sum. Read as text because a row costs more than its bytes do. */
function readLog(file: File, path: string): { bytes: Uint8Array<ArrayBuffer>; sum: number } {
  const read = file.prepare(`
    SELECT max(seq), group_concat(hex(entries), '') FROM (
      SELECT seq, entries FROM log WHERE seq > ?1
      AND seq < (SELECT min(seq) FROM log WHERE seq > ?1) + ${STRETCH} ORDER BY seq
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
  const end = file.prepare('SELECT sum FROM log ORDER BY seq DESC LIMIT 1').raw();
  const last = end.get() as [number] | undefined;
  if ((last?.[0] ?? 0) !== sum) throw new DataDirError(`${path} is damaged: its sum is wrong`);
  return { bytes, sum };
}
