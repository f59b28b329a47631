import { statSync } from 'node:fs';

/** A file that is not where it was opened any more. `code` is the word for it. */
export class Moved extends Error {
  readonly code = 'MOVED';
  constructor(path: string) {
    super(`${path} was moved or deleted while it was open: what is written to it is lost`);
  }
}

/** Which file lies at a path now; null if there is none. */
const fileAt = (path: string): bigint | null =>
  statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;

/**
 * Remembers which file lies at a path, and which log beside it. A file that was moved or deleted
 * goes on taking writes, and nobody would ever read them. Returns what throws `Moved` if either is
 * not there any more, at some microseconds' cost. One that is put back is there again.
 */
export function placeOf(path: string): () => void {
  const log = `${path}-wal`;
  const file = fileAt(path);
  let logged = fileAt(log);
  return () => {
    if (fileAt(path) !== file) throw new Moved(path);
    const now = fileAt(log);
    if (logged !== null && now !== logged) throw new Moved(log);
    logged = now;
  };
}
