import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The secrets to sign and verify with: those that were set, or the one that is generated once and
 * kept in the data folder, readable by its owner alone.
 */
export async function readSecrets(set: string[] | null, dataDir: string): Promise<string[]> {
  if (set) return set;
  const file = join(dataDir, 'secret');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  try {
    await writeFile(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const secret = (await readFile(file, 'utf8')).trim();
  if (secret.length < 32)
    throw new Error(`${file}: too short to be a secret; remove it to renew it`);
  return [secret];
}
