import type { Clock } from '../../clock.js';
import type { Engine, Movable } from '../engine.js';
import { openDisk } from './disk.js';
import type { LiveCopy } from './jobs.js';
import { start } from './start.js';

export { DataDirError, isFull } from './damage.js';

/**
 * The engine of one process: a folder of small databases, everything on disk before it is
 * answered. Throws a `DataDirError` if the folder is in use, or damaged.
 *
 * `onError` hears of faults of the disk; what it is given never holds a number.
 */
export async function openEmbedded(options: {
  dataDir: string;
  clock: Clock;
  onError?: (error: unknown) => void;
  /** Logs of NoSos that are open in that folder, where it does not have them itself. */
  copies?: readonly LiveCopy[];
}): Promise<Engine & Movable> {
  const { dataDir, clock, onError = () => {}, copies = [] } = options;
  const disk = openDisk(onError);
  try {
    return await start({ dataDir, clock, disk, onError, copies });
  } catch (error) {
    await disk.stop();
    throw error;
  }
}
