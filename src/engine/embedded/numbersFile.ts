import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { space } from '../../domain/numbers.js';
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
  draw(count: number): Float64Array<ArrayBuffer>;
};

export function openNumbers(file: File, path: string): NumbersFile {
  const read = file.prepare('SELECT bits, sum FROM drawn WHERE chunk = ?').raw();
  const write = file.prepare('INSERT OR REPLACE INTO drawn VALUES (?, ?, ?)');
  const count = file.prepare('SELECT count FROM draws').raw();
  const setCount = file.prepare('UPDATE draws SET count = ?');

  const chunkOf = (key: number): Buffer => {
    const row = read.get(key) as [Buffer, number] | undefined;
    if (!row) return Buffer.alloc(CHUNK);
    if (crc32(row[0]) !== row[1]) throw new DataDirError(`${path} is damaged: drawn numbers`);
    return row[0];
  };
  const some = (numbers: Float64Array, drawn: number): void => {
    const chunks = new Map<number, Buffer>();
    for (let k = 0; k < numbers.length; ) {
      const { first, last } = space(drawn + k);
      const number = randomInt(first, last + 1);
      const key = Math.floor(number / (CHUNK * 8));
      const chunk = chunks.get(key) ?? chunkOf(key);
      chunks.set(key, chunk);
      const bit = number % (CHUNK * 8);
      const byte = chunk[bit >> 3] as number;
      const mask = 1 << (bit & 7);
      if (byte & mask) continue;
      chunk[bit >> 3] = byte | mask;
      numbers[k] = number;
      k += 1;
    }
    for (const [key, chunk] of chunks) write.run(key, chunk, crc32(chunk));
  };
  return {
    draw(wanted) {
      const numbers = new Float64Array(wanted);
      const drawn = Number((count.get() as [number])[0]);
      for (let k = 0; k < wanted; k += AT_ONCE) some(numbers.subarray(k, k + AT_ONCE), drawn + k);
      setCount.run(drawn + wanted);
      return numbers;
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
