import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import { DataDirError } from '../../src/engine/embedded/damage.js';
import { openDisk } from '../../src/engine/embedded/disk.js';
import { Health } from '../../src/engine/embedded/health.js';
import { rehearse } from '../../src/engine/embedded/rehearsal.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { IdleThread, settle } from './thread.js';

const test = suite('the disk, from this side of its thread');

const PATIENCE = 7;

function scene() {
  const writer = new IdleThread();
  const errors: unknown[] = [];
  const disk = openDisk((error) => errors.push(error), writer.thread);
  const tick = (times: number) => {
    for (let k = 0; k < times; k += 1) disk.tick();
  };
  return { writer, errors, disk, tick };
}

/** What came of it: a value, or what was thrown. */
const outcome = <T>(work: Promise<T>): Promise<unknown> =>
  work.then(
    (value) => value,
    (error: unknown) => error,
  );
const whyOf = (error: unknown): unknown => (error instanceof Refusal ? error.why : error);

test('jobs are answered in order, each with what it was refused with', async () => {
  const { writer, disk } = scene();
  const bytes = new ArrayBuffer(8);
  const [one, two, three] = [
    outcome(disk.ask({ do: 'count' })),
    outcome(disk.ask({ do: 'probe' }, [bytes])),
    outcome(disk.ask({ do: 'count' })),
  ];
  assert.equal(writer.asked, ['count', 'probe', 'count']);
  assert.equal(writer.transferred, [[], [bytes], []]);
  writer.answer(7);
  assert.not.ok(disk.doubtful());
  writer.refuse('SQLITE_FULL');
  assert.ok(disk.doubtful());
  writer.refuse('', { damage: true });
  assert.is(await one, 7);
  const refusal = (await two) as NodeJS.ErrnoException;
  assert.equal([refusal.code, refusal.message], ['SQLITE_FULL', 'SQLITE_FULL it said']);
  assert.not.ok(refusal instanceof DataDirError);
  assert.ok((await three) instanceof DataDirError);
});

test('it is doubted from a refusal on, or when somebody says so, until it is trusted', () => {
  const { writer, disk } = scene();
  void outcome(disk.ask({ do: 'probe' }));
  void outcome(disk.ask({ do: 'probe' }));
  writer.refuse();
  writer.answer();
  assert.ok(disk.doubtful(), 'one answer later');
  disk.trust();
  assert.not.ok(disk.doubtful());
  disk.doubt();
  assert.ok(disk.doubtful());
});

test('F1 it has stalled once its oldest job waits for almost 2 s', () => {
  const { writer, disk, tick } = scene();
  tick(20);
  assert.not.ok(disk.stalled());
  void disk.ask({ do: 'probe' });
  tick(PATIENCE - 1);
  assert.not.ok(disk.stalled());
  void disk.ask({ do: 'count' });
  tick(1);
  assert.ok(disk.stalled());
  writer.answer();
  assert.not.ok(disk.stalled(), 'the next waits for a tick');
  tick(PATIENCE - 2);
  assert.not.ok(disk.stalled());
  tick(1);
  assert.ok(disk.stalled());
});

test('F1 what takes longer is given up once, and whoever asked is told so', async () => {
  const { disk, tick } = scene();
  let done: (value: string) => void = () => {};
  const work = new Promise<string>((resolve) => (done = resolve));
  let givenUp = 0;
  const [short, long, quiet] = [
    outcome(disk.within(work, () => (givenUp += 1))),
    outcome(disk.within(work, () => (givenUp += 1), 30)),
    outcome(disk.within(work)),
  ];
  tick(PATIENCE - 1);
  assert.is(givenUp, 0);
  tick(1);
  assert.is(givenUp, 1);
  for (const each of [short, quiet]) assert.is(whyOf(await each), 'unavailable.no_answer');
  tick(10);
  done('done');
  assert.is(await long, 'done');
  await settle();
  tick(40);
  assert.is(givenUp, 1, 'nobody is given up who was answered, nor twice');
});

