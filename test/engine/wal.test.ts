import { statSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'libsql';
import * as assert from 'uvu/assert';
import { DataDirError } from '../../src/engine/embedded/damage.js';
import { makeFolder } from '../../src/engine/embedded/dataFolder.js';
import { openFile, refuseLater } from '../../src/engine/embedded/files.js';
import { checkWal, committedPage, damagedInTheMiddle } from '../../src/engine/embedded/wal.js';
import { suite } from '../support/suite.js';
import { inFolder } from './folder.js';

const test = suite('write-ahead logs, to the byte');

const PAGE = 512;
type Frame = { page: number; fill: number; commit?: boolean };

/** A log as SQLite's format says, of either byte order. */
function walOf(frames: Frame[], { big = false, salt = 0x07070707 } = {}): Buffer {
  const read = (bytes: Buffer, at: number) =>
    big ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
  let sum: [number, number] = [0, 0];
  const add = (bytes: Buffer) => {
    for (let at = 0; at < bytes.length; at += 8) {
      const first = (sum[0] + read(bytes, at) + sum[1]) % 2 ** 32;
      sum = [first, (sum[1] + read(bytes, at + 4) + first) % 2 ** 32];
    }
  };
  const words = (...values: number[]) => {
    const bytes = Buffer.alloc(values.length * 4);
    for (const [k, value] of values.entries()) bytes.writeUInt32BE(value, k * 4);
    return bytes;
  };
  const head = words(0x377f0682 + (big ? 1 : 0), 3_007_000, PAGE, 0, salt, salt + 1);
  add(head);
  const parts = [head, words(...sum)];
  for (const { page, fill, commit = false } of frames) {
    const place = words(page, commit ? 5 : 0);
    const content = Buffer.alloc(PAGE, fill);
    add(place);
    add(content);
    parts.push(place, words(salt, salt + 1), words(...sum), content);
  }
  return Buffer.concat(parts);
}

/** Commits of one page each. */
const commits = (count: number): Frame[] =>
  Array.from({ length: count }, (_, k) => ({ page: 2, fill: k + 1, commit: true }));
const FRAME = 24 + PAGE;
/** With the content of that frame, from 0, changed. */
function broken(wal: Buffer, frame: number, at = 24): Buffer {
  const bytes = Buffer.from(wal);
  const place = 32 + frame * FRAME + at;
  bytes[place] = (bytes[place] as number) ^ 1;
  return bytes;
}

for (const big of [false, true]) {
  test(`F5 one commit behind a bad frame may be the torn tail, two were acknowledged (${big})`, () => {
    const wal = walOf(commits(6), { big });
    assert.not.ok(damagedInTheMiddle(wal));
    assert.not.ok(damagedInTheMiddle(broken(wal, 5)), 'the last');
    for (let k = 0; k < 5; k += 1) assert.ok(damagedInTheMiddle(broken(wal, k)), `frame ${k}`);
    assert.ok(damagedInTheMiddle(broken(wal, 2, 0)), 'its page');
    assert.ok(damagedInTheMiddle(broken(wal, 2, 17)), 'its sum');
    assert.ok(damagedInTheMiddle(broken(wal, 2, 21)), 'its other sum');
    assert.not.ok(damagedInTheMiddle(wal.subarray(0, wal.length - 1)), 'half a frame');
  });
}

test('F5 a commit of several pages that is torn in the middle is no damage', () => {
  const frames = [...commits(2), { page: 3, fill: 9 }, { page: 4, fill: 9, commit: true }];
  const wal = walOf(frames);
  assert.not.ok(damagedInTheMiddle(broken(wal, 2)), 'its sectors came out of order');
  assert.ok(damagedInTheMiddle(broken(walOf([...frames, ...commits(1)]), 2)));
});

test('F5 what a log was before it was begun anew is no part of it', () => {
  const before = walOf(commits(6), { salt: 99 });
  const wal = Buffer.concat([walOf(commits(2)), before.subarray(32 + 2 * FRAME)]);
  assert.not.ok(damagedInTheMiddle(wal));
  assert.equal(committedPage(wal, 2), Buffer.alloc(PAGE, 2));
});

test('F5 a head that does not check is damage, unless nothing follows it', () => {
  const wal = walOf(commits(1));
  for (const at of [0, 4, 17, 25, 29])
    assert.ok(damagedInTheMiddle(broken(wal, 0, at - 32)), `${at}`);
  const empty = Buffer.alloc(32 + FRAME);
  assert.not.ok(damagedInTheMiddle(empty));
  assert.not.ok(damagedInTheMiddle(Buffer.alloc(55, 1)), 'too short for a frame');
  assert.ok(damagedInTheMiddle(Buffer.alloc(56, 1)));
  const begun = Buffer.concat([walOf([]), Buffer.alloc(24, 1)]);
  assert.not.ok(damagedInTheMiddle(begun), 'the first frame was begun');
});

test('U1 a page is as the last commit left it', () => {
  const wal = walOf([
    { page: 1, fill: 1, commit: true },
    { page: 1, fill: 2 },
    { page: 2, fill: 3, commit: true },
    { page: 1, fill: 4 },
  ]);
  assert.equal(committedPage(wal, 1), Buffer.alloc(PAGE, 2), 'not what nobody committed');
  assert.equal(committedPage(wal, 2), Buffer.alloc(PAGE, 3));
  assert.is(committedPage(wal, 3), null);
  assert.equal(
    committedPage(broken(wal, 1), 1),
    Buffer.alloc(PAGE, 1),
    'nor what is behind a break',
  );
  for (const at of [17, 21]) {
    assert.equal(committedPage(broken(walOf(commits(3)), 2, at), 2), Buffer.alloc(PAGE, 2));
  }
  assert.is(committedPage(walOf([{ page: 1, fill: 1 }]), 1), null);
  assert.is(committedPage(Buffer.alloc(0), 1), null);
});

const refusalOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.instance(error, DataDirError);
    return (error as DataDirError).message;
  }
  return '';
};

