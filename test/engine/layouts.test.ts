import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import Database from 'libsql';
import * as assert from 'uvu/assert';
import { readDocument, spellDocument, Unreadable } from '../../src/engine/documents.js';
import { openFile } from '../../src/engine/embedded/files.js';
import { LIVES_FILE } from '../../src/engine/embedded/livesFile.js';
import { nososIn, tablesOf } from '../../src/engine/embedded/nosoTables.js';
import { DataDirError } from '../../src/engine/embedded/openEmbedded.js';
import type { Documents, Engine, Kind } from '../../src/engine/engine.js';
import { CATALOGUE, type Step, versionOf } from '../../src/engine/layouts.js';
import { letGo } from '../support/collect.js';
import { suite } from '../support/suite.js';
import { newNoso, newVenue, opened, seated } from './contract/cast.js';
import { copyFolder, filesIn, inFolder, openAt } from './folder.js';

// The way up, and what is of a later version. What earlier versions stored is stored.test.ts' business.

const test = suite('versions of what is stored');
const KNOWN = versionOf(CATALOGUE);
const engine = { now: () => 1_800_000_000_000 } as Engine;

const ONE: { [K in Kind]: Documents[K] } = {
  venue: newVenue('place'),
  noso: newNoso(engine, { id: 'evening', venue: 'place' }),
  organizer: { id: 'ada', label: 'Ada', hash: 'h', createdAt: 1 },
  wall: { id: 'window', venue: 'place', name: 'Window', hash: 'h', createdAt: 1 },
  series: {
    ...{
      id: 'sundays',
      venue: 'place',
      title: 'Hush',
      rule: 'FREQ=WEEKLY',
      startsAt: 1,
      minutes: 60,
    },
    ...{ capacity: null, entry: 'code', show: 'numbers', pocket: null, veil: 5 },
    ...{ opens: 'organizer', gather: 15, made: [{ date: '2026-11-29', noso: 'a', amended: 0 }] },
  },
  wish: { id: 'kyoto', city: 'Kyōto', month: '2026-11', count: 1 },
  door: { id: 'd', noso: 'n', name: 'North', hash: 'h', createdAt: 1 },
  paper: { id: 'p', noso: 'n', numbers: [123_456] },
};
const KINDS = Object.keys(ONE) as Kind[];

/** Why a text is not taken for a document. */
function fault(kind: Kind, text: string, steps?: readonly Step[]): string {
  try {
    readDocument(kind, 'it', text, steps);
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
  return assert.unreachable(`${kind}: ${text} was taken`) as never;
}

test('U1 a document is read as it was written, and says which version wrote it', () => {
  for (const kind of KINDS) {
    const text = spellDocument(ONE[kind]);
    assert.is(JSON.parse(text).v, KNOWN);
    assert.equal(readDocument(kind, 'it', text), ONE[kind]);
    assert.equal(
      readDocument(kind, 'it', JSON.stringify(ONE[kind])),
      ONE[kind],
      'version 1 said none',
    );
  }
});

test('U1 a document takes the steps that it lacks, in order, and no other', () => {
  const add = (word: string): Step => ({
    documents: { noso: (noso) => ({ ...noso, title: `${String(noso.title)} ${word}` }) },
  });
  const steps = [{}, add('two'), add('three'), { documents: { wall: () => ({}) } }];
  const written = (v?: number) => JSON.stringify({ ...(v && { v }), ...ONE.noso, title: 'Hush' });
  const titles = [undefined, 2, 3, 4, 5].map(
    (v) => readDocument('noso', 'it', written(v), steps).title,
  );
  assert.equal(titles, ['Hush two three', 'Hush two three', 'Hush three', 'Hush', 'Hush']);
  assert.match(fault('noso', written(6), steps), 'noso it is of version 6');
  assert.match(fault('noso', written(6), steps), 'this one knows 5');
});

test('U1 nothing is taken for a document that is none, field by field', () => {
  for (const kind of KINDS) {
    for (const text of ['', '{', 'null', '[]', '"x"', '{}', '{"v":0}', '{"v":"1"}'])
      fault(kind, text);
    for (const field of Object.keys(ONE[kind])) {
      const message = fault(kind, JSON.stringify({ ...ONE[kind], [field]: { no: true } }));
      assert.match(message, `${kind} it: ${field}`);
    }
  }
  const totals = { peak: 1, total: 1, personMinutes: 1, series: [{ at: 1, count: '1' }] };
  const life = { is: 'closed', openedAt: 1, closedAt: 1, effectiveAt: 1, totals };
  assert.match(fault('noso', JSON.stringify({ ...ONE.noso, life })), 'life.totals.series[0].count');
});

test('U1 a file takes the steps that it lacks, all or none', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'some.db');
    /** The tables that there are once it is open, or why it is not opened. */
    const open = async (at: string, ...steps: Step[]): Promise<string> => {
      await letGo();
      try {
        const file = openFile(at, { schema: 'CREATE TABLE a (x)', steps });
        const rows = file.prepare('SELECT name FROM sqlite_master ORDER BY name').raw().all();
        file.close();
        return (rows as [string][]).map(([name]) => name).join('');
      } catch (error) {
        return (error as Error).message;
      }
    };
    const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ sql: `CREATE TABLE ${name} (x)` })) as [
      Step,
      Step,
      Step,
    ];
    assert.is(await open(path), 'a');
    assert.match(await open(path, b, a), /a already exists/);
    assert.is(await open(path), 'a', 'nothing of it was done');
    assert.is(await open(path, {}, b, c), 'abc');
    assert.is(await open(path, {}, b, c), 'abc', 'once');
    assert.is(await open(join(folder, 'new.db'), b, {}, c), 'abc');
    assert.match(await open(path, {}, b), /some\.db is of version 4, .* this one knows 3/);
    await letGo();
  });
});

