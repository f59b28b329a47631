import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Names what a wall's page is made of: another build of it has another name. A wall that runs another
 * one loads itself anew. Throws where there is no such page.
 */
export function readRelease(assets: string): string {
  const folder = join(assets, 'wall');
  const digest = createHash('sha256');
  for (const name of readdirSync(folder).sort())
    digest.update(name).update(readFileSync(join(folder, name)));
  return digest.digest('base64url').slice(0, 12);
}