test('F5 a log without its database, and one that is damaged, are named', async () => {
  await inFolder(async (folder) => {
    const file = join(folder, 'a.db');
    const wal = walOf(commits(3));
    checkWal(file);
    await writeFile(`${file}-wal`, '');
    assert.is(
      refusalOf(() => checkWal(file)),
      '',
      'an empty log is none',
    );
    await writeFile(`${file}-wal`, wal);
    assert.match(
      refusalOf(() => checkWal(file)),
      /a\.db is missing or empty/,
    );
    await writeFile(file, '');
    assert.match(
      refusalOf(() => checkWal(file)),
      /a\.db is missing or empty/,
    );
    await writeFile(file, 'x');
    assert.is(
      refusalOf(() => checkWal(file)),
      '',
    );
    await writeFile(`${file}-wal`, broken(wal, 0));
    assert.match(
      refusalOf(() => checkWal(file)),
      /a\.db-wal is damaged/,
    );
  });
});

test('U1 the version is read from the log where it is there, else from the file, and nothing is written', async () => {
  await inFolder(async (folder) => {
    const path = join(folder, 'b.db');
    const steps = [{}, {}, {}];
    const refused = () => refusalOf(() => refuseLater(path, steps));
    assert.is(refused(), '', 'none is there');
    const file = new Database(path);
    file.exec('PRAGMA user_version = 5');
    file.close();
    const before = await readFile(path);
    assert.match(refused(), /b\.db is of version 5, .*knows 4/);
    assert.equal(await readFile(path), before);
    assert.is(
      refusalOf(() => refuseLater(path, [...steps, {}])),
      '',
    );
    await writeFile(path, before.subarray(0, 63));
    assert.is(refused(), '', 'SQLite says what is wrong with it');
    await writeFile(path, Buffer.concat([Buffer.from('SQLITE'), before.subarray(6)]));
    assert.is(refused(), '', 'that it is none as well');
    await writeFile(path, before.subarray(0, 64));
    assert.match(refused(), /version 5/);
    await writeFile(`${path}-wal`, walOf([{ page: 1, fill: 9 }]));
    assert.match(refused(), /version 5/, 'the log has committed nothing');
    await writeFile(`${path}-wal`, walOf([{ page: 1, fill: 0, commit: true }]));
    assert.is(refused(), '');
    await writeFile(`${path}-wal`, walOf([{ page: 1, fill: 9, commit: true }]));
    assert.match(refused(), /version 151587081/);
  });
});

test('P1 L4 a file of ours is durable at each commit, and overwrites what is deleted', async () => {
  await inFolder(async (folder) => {
    const file = openFile(join(folder, 'c.db'), { schema: 'CREATE TABLE t (a)', steps: [{}] });
    const pragma = (name: string) => (file.prepare(`PRAGMA ${name}`).raw().get() as [unknown])[0];
    assert.equal(['synchronous', 'secure_delete', 'journal_mode', 'locking_mode'].map(pragma), [
      2,
      1,
      'wal',
      'exclusive',
    ]);
    file.close();
  });
});

test('A1 a folder is made with all that leads to it, its owner’s alone, and is kept', async () => {
  await inFolder(async (parent) => {
    const deep = join(parent, 'a', 'b', 'c');
    makeFolder(deep);
    for (const each of [deep, join(parent, 'a')]) {
      assert.is(statSync(each).mode & 0o777, 0o700);
    }
    await writeFile(join(deep, 'kept'), 'x');
    makeFolder(deep);
    assert.is(await readFile(join(deep, 'kept'), 'utf8'), 'x');
    await mkdir(join(parent, 'there'));
    await symlink(join(parent, 'there'), join(parent, 'link'));
    makeFolder(join(parent, 'link'));
    makeFolder(join(parent, 'link', 'in'));
    assert.ok(statSync(join(parent, 'there', 'in')).isDirectory());
    await writeFile(join(parent, 'file'), '');
    await symlink(join(parent, 'nowhere'), join(parent, 'lost'));
    for (const path of ['file', 'file/in', 'lost'].map((name) => join(parent, name))) {
      // What making it was refused with, not what looking for it was.
      assert.throws(() => makeFolder(path), /E(EXIST|NOTDIR)/);
    }
  });
});
