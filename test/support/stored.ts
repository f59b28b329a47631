// What earlier versions stored, as they stored it (test/fixtures): opened by the engines of today.
import { readdirSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manualClock, realClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import type { Change, Engine, Movable, Tail } from '../../src/engine/engine.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { loadKeys } from './keyspace.js';
import { startRedis } from './redis.js';
import { until } from './wait.js';

export type Side = Engine & Movable;

/** What was done besides what an engine tells. */
export type Known = {
  /** Seconds, of the NoSo with a finite one. */
  pocket: number;
  /** Of walls and organizers, by id. They open nothing but this. */
  tokens: Record<string, string>;
  /** Ids of sign-in links that were used. */
  links: string[];
  forms: { noso: string; form: string; number: number }[];
  /** Whose phones were last heard more than a minute before all others'. */
  silent: { noso: string; numbers: number[] };
};

/** An open NoSo, as the engine that wrote it told it. */
export type Open = {
  tail: Tail;
  seated: number[];
  /** `engine.seat` of every number that its log names. */
  seats: Record<string, Awaited<ReturnType<Engine['seat']>>>;
};

/** Everything that the engine which wrote it told of what it had stored, at `now`. */
export type Expected = Known & {
  now: number;
  revision: number;
  changes: Change[];
  open: Record<string, Open>;
  drawn: number[];
  beats: Record<string, number>;
};

/** How data were left: files after a stop, files after a kill, or keys. */
export const LEFT = ['stopped', 'killed', 'redis'] as const;
export type Left = (typeof LEFT)[number];

const FIXTURES = join('test', 'fixtures');
const PREFIX = 'noso:';

/** The versions whose data are kept. */
export const VERSIONS: readonly string[] = readdirSync(FIXTURES)
  .filter((name) => /^v\d+$/.test(name))
  .sort();

/**
 * Moments are the only numbers of 13 digits that there are, in what is stored as in what is expected.
 * Moving them all alike is the same as setting the clock, which Redis does not let one do.
 */
export const moved = (text: string, by: number): string =>
  text.replace(/(?<!\d)1[78]\d{11}(?!\d)/g, (moment) => String(Number(moment) + by));

export type OpenedAgain = { engine: Side; expected: Expected; stop: () => Promise<void> };

export const folderOf = (version: string, left: Left): string => join(FIXTURES, version, left);

const textOf = (folder: string) => readFile(join(folder, 'expected.json'), 'utf8');

export const expectedOf = async (version: string, left: Left): Promise<Expected> =>
  JSON.parse(await textOf(folderOf(version, left))) as Expected;

/** Opens a copy of what a version left, `after` ms later. */
export async function openStored(version: string, left: Left, after = 0): Promise<OpenedAgain> {
  const folder = folderOf(version, left);
  const text = await textOf(folder);
  return left === 'redis' ? openKeys(folder, text, after) : openFiles(folder, text, after);
}

async function openFiles(folder: string, text: string, after: number): Promise<OpenedAgain> {
  const expected = JSON.parse(text) as Expected;
  const dataDir = await mkdtemp(join(tmpdir(), 'noso-stored-'));
  const gone = () => rm(dataDir, { recursive: true, force: true });
  try {
    await cp(join(folder, 'files'), dataDir, { recursive: true });
    const engine = await openEmbedded({ dataDir, clock: manualClock(expected.now + after) });
    return { engine, expected, stop: () => engine.close().finally(gone) };
  } catch (error) {
    await gone();
    throw error;
  }
}

async function openKeys(folder: string, text: string, after: number): Promise<OpenedAgain> {
  const keys = await readFile(join(folder, 'keys.ndjson'), 'utf8');
  const server = await startRedis();
  try {
    const by = Date.now() - after - (JSON.parse(text) as Expected).now;
    await server.ask((redis) => loadKeys(redis, moved(keys, by)));
    const engine = await openRedis({ url: server.url, clock: realClock, prefix: PREFIX });
    const expected = JSON.parse(moved(text, by)) as Expected;
    await settled(engine, expected);
    return { engine, expected, stop: () => engine.close().finally(() => server.stop()) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Redis is another than the one that was written to: for a moment nothing is told. */
async function settled(engine: Side, { open }: Expected): Promise<void> {
  const answers = async () => {
    const tails = Object.keys(open).map((noso) => engine.tail(noso, null));
    const asked = await Promise.allSettled([engine.changesSince(0), ...tails]);
    const refused = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    const other = refused.find((e) => !(e instanceof Refusal && e.code === 'unavailable'));
    if (other) throw other;
    return refused.length === 0;
  };
  await until(answers, { what: 'Redis to have settled' });
}

/** All that an engine tells of what it has stored. */
export async function told(engine: Side, known: Known): Promise<Expected> {
  const { revision, changes } = await engine.changesSince(0);
  const open: Expected['open'] = {};
  for (const change of changes) {
    if (change.kind === 'noso' && change.document?.life.is === 'open') {
      open[change.id] = await openNoso(engine, change.id);
    }
  }
  const walls = changes.filter(({ kind }) => kind === 'wall').map(({ id }) => id);
  const beats = Object.fromEntries(await engine.beats(walls));
  const drawn = await drawnBy(engine);
  return { now: engine.now(), ...known, revision, changes, open, drawn, beats };
}

async function openNoso(engine: Side, noso: string): Promise<Open> {
  const tail = await engine.tail(noso, 0);
  const { numbers } = await engine.seats(noso, engine.now());
  const seats: Open['seats'] = {};
  for (const { number } of tail.changes ?? []) seats[number] = await engine.seat(noso, number);
  return { tail, seated: numbers.sort((a, b) => a - b), seats };
}

/** Every number that was ever drawn, in the order of their size. */
export async function drawnBy(engine: Movable): Promise<number[]> {
  const all: number[] = [];
  for await (const piece of engine.drawnNumbers()) all.push(...piece);
  return all;
}
