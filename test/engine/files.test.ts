import { statSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import * as assert from 'uvu/assert';
import type { Refusal } from '../../src/domain/errors.js';
import type { Noso } from '../../src/domain/noso.js';
import { openCatalogueFile } from '../../src/engine/embedded/catalogueFile.js';
import { DataDirError } from '../../src/engine/embedded/damage.js';
import { Packer, unpack } from '../../src/engine/embedded/entries.js';
import { type LivesFile, openLivesFile } from '../../src/engine/embedded/livesFile.js';
import type { Engine } from '../../src/engine/engine.js';
import { letGo } from '../support/collect.js';
import { suite } from '../support/suite.js';
import { asking, opened, planned } from './contract/cast.js';
import { inFolder, openAt } from './folder.js';

const test = suite('the files of the embedded engine');

const NOW = 1_800_000_000_000;

/** What opening, or reading, is refused with; '' where it is not. */
function refusalOf(work: () => void): string {
  try {
    work();
    return '';
  } catch (error) {
    assert.instance(error, DataDirError);
    return (error as DataDirError).message;
  }
}

test('F5 A4 a catalogue of which a row, or how many were drawn, is not what was written is refused', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'catalogue.db');
    const read = () => {
      const file = openCatalogueFile(path);
      try {
        file.rows();
        file.spent(0);
        file.intents();
      } finally {
        file.close();
      }
    };
    const write = () => {
      const file = openCatalogueFile(path);
      file.put([{ kind: 'wish', id: 'w', revision: 3, document: null }], [], null);
      file.spend('link', NOW + 5, NOW);
      file.intend('n', 'digest', true);
      const numbers = file.draw([
        { count: 3, digits: 6 },
        { count: 2, digits: 7 },
      ]);
      assert.equal(
        [...numbers].map((number) => String(number).length),
        [6, 6, 6, 7, 7],
      );
      file.mark(Float64Array.of(numbers[0] as number, 123_456_789));
      assert.is(file.drawn(), 6, 'one was drawn before');
      assert.equal(file.spent(NOW + 4), [['link', NOW + 5]]);
      assert.equal(file.spent(NOW + 5), []);
      file.close();
    };
    write();
    await letGo();
    assert.is(refusalOf(read), '');
    await letGo();
    const change = (sql: string) => {
      const raw = new Database(path);
      raw.exec(sql);
      raw.close();
    };
    for (const [table, column, value, says] of [
      ['documents', 'revision', 4, 'a document'],
      ['spent', 'until', NOW + 6, 'a spent id'],
      ['intents', 'digest', "'other'", 'an intent'],
      ['draws', 'count', 7, '6 numbers of 7'],
      ['drawn', 'sum', 1, 'drawn numbers'],
    ]) {
      const raw = new Database(path);
      const [was] = raw.prepare(`SELECT ${column} FROM ${table}`).raw().get() as [unknown];
      const where = table === 'drawn' ? 'WHERE chunk = (SELECT min(chunk) FROM drawn)' : '';
      raw.close();
      change(`UPDATE ${table} SET ${column} = ${value} ${where}`);
      await letGo();
      const said = refusalOf(read);
      await letGo();
      assert.ok(said.includes(path) && said.includes(`${says}`), `${table}: ${said}`);
      change(
        `UPDATE ${table} SET ${column} = ${typeof was === 'string' ? `'${was}'` : was} ${where}`,
      );
    }
    assert.is(refusalOf(read), '');
  });
});