test('U1 a step of what is kept of open NoSos is taken for each of them', async () => {
  await inFolder(async (dataDir) => {
    const engine = await openAt(dataDir);
    const nosos = [await opened(engine), await opened(engine)];
    for (const noso of nosos) await seated(engine, noso, 2);
    await engine.close();
    const path = join(dataDir, 'live.db');
    const step = {
      sql: 'ALTER TABLE {log} ADD COLUMN more TEXT; ALTER TABLE {seen} ADD COLUMN other TEXT;',
    };
    const file = openFile(path, { ...LIVES_FILE, steps: [...LIVES_FILE.steps, step] });
    for (const noso of nosos) {
      const { log, seen } = tablesOf(noso);
      assert.equal(file.prepare(`SELECT more FROM ${log}`).raw().all()[0], [null]);
      assert.equal(file.prepare(`SELECT other FROM ${seen}`).raw().all(), []);
    }
    assert.equal(nososIn(file).sort(), nosos.sort());
    file.close();
    await letGo();
    const error = await openAt(dataDir).then(
      () => assert.unreachable('it started'),
      (reason: unknown) => reason as Error,
    );
    assert.match((error as Error).message, /live\.db is of version \d+, .* this one knows \d+/);
  });
});

/** A folder that a later version left: cleanly, or killed, so that only a log says so. */
async function later(name: string, killed: boolean): Promise<void> {
  await inFolder(async (parent) => {
    const running = join(parent, 'running');
    const engine = await openAt(running);
    const noso = await opened(engine);
    await seated(engine, noso, 3);
    await engine.close();
    const path = join(running, name);
    const file = new Database(path);
    file.exec('PRAGMA journal_mode = WAL; PRAGMA user_version = 99;');
    if (!killed) file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const dataDir = join(parent, 'left');
    await copyFolder(running, dataDir);
    file.close();
    const lockless = (all: string[]) => all.filter((each) => !each.endsWith('lock.db')).sort();
    const contents = async () =>
      Promise.all(
        lockless(await filesIn(dataDir)).map(async (each) => [each, await readFile(each)]),
      );
    const before = await contents();
    const error = await openAt(dataDir).then(
      () => assert.unreachable('it started'),
      (reason: unknown) => reason as Error,
    );
    assert.instance(error, DataDirError);
    assert.match((error as Error).message, basename(path));
    assert.match((error as Error).message, /is of version 99, .* this one knows \d+$/);
    assert.equal(await contents(), before, 'not a byte has changed, and no file has come or gone');
  });
}

for (const name of ['catalogue.db', 'live.db']) {
  for (const killed of [false, true]) {
    const how = killed ? 'where only its write-ahead log says so' : 'where it was closed';
    test(`U1 ${name} of a later version is refused by its name, untouched, ${how}`, () =>
      later(name, killed));
  }
}

test('F5 a document whose sum is right and which is none is refused, and named', async () => {
  await inFolder(async (dataDir) => {
    const engine = await openAt(dataDir);
    const wrong = { ...newVenue('somewhere'), city: 7 };
    await engine.save('venue', 'somewhere', newVenue('somewhere'));
    await engine.close();
    const path = join(dataDir, 'catalogue.db');
    const file = new Database(path);
    const [revision] = file.prepare('SELECT revision FROM documents').raw().get() as [number];
    const document = spellDocument(wrong as unknown as Documents['venue']);
    const sum = crc32(JSON.stringify(['venue', 'somewhere', revision, document]));
    file.prepare('UPDATE documents SET document = ?, sum = ?').run(document, sum);
    file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    file.close();
    await letGo();
    const error = await openAt(dataDir).then(
      () => null,
      (reason: Error) => reason,
    );
    assert.match(
      error?.message ?? '',
      /catalogue\.db cannot be read: venue somewhere: city is not/,
    );
  });
});
