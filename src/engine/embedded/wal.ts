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
/** Below this there is no frame, nor anything that could be lost. */
const WHOLE = HEADER + FRAME_HEADER;
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
  const log = readLog(wal);
  if (log === null) return wal.length >= WHOLE && wal.subarray(HEADER).some((byte) => byte !== 0);
  let bad = false;
  let commits = 0;
  for (const { valid, commit } of log) {
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
  }
  return false;
}

/** A page as it was last committed to the log, if it was. */
export function committedPage(wal: Buffer, page: number): Buffer | null {
  let [written, committed]: (Buffer | null)[] = [null, null];
  for (const frame of readLog(wal) ?? []) {
    if (!frame.valid) break;
    if (frame.page === page) written = frame.content;
    if (frame.commit) committed = written;
  }
  return committed ?? null;
}

type Frame = { valid: boolean; commit: boolean; page: number; content: Buffer };

/** Null if its header does not check: that is written in one piece of a sector, never torn. */
function readLog(wal: Buffer): Iterable<Frame> | null {
  if (wal.length < WHOLE) return null;
  const magic = wal.readUInt32BE(0);
  const big = (magic & 1) === 1;
  const sum = sumOf(wal, 0, 24, [0, 0], big);
  const checks = sum[0] === wal.readUInt32BE(24) && sum[1] === wal.readUInt32BE(28);
  if ((magic & ~1) !== MAGIC || !checks) return null;
  return frames(wal, wal.readUInt32BE(8), big, sum);
}

function* frames(wal: Buffer, pageSize: number, big: boolean, header: Sum): Generator<Frame> {
  const size = FRAME_HEADER + pageSize;
  const salts = wal.subarray(16, 24);
  let before = header;
  for (let place = HEADER; place + size <= wal.length; place += size) {
    const stored: Sum = [wal.readUInt32BE(place + 16), wal.readUInt32BE(place + 20)];
    const ours = salts.equals(wal.subarray(place + 8, place + 16));
    const sum = sumOf(wal, place + FRAME_HEADER, pageSize, sumOf(wal, place, 8, before, big), big);
    yield {
      valid: ours && sum[0] === stored[0] && sum[1] === stored[1],
      commit: ours && wal.readUInt32BE(place + 4) !== 0,
      page: wal.readUInt32BE(place),
      content: wal.subarray(place + FRAME_HEADER, place + size),
    };
    before = stored;
  }
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
