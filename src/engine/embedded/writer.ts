import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { readDocument } from '../documents.js';
import { CATALOGUE_FILE, type CatalogueFile, openCatalogueFile } from './catalogueFile.js';
import { DataDirError } from './damage.js';
import { collect, destroyFile, lockFolder, refuseLater } from './files.js';
import { type Answer, type Answers, fileName, type Job, type Row } from './jobs.js';
import { LIVE_FILE, type LiveFile, openLiveFile } from './liveFile.js';
import { Moved } from './place.js';

/**
 * The thread that holds every file, so that a disk that stalls holds up nobody else. Entry point
 * of a worker; it does its jobs one after the other and answers each.
 */
type Folder = {
  live: string;
  catalogue: CatalogueFile;
  lives: Map<string, LiveFile>;
  unlock: () => void;
};

const fileOf = (live: string, noso: string) => join(live, fileName(noso));

function open(dataDir: string): Folder {
  const live = join(dataDir, 'live');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(dataDir, join(dataDir, 'lock.db'));
  try {
    const path = join(dataDir, 'catalogue.db');
    refuseLaterIn(live, path);
    mkdirSync(live, { recursive: true, mode: 0o700 });
    if (!existsSync(path) && readdirSync(live).length > 0) {
      throw new DataDirError(`${path} is missing`);
    }
    const catalogue = openCatalogueFile(path);
    const lives = openLives(live, catalogue.rows());
    return { live, catalogue, lives, unlock };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Before any file is opened, and so changed: a later version's folder is left as it is (U1). */
function refuseLaterIn(live: string, catalogue: string): void {
  refuseLater(catalogue, CATALOGUE_FILE.steps);
  for (const name of existsSync(live) ? readdirSync(live) : []) {
    if (name.endsWith('.db')) refuseLater(join(live, name), LIVE_FILE.steps);
  }
}

/** As `open`; whatever is in the way is said in one line that names the folder. */
function openFolder(dataDir: string): Folder {
  try {
    return open(dataDir);
  } catch (error) {
    if (error instanceof DataDirError) throw error;
    throw new DataDirError(`${dataDir} cannot be used: ${(error as Error).message}`);
  }
}

/** Opens the files of open NoSos, and deletes those that a crash left of closed ones (L4). */
function openLives(live: string, rows: Row[]): Map<string, LiveFile> {
  const lives = new Map<string, LiveFile>();
  const wanted = new Set<string>();
  for (const { kind, id, document } of rows) {
    if (kind !== 'noso' || document === null) continue;
    if (readDocument('noso', id, document).life.is !== 'open') continue;
    const path = fileOf(live, id);
    if (!existsSync(path)) throw new DataDirError(`${path} is missing, and its NoSo is open`);
    wanted.add(path);
    lives.set(id, openLiveFile(path));
  }
  for (const name of readdirSync(live)) {
    const path = join(live, name.replace(/-(wal|shm|journal)$/, ''));
    if (!wanted.has(path)) destroyFile(path);
  }
  return lives;
}

function destroy(folder: Folder, noso: string): string | null {
  folder.lives.get(noso)?.close();
  folder.lives.delete(noso);
  try {
    destroyFile(fileOf(folder.live, noso));
    return null;
  } catch (error) {
    return String(error);
  } finally {
    collect();
  }
}

/** What is done to a file is good only if it is where it will be looked for, to the last. */
function inPlace<F extends { assertThere(): void }, T>(file: F, work: (file: F) => T): T {
  file.assertThere();
  const done = work(file);
  file.assertThere();
  return done;
}

function movedIn({ catalogue, lives }: Folder): Answers['look'] {
  const files: [noso: string | null, file: { assertThere(): void }][] = [
    [null, catalogue],
    ...lives,
  ];
  return files.flatMap(([noso, file]) => {
    try {
      file.assertThere();
      return [];
    } catch (error) {
      if (!(error instanceof Moved)) throw error;
      return [{ noso, message: error.message }];
    }
  });
}

let folder: Folder | null = null;

function carryOut(job: Job): Answers[Job['do']] {
  if (job.do === 'start') {
    folder = openFolder(job.dataDir);
    const { catalogue } = folder;
    return {
      rows: catalogue.rows(),
      spent: catalogue.spent(job.now),
      intents: catalogue.intents(),
    };
  }
  if (!folder) throw new Error('the folder is not open');
  const { catalogue, lives, live } = folder;
  switch (job.do) {
    case 'append':
      inPlace(the(lives, job.noso), (file) => file.append(job.first, job.entries, job.heard));
      return null;
    case 'load':
      return inPlace(the(lives, job.noso), (file) => file.load());
    case 'probe':
      inPlace(the(lives, job.noso), (file) => file.probe());
      return null;
    case 'rehearse':
      for (const each of [catalogue, ...lives.values()]) inPlace(each, (file) => file.probe());
      return null;
    case 'look':
      return movedIn(folder);
    case 'put': {
      catalogue.assertThere();
      // The file comes first: whatever happens, an open NoSo has one. One too many goes at a start.
      if (job.create !== null && !lives.has(job.create)) {
        const path = fileOf(live, job.create);
        destroyFile(path);
        lives.set(job.create, openLiveFile(path));
      }
      inPlace(catalogue, (file) => file.put(job.rows, job.forget));
      return { left: job.destroy === null ? null : destroy(folder, job.destroy) };
    }
    case 'destroy': {
      const left = destroy(folder, job.noso);
      if (left !== null) throw new Error(left);
      return null;
    }
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

/** Closes every file, and only then leaves the folder to others. */
async function stop(): Promise<void> {
  const { unlock } = folder ?? {};
  for (const file of folder?.lives.values() ?? []) file.close();
  folder?.catalogue.close();
  folder = null;
  // The library closes a file once it has been collected, in a turn of its own.
  for (let turn = 0; turn < 3; turn += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  unlock?.();
}

function the(lives: Map<string, LiveFile>, noso: string): LiveFile {
  const file = lives.get(noso);
  if (!file) throw new Error(`no file for ${noso}`);
  return file;
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

parentPort?.on('message', async (job: Job) => {
  if (job.do !== 'stop') return parentPort?.postMessage(answer(job));
  await stop();
  parentPort?.close();
});