test('F1 a thread that ends takes what it was asked along, and is asked no more', async () => {
  const { writer, errors, disk } = scene();
  const asked = [outcome(disk.ask({ do: 'probe' })), outcome(disk.ask({ do: 'count' }))];
  const broke = new Error('out of memory');
  writer.emit('error', broke);
  writer.emit('exit', 1);
  assert.equal(await Promise.all(asked), [broke, broke]);
  assert.equal(errors, [broke]);
  assert.ok(disk.stalled());
  assert.is(await outcome(disk.ask({ do: 'probe' })), broke, 'what it ended of');
  assert.equal(writer.asked, ['probe', 'count']);
  const other = scene();
  const alone = outcome(other.disk.ask({ do: 'probe' }));
  other.writer.emit('exit', 0);
  assert.match(String(await alone), 'the writer has ended');
  other.writer.emit('error', 'no error');
  assert.equal(other.errors, ['no error']);
});

test('it is stopped when its thread has ended', async () => {
  const { writer, disk } = scene();
  let over = false;
  const stopping = disk.stop().then(() => (over = true));
  assert.is(over, false);
  await stopping;
  assert.equal(writer.asked, ['stop']);
});

test('F8 whether a seat could be written is tried only where there is a doubt, and says why not', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'noso-'));
  try {
    const { writer, disk, tick } = scene();
    assert.is(await outcome(rehearse(disk, folder)), undefined);
    assert.equal(writer.asked, [], 'a disk wears out');
    disk.doubt();
    const next = async () => {
      const said = outcome(rehearse(disk, folder));
      await until(() => writer.jobs.length > 0, { deadline: 5000, every: 1 });
      return { said };
    };
    const full = await next();
    writer.refuse('SQLITE_FULL');
    const refusal = (await full.said) as Refusal;
    assert.is(whyOf(refusal), 'unavailable.not_writable');
    assert.match(refusal.detail ?? '', /^SQLITE_FULL: /);
    const silent = await next();
    tick(PATIENCE);
    assert.is(whyOf(await silent.said), 'unavailable.no_answer');
    assert.is(whyOf(await outcome(rehearse(disk, folder))), 'unavailable.no_answer', 'at once');
    assert.is(writer.jobs.length, 1);
    writer.answer();
    await settle();
    assert.not.ok(disk.doubtful(), 'it could after all');
    disk.doubt();
    const good = await next();
    writer.answer();
    assert.is(await good.said, undefined);
    assert.not.ok(disk.doubtful());
    disk.doubt();
    const ends = await next();
    writer.emit('exit', 1);
    assert.match(((await ends.said) as Refusal).detail ?? '', /^UNKNOWN: /);
    const other = scene();
    const gone = (await outcome(rehearse(other.disk, join(folder, 'gone')))) as Refusal;
    assert.match(gone.detail ?? '', /^ENOENT: /);
    assert.equal([...new Set(writer.asked)], ['rehearse']);
  } finally {
    await rm(folder, { recursive: true });
  }
});

/** Three NoSos; which are read again, and what is told of it. */
function hospital() {
  const { writer, disk, tick: diskTick } = scene();
  const told: string[] = [];
  const read: string[] = [];
  const broken = new Set<string>();
  const health = new Health({
    disk,
    async reload(noso) {
      read.push(noso);
      if (broken.has(noso)) throw new Error(`${noso} cannot be read`);
    },
    onError: (error) => told.push(error instanceof Error ? error.message : String(error)),
  });
  const tick = async (times = 1) => {
    for (let k = 0; k < times; k += 1) health.tick();
    await settle();
  };
  const readable = (noso: string) => {
    try {
      health.assertReadable(noso);
      return true;
    } catch (error) {
      assert.is(whyOf(error), 'unavailable.no_answer');
      return false;
    }
  };
  const whyNotWritable = (noso: string) => {
    try {
      health.assertWritable(noso);
      return null;
    } catch (error) {
      return whyOf(error);
    }
  };
  return { writer, disk, diskTick, told, read, broken, health, tick, readable, whyNotWritable };
}

