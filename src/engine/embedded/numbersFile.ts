import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { lengthAt, space } from '../../domain/numbers.js';
import { DataDirError } from './damage.js';
import type { File } from './files.js';

export const NUMBERS_SCHEMA = `
  CREATE TABLE drawn (chunk INTEGER PRIMARY KEY, bits BLOB NOT NULL, sum INTEGER NOT NULL) STRICT;
  CREATE TABLE draws (one INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
  INSERT INTO draws VALUES (1, 0);
`;
/** Bytes of a chunk; a bit stands for a number. */
const CHUNK = 1024;
/** Numbers drawn before their chunks are written: what a draw holds in memory is bounded. */
const AT_ONCE = 4096;

/** The numbers that were ever drawn, as bits (A4). In the order of their size: they tell no other. */
export type NumbersFile = {
  /** Draws within the transaction that is under way. */
  draw(wanted: readonly { count: number; digits: number | null }[]): Float64Array<ArrayBuffer>;
  /** How many were ever drawn. */
  count(): number;
  /** The numbers of the first chunk at or after `key`, and the chunk to go on from; null: no more. */
  from(key: number): { numbers: Float64Array<ArrayBuffer>; next: number } | null;
  /** Marks numbers as drawn, within the transaction that is under way; those that are stay so. */
  mark(numbers: Float64Array): void;
};

export function openNumbers(file: File, path: string): NumbersFile {
  const read = file.prepare('SELECT bits, sum FROM drawn WHERE chunk = ?').raw();
  const write = file.prepare('INSERT OR REPLACE INTO drawn VALUES (?, ?, ?)');
  const count = file.prepare('SELECT count FROM draws').raw();
  const following = file
    .prepare('SELECT chunk FROM drawn WHERE chunk >= ? ORDER BY chunk LIMIT 1')
    .raw();
  const setCount = file.prepare('UPDATE draws SET count = ?');

  const chunkOf = (key: number): Buffer => {
    const row = read.get(key) as [Buffer, number] | undefined;
    if (!row) return Buffer.alloc(CHUNK);
    if (crc32(row[0]) !== row[1]) throw new DataDirError(`${path} is damaged: drawn numbers`);
    return row[0];
  };
  const isNew = (chunks: Map<number, Buffer>, number: number): boolean => {
    const key = Math.floor(number / (CHUNK * 8));
    const chunk = chunks.get(key) ?? chunkOf(key);
    chunks.set(key, chunk);
    const bit = number % (CHUNK * 8);
    const byte = chunk[bit >> 3] as number;
    chunk[bit >> 3] = byte | (1 << (bit & 7));
    return chunk[bit >> 3] !== byte;
  };
  const writeAll = (chunks: Map<number, Buffer>): void => {
    for (const [key, chunk] of chunks) write.run(key, chunk, crc32(chunk));
  };
  const some = (numbers: Float64Array, digits: number, drawn: number): void => {
    const chunks = new Map<number, Buffer>();
    for (let k = 0; k < numbers.length; ) {
      const { first, last } = space(digits, drawn + k);
      const number = randomInt(first, last + 1);
      if (!isNew(chunks, number)) continue;
      numbers[k] = number;
      k += 1;
    }
    writeAll(chunks);
  };
  return {
    count: () => Number((count.get() as [number])[0]),
    draw(wanted) {
      const numbers = new Float64Array(wanted.reduce((n, { count }) => n + count, 0));
      const before = Number((count.get() as [number])[0]);
      let place = 0;
      for (const { count, digits } of wanted) {
        for (const end = place + count; place < end; ) {
          const drawn = before + place;
          const piece = numbers.subarray(place, Math.min(end, place + AT_ONCE));
          some(piece, digits ?? lengthAt(drawn), drawn);
          place += piece.length;
        }
      }
      setCount.run(before + numbers.length);
      return numbers;
    },
    from(key) {
      const row = following.get(key) as [number] | undefined;
      if (!row) return null;
      const chunk = chunkOf(row[0]);
      const numbers: number[] = [];
      for (let bit = 0; bit < CHUNK * 8; bit += 1) {
        if ((chunk[bit >> 3] as number) & (1 << (bit & 7))) numbers.push(row[0] * CHUNK * 8 + bit);
      }
      return { numbers: Float64Array.from(numbers), next: row[0] + 1 };
    },
    mark(numbers) {
      const chunks = new Map<number, Buffer>();
      let added = 0;
      for (const number of numbers) if (isNew(chunks, number)) added += 1;
      writeAll(chunks);
      setCount.run(Number((count.get() as [number])[0]) + added);
    },
  };
}

/** Throws if the bits are damaged, or are not as many as were drawn. */
export function checkNumbers(file: File, path: string): void {
  let bits = 0;
  for (const row of file.prepare('SELECT bits, sum FROM drawn').raw().iterate()) {
    const [chunk, sum] = row as [Buffer, number];
    if (crc32(chunk) !== sum) throw new DataDirError(`${path} is damaged: drawn numbers`);
    for (const byte of chunk) bits += BITS[byte] as number;
  }
  const [count] = file.prepare('SELECT count FROM draws').raw().get() as [number];
  if (bits !== count) throw new DataDirError(`${path} is damaged: ${bits} numbers of ${count}`);
}

const BITS = Uint8Array.from({ length: 256 }, (_, byte) => {
  let bits = 0;
  for (let rest = byte; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
});
