import { access, constants, statfs } from 'node:fs/promises';
import { isUnavailable, unavailable } from '../deadline.js';
import type { Disk } from './disk.js';

/** Bytes. With less, whether there is room is tried, rather than asked. */
const LITTLE_ROOM = 8 * 1024 * 1024;

/**
 * Resolves if a seat could be written now, else `unavailable`, whose detail begins with the word of
 * the system, or of SQLite, for what is in the way. A disk wears out: nothing is written to it for
 * this, unless there is little room, or something was refused.
 */
export async function rehearse(disk: Disk, dataDir: string): Promise<void> {
  if (disk.stalled()) throw unavailable('the disk does not answer');
  try {
    await disk.within(tryOut(disk, dataDir));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : 'UNKNOWN';
    throw unavailable(`${code}: the disk does not take writes`, 'not_writable');
  }
}

async function tryOut(disk: Disk, dataDir: string): Promise<void> {
  // It may be read-only by now, or elsewhere. Asked together they wake the process once.
  const [{ bavail, bsize }] = await Promise.all([statfs(dataDir), access(dataDir, constants.W_OK)]);
  if (!disk.doubtful() && bavail * bsize > LITTLE_ROOM) return;
  await disk.ask({ do: 'rehearse' });
  disk.trust();
}