test('P1 F5 the logs of a commit are read as they were written, each its own, or refused', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'live.db');
    const pack = (from: number, count: number) => {
      const packer = new Packer();
      for (let seq = from; seq < from + count; seq += 1) {
        packer.add({ what: 'take', seq, at: NOW + seq, number: 7000 + seq, sitting: 1, key: null });
      }
      return packer.take();
    };
    const numbersOf = (entries: Uint8Array) => {
      const numbers: number[] = [];
      unpack(entries, 1, (entry) => numbers.push(entry.number));
      return numbers;
    };
    const using = async (work: (file: LivesFile) => void) => {
      await letGo();
      const file = openLivesFile(path);
      work(file);
      file.close();
    };
    const stateOf = (file: LivesFile) =>
      ['a', 'A', 'b'].map((noso) => {
        const { entries, heard } = file.load(noso);
        return [numbersOf(entries), [...heard]];
      });
    const written = [
      [
        [7001, 7002, 7003],
        [7002, 1, NOW + 9],
      ],
      [[7001, 7002, 7003], []],
      [[], [7001, 1, NOW, 7002, 1, NOW + 1]],
    ];
    const long = pack(1, 2500);
    await using((file) => {
      for (const noso of ['a', 'A', 'b']) file.create(noso);
      assert.throws(() => file.load('c'), /c/);
      const [one, two] = [pack(1, 2), pack(1, 3)];
      const heard = Float64Array.of(7001, 1, NOW, 7002, 1, NOW + 1);
      file.append(
        [
          { noso: 'a', first: 1, bytes: one.length, heard: null },
          { noso: 'b', first: 1, bytes: 0, heard },
          { noso: 'A', first: 1, bytes: two.length, heard: null },
        ],
        Buffer.concat([one, two]),
      );
      const more = pack(3, 1);
      const again = Float64Array.of(7002, 1, NOW + 9);
      file.append([{ noso: 'a', first: 3, bytes: more.length, heard: again }], more);
      assert.equal(stateOf(file), written);
    });
    await using((file) => {
      assert.equal(file.nosos().sort(), ['A', 'a', 'b']);
      // What is appended to a log that was read goes on from it.
      assert.equal(stateOf(file), written);
      const last = pack(4, 1);
      file.append([{ noso: 'a', first: 4, bytes: last.length, heard: null }], last);
      assert.equal(numbersOf(file.load('a').entries), [7001, 7002, 7003, 7004]);
      file.erase(['A', 'never there']);
      assert.equal(file.nosos().sort(), ['a', 'b']);
      // A log that was copied from elsewhere, in place of what there was.
      file.create('b', { entries: long, heard: Float64Array.of(7009, 2, NOW) });
      const copied = file.load('b');
      assert.is(Buffer.compare(copied.entries, long), 0);
      assert.equal([...copied.heard], [7009, 2, NOW]);
    });
    await letGo();
    const raw = new Database(path);
    const name = (noso: string) => Buffer.from(noso).toString('hex');
    raw.exec(`UPDATE seen_${name('b')} SET at = at + 1`);
    raw.exec(`DELETE FROM log_${name('a')} WHERE seq = 3`);
    raw.close();
    await using((file) => {
      file.create('big', { entries: pack(1, 100_000), heard: new Float64Array() });
      assert.ok(statSync(path).size + statSync(`${path}-wal`).size > 2_000_000);
      const why = (noso: string) => refusalOf(() => void file.load(noso));
      assert.match(why('b'), /live\.db is damaged: when a phone was heard/);
      assert.match(why('a'), /live\.db is damaged: its sum is wrong/);
      file.erase(['big', 'a', 'b']);
      assert.ok(statSync(path).size < 100_000, 'where nothing is kept it is small again');
    });
  });
});

test('F5 a folder whose lock is something else is refused, and named', async () => {
  await inFolder(async (dataDir) => {
    await writeFile(join(dataDir, 'lock.db'), 'something else altogether, by mistake');
    const closed = async (engine: Engine) => engine.close();
    const said = await openAt(dataDir).then(closed, (error: Error) => error.message);
    assert.match(said ?? '', /lock\.db is damaged/);
  });
});

/** Every verb that changes something. */
const verbs = (engine: Engine, noso: Noso): [string, () => Promise<unknown>][] => {
  const { id } = noso;
  const at = engine.now();
  return [
    ['save', () => engine.save('noso', id, noso)],
    [
      'revise',
      () => engine.revise('wish', 'w', () => ({ id: 'w', city: 'x', month: 'm', count: 1 })),
    ],
    ['remove', () => engine.remove('noso', id)],
    ['spend', () => engine.spend('x', at + 9000)],
    ['reserve', () => engine.reserve('x', 'y', at + 9000)],
    ['intend', () => engine.intend(id, 'x')],
    ['withdraw', () => engine.withdraw(id, 'x')],
    ['command', () => engine.command(id, { do: 'close', by: 'organizer' })],
    ['ration', () => engine.ration(id, 'ways', 1)],
    ['draw', () => engine.draw(1)],
    ['take', () => engine.take(id, asking(engine, 4711))],
    ['bind', () => engine.bind(id, { key: 'k', number: 4711, issuedAt: at })],
    ['click', () => engine.click(id, { key: null, door: '', at, what: 'out', number: null })],
    ['takeBack', () => engine.takeBack(id, 0, at)],
    ['leave', () => engine.leave(id, 4711, null)],
    ['hear', () => engine.hear(id, [{ number: 4711, sitting: 1, at }])],
    ['rehearse', () => engine.rehearse()],
  ];
};

test('F2 an engine that is closed changes nothing more, whatever is asked, and leaves no log behind', async () => {
  await inFolder(async (dataDir) => {
    const engine = await openAt(dataDir);
    const id = await opened(engine);
    await engine.take(id, asking(engine, 4711));
    const waits = await planned(engine);
    const { changes } = await engine.changesSince(0);
    const noso = changes.find((each) => each.id === id)?.document as Noso;
    const closing = engine.close();
    for (const [name, ask] of verbs(engine, noso)) {
      const error = await Promise.resolve()
        .then(ask)
        .then(
          () => null,
          (reason: Refusal) => reason,
        );
      assert.is(error?.why, 'unavailable.draining', name);
    }
    await closing;
    await engine.close();
    for (const name of await readdir(dataDir)) {
      if (name.endsWith('-wal')) assert.is((await stat(join(dataDir, name))).size, 0, name);
    }
    const again = await openAt(dataDir);
    assert.ok((await again.seat(id, 4711))?.seated);
    assert.equal(await again.intents(waits, ['x']), { count: 0, among: false });
    await again.close();
  });
});
