// npm run migrate -- --to redis      from the files in DATA_DIR to the Redis at REDIS_URL
// npm run migrate -- --to embedded   the other way
//
// Moves venues, NoSos with their records, series, organizers' keys, walls' tokens, who means to come, which
// numbers were ever drawn, and the id in the names of cookies. Nothing is taken from where it is moved from. Refuses while a NoSo is open on either
// side, and where there is something already; ends by comparing both sides.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { realClock } from '../clock.js';
import { readConfig } from '../config.js';
import { openEmbedded } from '../engine/embedded/openEmbedded.js';
import type { Change } from '../engine/engine.js';
import { openRedis } from '../engine/redis/openRedis.js';
import { documentsOf, drawnOf, identityOf, isOpen, putIdentity, type Side } from './everything.js';
import { Refused } from './refused.js';

const USAGE = `npm run migrate -- --to redis | embedded

Needs both DATA_DIR and REDIS_URL, and no server running on either.`;

const SOMETHING = 'There is something already where this would be moved to.';

async function move(from: Side, to: Side): Promise<Record<string, number>> {
  const all = await documentsOf(from);
  for (const each of [all, await documentsOf(to)]) {
    if (each.some(isOpen))
      throw new Refused('A NoSo is open. Close it first: its seats cannot be moved.');
  }
  if ((await documentsOf(to)).length > 0) throw new Refused(SOMETHING);
  if (!(await putIdentity(to, await identityOf(from)))) throw new Refused(SOMETHING);
  const moved: Record<string, number> = {};
  for (const { kind, id, document } of all) {
    if (document) await to.save(kind, id, document);
    moved[kind] = (moved[kind] ?? 0) + 1;
    if (kind !== 'noso') continue;
    for (const digest of await from.intending(id)) {
      await to.intend(id, digest);
      moved.intent = (moved.intent ?? 0) + 1;
    }
  }
  let numbers = 0;
  for await (const piece of from.drawnNumbers()) {
    await to.markDrawn(piece);
    numbers += piece.length;
  }
  return { ...moved, 'drawn number': numbers };
}

/** Throws unless every document and every drawn number is the same on both sides. */
async function compare(from: Side, to: Side): Promise<void> {
  const key = ({ kind, id }: Change) => `${kind} ${id}`;
  const here = new Map((await documentsOf(from)).map((c) => [key(c), c.document]));
  const there = new Map((await documentsOf(to)).map((c) => [key(c), c.document]));
  for (const [what, document] of here) {
    if (!isDeepStrictEqual(document, there.get(what))) throw new Error(`${what} differs`);
  }
  for (const { kind, id } of await documentsOf(from)) {
    const same =
      kind !== 'noso' || isDeepStrictEqual(await from.intending(id), await to.intending(id));
    if (!same) throw new Error(`who means to come to ${id} differs`);
  }
  if (here.size !== there.size) throw new Error('there is more on the other side');
  if (!isDeepStrictEqual(await identityOf(from), await identityOf(to))) {
    throw new Error('what the installation is called differs');
  }
  const [ours, theirs] = [await drawnOf(from), await drawnOf(to)];
  if (ours.size !== theirs.size) throw new Error('drawn numbers differ');
  for (const number of ours) if (!theirs.has(number)) throw new Error('drawn numbers differ');
}

async function main(args: string[]): Promise<void> {
  const { to } = parseArgs({ args, options: { to: { type: 'string' } } }).values;
  const read = readConfig(process.env);
  if ('faults' in read) throw new Refused(read.faults.join('\n'));
  const { dataDir, redisUrl } = read.config;
  if (redisUrl === null || (to !== 'redis' && to !== 'embedded')) throw new Refused(USAGE);
  const files = await openEmbedded({ dataDir, clock: realClock });
  try {
    const redis = await openRedis({ url: redisUrl, clock: realClock });
    try {
      const [from, onto] = to === 'redis' ? [files, redis] : [redis, files];
      const moved = await move(from, onto);
      await compare(from, onto);
      for (const [what, count] of Object.entries(moved)) {
        process.stdout.write(`${String(count).padStart(9)}  ${what}${count === 1 ? '' : 's'}\n`);
      }
      process.stdout.write('Both sides are the same.\n');
    } finally {
      await redis.close();
    }
  } finally {
    await files.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof Refused ? error.code : 1;
});
