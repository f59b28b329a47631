import { existsSync, readFileSync, statSync } from 'node:fs';
import { DataDirError } from './damage.js';

/**
 * SQLite reads a write-ahead log up to the first frame that does not check, and forgets what is
 * behind it. After a crash that is right: the tail of the last, never acknowledged commit is torn.
 * But where commits follow the bad frame, they were acknowledged, and forgetting them would be a
 * silent loss. So each log is looked through before SQLite sees it.
 *
 * Format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
const HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;

type Sum = readonly [number, number];

/** Throws a `DataDirError` if the log beside `file` is damaged in the middle. */
export function checkWal(file: string): void {
  const wal = `${file}-wal`;
  if (!existsSync(wal)) return;
  const bytes = readFileSync(wal);
  if (bytes.length === 0) return;
  if (!existsSync(file) || statSync(file).size === 0) {
    throw new DataDirError(`${file} is missing or empty, but its write-ahead log is not`);
  }
  if (damagedInTheMiddle(bytes)) {
    throw new DataDirError(`${wal} is damaged: commits follow a part that cannot be read`);
  }
}

/** Exported for its tests. */
export function damagedInTheMiddle(wal: Buffer): boolean {
  if (wal.length < HEADER + FRAME_HEADER) return false;
  const magic = wal.readUInt32BE(0);
  const pageSize = wal.readUInt32BE(8);
  const big = (magic & 1) === 1;
  const sum = sumOf(wal, 0, 24, [0, 0], big);
  const header =
    (magic & ~1) === MAGIC && sum[0] === wal.readUInt32BE(24) && sum[1] === wal.readUInt32BE(28);
  // A header is written in one piece of a sector, before its frames: a bad one was not torn.
  if (!header) return wal.subarray(HEADER).some((byte) => byte !== 0);
  return commitsLost(wal, pageSize, big, sum);
}

function commitsLost(wal: Buffer, pageSize: number, big: boolean, header: Sum): boolean {
  const size = FRAME_HEADER + pageSize;
  const salts = wal.subarray(16, 24);
  let before = header;
  let place = HEADER;
  let bad = false;
  let commits = 0;
  for (; place + size <= wal.length; place += size) {
    const stored: Sum = [wal.readUInt32BE(place + 16), wal.readUInt32BE(place + 20)];
    const ours = salts.equals(wal.subarray(place + 8, place + 16));
    const sum = sumOf(wal, place + FRAME_HEADER, pageSize, sumOf(wal, place, 8, before, big), big);
    const valid = ours && sum[0] === stored[0] && sum[1] === stored[1];
    const commit = ours && wal.readUInt32BE(place + 4) !== 0;
    if (!valid && !bad) {
      bad = true;
      // The bad frame may itself be the end of a commit; what follows then is another one.
      if (commit) commits += 1;
    } else if (valid && bad && commit) {
      commits += 1;
    }
    // A commit is written only once the one before it is safe: two behind a bad frame prove that
    // it was acknowledged. One alone may be the torn tail itself, its sectors written out of order.
    if (commits > 1) return true;
    before = stored;
  }
  return false;
}

/** The checksum of `length` bytes from `place`, running on from `before`. */
function sumOf(bytes: Buffer, place: number, length: number, before: Sum, big: boolean): Sum {
  let [a, b] = before;
  for (let k = place; k < place + length; k += 8) {
    a = (a + (big ? bytes.readUInt32BE(k) : bytes.readUInt32LE(k)) + b) >>> 0;
    b = (b + (big ? bytes.readUInt32BE(k + 4) : bytes.readUInt32LE(k + 4)) + a) >>> 0;
  }
  return [a, b];
}