test('F5 after a refusal the logs that had a part are read again, and nothing is written before it may', async () => {
  const { writer, told, read, health, tick, readable, whyNotWritable } = hospital();
  assert.ok(health.writable);
  await tick(20);
  assert.equal(writer.asked, [], 'a disk that is well is left alone');
  health.refused(new Error('no room'), ['a', 'b']);
  assert.not.ok(health.writable);
  assert.equal([readable('a'), readable('b'), readable('c')], [false, false, true]);
  assert.is(whyNotWritable('c'), 'unavailable.not_writable');
  assert.is(whyNotWritable('a'), 'unavailable.no_answer');
  await settle();
  assert.equal(read, ['a', 'b']);
  assert.ok(readable('a'));
  assert.is(whyNotWritable('a'), 'unavailable.not_writable', 'until it takes writes');
  writer.refuse('SQLITE_FULL');
  await settle();
  await tick(3);
  assert.equal(writer.asked, ['probe']);
  await tick();
  assert.equal(writer.asked, ['probe', 'probe'], 'once a second');
  await tick(8);
  assert.is(writer.asked.length, 2, 'one at a time');
  writer.answer();
  await settle();
  assert.ok(health.writable);
  assert.is(whyNotWritable('a'), null);
  await tick(20);
  assert.is(writer.asked.length, 2);
  assert.equal(read, ['a', 'b'], 'and not again');
  assert.equal(told, ['no room']);
  health.refused(new Error('no room'), ['a']);
  assert.equal(told, ['no room', 'no room'], 'another time');
});

test('F5 of one that cannot be read the others are none the worse, and it is said once', async () => {
  const { writer, told, read, broken, health, tick, readable } = hospital();
  broken.add('a');
  health.refused(new Error('no room'), ['a', 'b']);
  await settle();
  writer.answer();
  await settle();
  assert.ok(health.writable);
  assert.equal([readable('a'), readable('b')], [false, true]);
  for (let k = 0; k < 3; k += 1) {
    await tick(4);
    writer.answer();
    await settle();
  }
  assert.equal(read, ['a', 'b', 'a', 'a', 'a']);
  assert.equal(told, ['no room', 'a cannot be read']);
  health.forget('a');
  assert.ok(readable('a'));
  await tick(8);
  assert.is(read.length, 5);
});

test('F1 while the disk has stalled nothing is told of it, nor asked of it', async () => {
  const { writer, disk, diskTick, health, tick, readable } = hospital();
  health.refused(new Error('no room'), ['a']);
  await settle();
  writer.refuse();
  await settle();
  void outcome(disk.ask({ do: 'count' }));
  diskTick.call(null, PATIENCE);
  assert.not.ok(readable('c'));
  assert.not.ok(health.writable);
  await tick(8);
  assert.equal(writer.asked, ['probe', 'count']);
  writer.answer();
  assert.ok(readable('c'));
  await tick(4);
  assert.equal(writer.asked, ['probe', 'count', 'probe']);
});

test('F5 files that are astray are told of once, and of those that open meanwhile again', async () => {
  const { writer, told, read, broken, health } = hospital();
  broken.add('a');
  const moved = new Error('moved');
  health.astray(moved, ['a']);
  assert.not.ok(health.writable);
  await settle();
  writer.refuse();
  await settle();
  health.astray(moved, ['a']);
  await settle();
  assert.equal(read, ['a']);
  health.astray(moved, ['a', 'b']);
  await settle();
  assert.equal(read, ['a', 'a', 'b']);
  writer.answer();
  await settle();
  health.astray(moved, ['a']);
  assert.not.ok(health.writable, 'it was thought well');
  assert.ok(told.includes('moved'));
});
