import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../../src/clock.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import type { Engine } from '../../src/engine/engine.js';

// What the tests of the embedded engine do with its folder.

export const openAt = (dataDir: string, onError = (_: unknown) => {}): Promise<Engine> =>
  openEmbedded({ dataDir, clock: realClock, onError });

/** Runs `work` in a new folder, which is removed afterwards. */
export async function inFolder<T>(work: (dataDir: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'noso-'));
  try {
    return await work(dataDir);
  } finally {
    await rm(dataDir, { recursive: true });
  }
}

/** The folder as a power cut would leave it now, copied to `to`: write-ahead logs and all. */
export const copyFolder = (dataDir: string, to: string): Promise<void> =>
  cp(dataDir, to, { recursive: true, filter: (path) => !path.includes('lock.db') });

/** Every file below a folder. */
export async function filesIn(dataDir: string): Promise<string[]> {
  const entries = await readdir(dataDir, { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath ?? e.path, e.name));
}

/** Which of `needles` lie anywhere in the files of a folder. */
export async function found(dataDir: string, needles: Buffer[]): Promise<Buffer[]> {
  const contents = await Promise.all((await filesIn(dataDir)).map((file) => readFile(file)));
  return needles.filter((needle) => contents.some((content) => content.includes(needle)));
}

/**
 * Numbers as doubles, to be searched for; without the rounder ones, whose few bits lie by chance among
 * those that stand for the numbers that were ever drawn (numbersFile.ts).
 */
export const asDoubles = (numbers: number[]): Buffer[] =>
  numbers
    .map((number) => Buffer.from(new Float64Array([number]).buffer))
    .filter((bytes) => bitsOf(bytes) >= 12);

const bitsOf = (bytes: Buffer): number =>
  bytes.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);

/** Everything that can be read of an engine, for comparing. */
export async function stateOf(engine: Engine, noso: string): Promise<unknown> {
  const { changes } = await engine.changesSince(0);
  const tail = await engine.tail(noso, 0);
  const { numbers } = await engine.seats(noso, engine.now());
  return { changes, tail, numbers: numbers.sort((a, b) => a - b) };
}
