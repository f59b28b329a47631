import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { readBeside } from '../../src/engine/embedded/beside.js';
import { DataDirError, openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import { letGo } from '../support/collect.js';
import { inFolder, program } from '../support/program.js';
import { SECRET } from '../support/server.js';
import { type Expected, expectedOf, folderOf, told } from '../support/stored.js';
import { suite } from '../support/suite.js';
import { asking } from './contract/cast.js';
import { filesIn } from './folder.js';

// Up to version 7 each open NoSo had a file of its own; stored.test.ts tells what becomes of what is in
// them, and this what becomes of the files.

const test = suite('files that open NoSos had of their own');
const ONE = 'pocketNoso01';
const VERSION = 'v1';

type Left = 'stopped' | 'killed';

/** Runs `work` with a copy of what an earlier version left. */
async function withOld(
  left: Left,
  work: (dataDir: string, was: Expected) => Promise<void>,
): Promise<void> {
  await inFolder(async (parent) => {
    const dataDir = join(parent, 'data');
    await cp(join(folderOf(VERSION, left), 'files'), dataDir, { recursive: true });
    await work(dataDir, await expectedOf(VERSION, left));
  });
}

const openAt = (dataDir: string, { now }: Expected) =>
  openEmbedded({ dataDir, clock: manualClock(now) });

async function refusal(dataDir: string, was: Expected): Promise<string> {
  const error = await openAt(dataDir, was).then(
    (engine) => engine.close().then(() => null),
    (reason: unknown) => reason,
  );
  assert.instance(error, DataDirError);
  return (error as Error).message;
}

const seatedIn = async (
  engine: Awaited<ReturnType<typeof openAt>>,
  was: Expected,
): Promise<Record<string, number[]>> => {
  const now = await told(engine, was);
  return Object.fromEntries(Object.entries(now.open).map(([id, { seated }]) => [id, seated]));
};
const seatedThen = (was: Expected) =>
  Object.fromEntries(Object.entries(was.open).map(([id, { seated }]) => [id, seated]));

const contents = async (dataDir: string) =>
  Promise.all((await filesIn(dataDir)).sort().map(async (each) => [each, await readFile(each)]));

for (const left of ['stopped', 'killed'] as const) {
  test(`U1 they are moved into one, once, and are gone: ${left}`, () =>
    withOld(left, async (dataDir, was) => {
      const engine = await openAt(dataDir, was);
      assert.not((await readdir(dataDir)).includes('live'));
      assert.equal(await seatedIn(engine, was), seatedThen(was));
      const [number] = (await engine.draw(1)) as [number];
      await engine.take(ONE, asking(engine, number));
      await engine.close();

      // As a crash would leave it between the moving and the deleting: what is in the one goes.
      const from = join(folderOf(VERSION, left), 'files', 'live');
      await cp(from, join(dataDir, 'live'), { recursive: true });
      const again = await openAt(dataDir, was);
      assert.is((await again.seat(ONE, number))?.seated, true);
      assert.not((await readdir(dataDir)).includes('live'));
      await again.close();
    }));
}

test('U1 F5 one that is damaged, or of a later version, is refused by its name, and none is deleted', () =>
  withOld('stopped', async (dataDir, was) => {
    const [{ noso, form }] = was.forms as [Expected['forms'][number]];
    const path = join(dataDir, 'live', `${noso}.db`);
    const whole = await readFile(path);
    const damaged = Buffer.from(whole);
    // In the middle of an entry, where SQLite itself would see nothing wrong.
    const at = whole.indexOf(form);
    damaged[at] = (damaged[at] as number) ^ 1;
    const lives = () => contents(join(dataDir, 'live'));
    const names = (await readdir(join(dataDir, 'live'))).sort();
    await writeFile(path, damaged);
    assert.match(await refusal(dataDir, was), `${noso}.db is damaged`);
    assert.equal((await readdir(join(dataDir, 'live'))).sort(), names);

    await writeFile(path, whole);
    const file = new Database(path);
    file.exec('PRAGMA user_version = 99');
    file.close();
    await letGo();
    const before = await lives();
    assert.match(await refusal(dataDir, was), new RegExp(`${noso}.db is of version 99`));
    assert.equal(await lives(), before);

    await writeFile(path, whole);
    const engine = await openAt(dataDir, was);
    assert.equal(await seatedIn(engine, was), seatedThen(was));
    await engine.close();
  }));

test('P1 U1 a copy with numbers is made of them as well, and one of before comes back', () =>
  withOld('killed', async (dataDir, was) => {
    const { lives } = await readBeside(dataDir, true);
    assert.equal(lives.map(({ noso }) => noso).sort(), Object.keys(was.open).sort());
    assert.equal((await readBeside(dataDir)).lives, []);

    // Format 1 held the files.
    const lines: object[] = [
      { noso: 'backup', format: 1, madeAt: was.now, engine: 'embedded', secret: null, windows: [] },
    ];
    for (const { kind, id, document } of was.changes) {
      if (document) lines.push({ kind, id, document: JSON.stringify(document) });
    }
    lines.push({ drawn: was.drawn });
    const old = join(dataDir, 'live');
    for (const name of (await readdir(old)).filter((each) => each.endsWith('.db'))) {
      const [pages, log] = [join(old, name), join(old, `${name}-wal`)].map((each) =>
        readFile(each, 'base64'),
      );
      lines.push({ live: name, pages: await pages, log: await log });
    }
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const folder = join(dataDir, 'copy');
    await mkdir(folder);
    const sha256 = createHash('sha256').update(text).digest('hex');
    await writeFile(join(folder, 'file'), `${text}${JSON.stringify({ sha256 })}\n`);
    const there = join(folder, 'there');
    const env = { DATA_DIR: there, NOSO_SECRET: SECRET };
    const restored = program('restore', env, [join(folder, 'file')]);
    assert.is(await restored.ended, 0, restored.stderr());
    const engine = await openAt(there, was);
    assert.equal(await seatedIn(engine, was), seatedThen(was));
    await engine.close();
  }));
