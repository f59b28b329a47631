import { resolve } from 'node:path';
import type { Config } from '../config.js';
import { DataDirError } from '../engine/embedded/openEmbedded.js';
import { RedisRefusal } from '../engine/redis/redisRefusal.js';

/** `EX_CONFIG` of sysexits.h: how or where it was started is wrong. */
export const BAD_CONFIG = 78;

/** What keeps a program from starting, in one line that begins with the setting that is wrong. */
export class StartFault extends Error {}

/** The system's words for a place that is not there, or not ours to use. */
const PLACE =
  /^(EACCES|EPERM|ENOENT|ENOTDIR|EISDIR|EROFS|ELOOP|ENAMETOOLONG|EEXIST|ENOSPC|EDQUOT)$/;

/**
 * The line for what was thrown at a start, if where or how it was started is what is wrong: a place,
 * a permission, an address, a port, a Redis that will not have us. Null where the fault is ours.
 */
export function startFault(error: unknown, config: Pick<Config, 'dataDir'>): string | null {
  if (error instanceof StartFault) return error.message;
  if (error instanceof DataDirError) return `DATA_DIR: ${error.message}`;
  if (error instanceof RedisRefusal) return `REDIS_URL: ${error.message}`;
  if (!(error instanceof Error)) return null;
  const { code = '', syscall, path } = error as NodeJS.ErrnoException;
  if (syscall === 'getaddrinfo') return 'HOST: not an address of this machine';
  if (syscall === 'listen') return listening(code);
  if (!PLACE.test(code)) return null;
  const place = path ?? config.dataDir;
  const [at, dir] = [resolve(place), resolve(config.dataDir)];
  // What leads there may be what is wrong.
  const ours = at.startsWith(dir) || dir.startsWith(at);
  return `${ours ? 'DATA_DIR: ' : ''}${place} cannot be read or written (${code})`;
}

function listening(code: string): string {
  switch (code) {
    case 'EADDRNOTAVAIL':
      return 'HOST: not an address of this machine';
    case 'EACCES':
      return 'PORT: this process may not listen there';
    case 'EADDRINUSE':
      return 'PORT: another program listens there';
    default:
      return `HOST: nothing can listen there (${code})`;
  }
}
