import { randomBytes } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../engine/embedded/dataFolder.js';
import { writeDurably } from './durably.js';
import { StartFault } from './startFault.js';

/** The fewest signs of a generated secret that is whole. */
const WHOLE = 32;

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/**
 * The secrets to sign and verify with: those that were set, or the one that is generated once and
 * kept in the data folder, readable by its owner alone. With `make` false none is generated: another
 * folder's would open nothing. Throws a `StartFault`, or the system's error.
 */
export async function readSecrets(
  set: string[] | null,
  dataDir: string,
  { make = true } = {},
): Promise<string[]> {
  if (set) return set;
  const file = join(dataDir, 'secret');
  if (make) {
    makeFolder(dataDir);
    // Empty, it signed nothing: the power went, or the process, before there was anything in it.
    if ((await stat(file).catch(() => null))?.size === 0) await rm(file);
    try {
      // What is signed with it outlives a power cut, so it does.
      await writeDurably(file, randomBytes(48).toString('base64url'));
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  const secret = (
    await readFile(file, 'utf8').catch((error: unknown) => absent(error, file))
  ).trim();
  if (secret.length < WHOLE) {
    throw new StartFault(`DATA_DIR: ${file} is too short to be a secret; remove it to renew it`);
  }
  return [secret];
}

function absent(error: unknown, file: string): never {
  if (codeOf(error) !== 'ENOENT') throw error;
  throw new StartFault(
    `DATA_DIR: there is no ${file}: name the folder of the server, or its NOSO_SECRET`,
  );
}
