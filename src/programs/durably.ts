import { open, rm } from 'node:fs/promises';

/**
 * Writes a new file, its owner's alone, that outlives a power cut once this is done; its name does once
 * `syncFolder` is. Throws `EEXIST`. Where there is no room for it none is left behind: half a secret
 * would keep every later start from happening.
 */
export async function writeDurably(path: string, what: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(what);
    await file.sync();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Brings the names in a folder to the disk; Windows has them there by itself, and opens no folder. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
