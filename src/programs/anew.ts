// npm run anew, or noso anew
//
// For when the Redis at REDIS_URL came back with less than it held, and nobody is served for it: goes
// on with what there is. Put a copy back instead if there is one: numbers that were drawn and are not
// remembered may be drawn a second time, and who sat at an open NoSo does not any more.
import { readConfig } from '../config.js';
import { beginAnew } from '../engine/redis/beginAnew.js';
import { Refused } from './refused.js';

/** How long Redis is waited for, in ms. */
const PATIENCE = 10_000;

async function main(): Promise<string> {
  const read = readConfig(process.env);
  if ('faults' in read) throw new Refused(read.faults.join('\n'), 78);
  const { redisUrl } = read.config;
  if (redisUrl === null)
    throw new Refused('REDIS_URL is not set: files never hold less in silence.');
  if (await beginAnew(redisUrl, PATIENCE)) return 'Begun anew, with what there is.';
  return 'Nothing is missed: nothing was done.';
}

main().then(
  (done) => void process.stdout.write(`${done}\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof Refused ? error.code : 1;
  },
);
