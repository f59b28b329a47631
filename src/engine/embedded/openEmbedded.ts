import type { Clock } from '../../clock.js';
import type { Engine, Movable } from '../engine.js';
import { openDisk } from './disk.js';
import { start } from './start.js';

export { DataDirError } from './damage.js';

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
}): Promise<Engine & Movable> {
  const { dataDir, clock, onError = () => {} } = options;
  const disk = openDisk(onError);
  try {
    return await start({ dataDir, clock, disk, onError });
  } catch (error) {
    await disk.stop();
    throw error;
  }
}
