import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { readDocument } from '../documents.js';
import { CATALOGUE_FILE, type CatalogueFile, openCatalogueFile } from './catalogueFile.js';
import { DataDirError, isFull } from './damage.js';
import { makeFolder } from './dataFolder.js';
import { lockFolder, refuseLater } from './files.js';
import {
  type Answer,
  type Answers,
  CATALOGUE_NAME,
  type Job,
  LIVES_NAME,
  type LiveCopy,
  type Loaded,
  OLD_NAME,
  type Row,
} from './jobs.js';
import { LIVES_FILE, type LivesFile, openLivesFile } from './livesFile.js';
import { destroyOld, oldFileOf, oldFilesIn, readOld, refuseLaterOld } from './oldLives.js';
import { Moved } from './place.js';

/**
 * The thread that holds every file, so that a disk that stalls holds up nobody else. Entry point
 * of a worker; it does its jobs one after the other and answers each.
 */
/** `unlock` is held for as long as the folder is ours, or the lock would be collected. */
type Folder = { catalogue: CatalogueFile; lives: LivesFile; unlock: () => void };

function open(dataDir: string, copies: readonly LiveCopy[]): Folder {
  makeFolder(dataDir);
  const unlock = lockFolder(dataDir, join(dataDir, 'lock.db'));
  try {
    const [path, live, old] = [CATALOGUE_NAME, LIVES_NAME, OLD_NAME].map((name) =>
      join(dataDir, name),
    ) as [string, string, string];
    // Before any file is opened, and so changed: a later version's folder is left as it is (U1).
    refuseLater(path, CATALOGUE_FILE.steps);
    refuseLater(live, LIVES_FILE.steps);
    refuseLaterOld(old);
    if (!existsSync(path) && (existsSync(live) || oldFilesIn(old).length > 0)) {
      throw new DataDirError(`${path} is missing`);
    }
    const catalogue = openCatalogueFile(path);
    const lives = openLives(live, old, openIn(catalogue.rows()), copies);
    return { catalogue, lives, unlock };
  } catch (error) {
    unlock();
    throw error;
  }
}

const openIn = (rows: Row[]): string[] =>
  rows.flatMap(({ kind, id, document }) =>
    kind === 'noso' && document !== null && readDocument(kind, id, document).life.is === 'open'
      ? [id]
      : [],
  );

/** The logs of the NoSos that are open. What is not there yet is moved in, from copies or old files. */
function openLives(
  path: string,
  old: string,
  open: string[],
  copies: readonly LiveCopy[],
): LivesFile {
  const moving = new Map(copies.map((copy) => [copy.noso, () => copy as Loaded]));
  for (const noso of open) {
    const file = oldFileOf(old, noso);
    if (existsSync(file)) moving.set(noso, () => readOld(file));
  }
  if (!existsSync(path) && !existsSync(`${path}-wal`) && !open.every((noso) => moving.has(noso))) {
    throw new DataDirError(`${path} is missing, and a NoSo is open`);
  }
  const lives = openLivesFile(path);
  const there = new Set(lives.nosos());
  for (const noso of open) {
    if (there.has(noso)) continue;
    const read = moving.get(noso);
    if (!read) throw new DataDirError(`${path} has nothing of ${noso}, which is open`);
    lives.create(noso, read());
  }
  destroyOld(old);
  return lives;
}

/** As `open`; whatever is in the way is said in one line that names the folder. */
function openFolder(dataDir: string, copies: readonly LiveCopy[]): Folder {
  try {
    return open(dataDir, copies);
  } catch (error) {
    if (error instanceof DataDirError || isFull(error)) throw error;
    throw new DataDirError(`${dataDir} cannot be used: ${(error as Error).message}`);
  }
}

/** Erases every trace of NoSos, and notes that it is done. */
function erase({ catalogue, lives }: Folder, nosos: string[]): void {
  inPlace(lives, (file) => file.erase(nosos));
  inPlace(catalogue, (file) => file.erased(nosos));
}

function eraseOne(folder: Folder, noso: string): string | null {
  try {
    erase(folder, [noso]);
    return null;
  } catch (error) {
    return String(error);
  }
}

/** What is done to a file is good only if it is where it will be looked for, to the last. */
function inPlace<F extends { assertThere(): void }, T>(file: F, work: (file: F) => T): T {
  file.assertThere();
  const done = work(file);
  file.assertThere();
  return done;
}

/** What there is to say of a file that is not where it was opened. */
function movedOf(file: { assertThere(): void }): string | null {
  try {
    file.assertThere();
    return null;
  } catch (error) {
    if (!(error instanceof Moved)) throw error;
    return error.message;
  }
}

let folder: Folder | null = null;

function carryOut(job: Job): Answers[Job['do']] {
  if (job.do === 'start') {
    folder = openFolder(job.dataDir, job.copies);
    const { catalogue, lives } = folder;
    const rows = catalogue.rows();
    const open = new Set(openIn(rows));
    const more = lives.nosos().filter((noso) => !open.has(noso));
    return {
      rows,
      spent: catalogue.spent(job.now),
      intents: catalogue.intents(),
      erasing: [...new Set([...catalogue.erasing(), ...more])],
    };
  }
  if (!folder) throw new Error('the folder is not open');
  const { catalogue, lives } = folder;
  switch (job.do) {
    case 'append':
      inPlace(lives, (file) => file.append(job.parts, job.entries));
      return null;
    case 'load':
      return inPlace(lives, (file) => file.load(job.noso));
    case 'probe':
      inPlace(lives, (file) => file.probe());
      return null;
    case 'rehearse':
      for (const each of [catalogue, lives]) inPlace(each, (file) => file.probe());
      return null;
    case 'look':
      return { lives: movedOf(lives), catalogue: movedOf(catalogue) };
    case 'put': {
      const { rows, create, erase: gone, forget } = job;
      catalogue.assertThere();
      // The log comes first: whatever happens, an open NoSo has one. One too many goes at a start.
      if (create !== null) inPlace(lives, (file) => file.create(create));
      inPlace(catalogue, (file) => file.put(rows, forget, gone));
      return { left: gone === null ? null : eraseOne(folder, gone) };
    }
    case 'erase':
      erase(folder, job.nosos);
      return null;
    case 'intend':
      inPlace(catalogue, (file) => file.intend(job.noso, job.digest, job.will));
      return null;
    case 'spend':
      inPlace(catalogue, (file) => file.spend(job.id, job.until, job.now));
      return null;
    case 'draw':
      return inPlace(catalogue, (file) => file.draw(job.wanted));
    case 'count':
      return catalogue.drawn();
    case 'drawn':
      return catalogue.drawnFrom(job.from);
    case 'mark':
      inPlace(catalogue, (file) => file.mark(job.numbers));
      return null;
    case 'stop':
      throw new Error('not a job like others');
  }
}

/** Closes every file. The library lets go of them, and of the lock, with the thread. */
function stop(): void {
  folder?.lives.close();
  folder?.catalogue.close();
}

function answer(job: Job): Answer {
  try {
    return { ok: true, value: carryOut(job) };
  } catch (error) {
    const { message } = error instanceof Error ? error : { message: String(error) };
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { ok: false, code, message, damage: error instanceof DataDirError };
  }
}

parentPort?.on('message', (job: Job) => {
  if (job.do !== 'stop') return parentPort?.postMessage(answer(job));
  stop();
  parentPort?.close();
});
