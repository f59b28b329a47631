import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { LogEntry } from '../../src/domain/seating.js';
import { Commits } from '../../src/engine/embedded/commits.js';
import { openDisk } from '../../src/engine/embedded/disk.js';
import { unpack } from '../../src/engine/embedded/entries.js';
import type { Job } from '../../src/engine/embedded/jobs.js';
import { NosoLog } from '../../src/engine/embedded/nosoLog.js';
import { suite } from '../support/suite.js';
import { IdleThread, settle } from './thread.js';

const test = suite('the logs of open NoSos on their way to the disk');

const AT = 1_800_000_000_000;
type Append = Job & { do: 'append' };

function scene() {
  const writer = new IdleThread();
  const refusals: [error: unknown, nosos: string[]][] = [];
  const disk = openDisk(() => {}, writer.thread);
  const commits = new Commits(disk, (error, logs) =>
    refusals.push([error, logs.map(({ noso }) => noso).sort()]),
  );
  const rung: string[] = [];
  const logOf = (noso: string) => {
    let seq = 0;
    const log = new NosoLog({
      noso,
      commits,
      standing: () => ({ seq, count: seq, peak: seq }),
      grown: () => rung.push(noso),
    });
    /** So many people sit down. */
    const sit = (count: number) => {
      for (let k = 0; k < count; k += 1) {
        seq += 1;
        log.add({ what: 'take', seq, at: AT + seq, number: 1000 + seq, sitting: 1, key: null });
      }
    };
    return { log, sit };
  };
  return { writer, disk, refusals, rung, logOf };
}

/** Whether it is settled, and how. */
function watched(work: Promise<void> | null) {
  const seen = { is: work ? 'pending' : 'nothing' };
  work?.then(
    () => (seen.is = 'durable'),
    (error: unknown) => (seen.is = error instanceof Refusal ? error.why : String(error)),
  );
  return seen;
}

/** What a commit brings of each NoSo, its entries cut as its parts say. */
function broughtBy(job: Job | undefined) {
  assert.is(job?.do, 'append');
  const { parts, entries } = job as Append;
  let place = 0;
  const brought = parts.map(({ noso, first, bytes, heard }) => {
    const numbers: number[] = [];
    const each = (entry: LogEntry) => numbers.push(entry.number);
    unpack(entries.slice(place, place + bytes), first, each);
    place += bytes;
    return { noso, first, numbers, heard: heard === null ? null : [...heard] };
  });
  assert.is(place, entries.length);
  return brought;
}

test('what comes in a turn of the loop, of whichever NoSo, is one commit', async () => {
  const { writer, rung, logOf } = scene();
  const [a, b, quiet] = [logOf('a'), logOf('b'), logOf('c')];
  a.sit(1);
  b.sit(2);
  quiet.log.hear({ number: 1001, sitting: 1, at: AT });
  a.sit(1);
  const waits = [a, b, quiet].map(({ log }) => watched(log.pending()));
  assert.equal(writer.asked, []);
  await settle();
  const [job] = writer.jobs as [Append];
  assert.equal(writer.transferred, [[job.entries.buffer]]);
  assert.equal(broughtBy(job), [
    { noso: 'a', first: 1, numbers: [1001, 1002], heard: null },
    { noso: 'b', first: 1, numbers: [1001, 1002], heard: null },
    { noso: 'c', first: 1, numbers: [], heard: [1001, 1, AT] },
  ]);
  assert.equal(
    waits.map(({ is }) => is),
    ['pending', 'pending', 'pending'],
  );
  assert.equal(a.log.durable, { seq: 0, count: 0, peak: 0 });
  writer.answer();
  await settle();
  assert.equal(
    waits.map(({ is }) => is),
    ['durable', 'durable', 'durable'],
  );
  assert.equal(a.log.durable, { seq: 2, count: 2, peak: 2 });
  assert.equal([a.log.entries, b.log.entries, quiet.log.entries], [2, 2, 0]);
  assert.equal(rung, ['a', 'b'], 'who was only heard rings no bell');
  assert.equal(
    [a, b, quiet].map(({ log }) => log.pending()),
    [null, null, null],
  );
  assert.is(writer.asked.length, 1);
  quiet.sit(1);
  b.sit(1);
  await settle();
  assert.equal(broughtBy(writer.jobs[0]), [
    { noso: 'c', first: 1, numbers: [1001], heard: null },
    { noso: 'b', first: 3, numbers: [1003], heard: null },
  ]);
});

test('P1 while a commit is under way the next gathers, and nobody is told before their own', async () => {
  const { writer, logOf } = scene();
  const { log, sit } = logOf('a');
  sit(1);
  const first = watched(log.pending());
  await settle();
  sit(2);
  log.hear({ number: 1001, sitting: 1, at: AT });
  const second = watched(log.pending());
  let drained = false;
  void log.drained().then(() => (drained = true));
  await settle(20);
  assert.equal(writer.asked, ['append'], 'one at a time');
  broughtBy(writer.answer());
  await settle(20);
  assert.equal([first.is, second.is, drained], ['durable', 'pending', false]);
  assert.is(log.durable.seq, 1);
  assert.equal(broughtBy(writer.jobs[0]), [
    { noso: 'a', first: 2, numbers: [1002, 1003], heard: [1001, 1, AT] },
  ]);
  writer.answer();
  await settle();
  assert.equal([second.is, drained, log.durable.seq], ['durable', true, 3]);
  await settle(20);
  assert.equal(writer.asked, ['append', 'append'], 'nothing waits');
});

test('what comes alone is written at once, and in a crowd some turns later', async () => {
  const { writer, logOf } = scene();
  const { sit } = logOf('a');
  const turnsUntilAsked = async () => {
    const before = writer.asked.length;
    for (let turns = 1; turns < 30; turns += 1) {
      await settle(1);
      if (writer.asked.length > before) return turns;
    }
    return Infinity;
  };
  const commit = async (count: number) => {
    sit(count);
    const turns = await turnsUntilAsked();
    writer.answer();
    await settle(1);
    return turns;
  };
  assert.ok((await commit(1)) <= 2);
  assert.ok((await commit(2)) <= 2, 'the one before was alone');
  assert.ok((await commit(1)) >= 7, 'the one before was of two');
  assert.ok((await commit(1)) <= 2);
});

test('F5 a refused commit takes along what gathered since, and all are told that it is unknown', async () => {
  const { writer, refusals, rung, logOf } = scene();
  const [a, b] = [logOf('a'), logOf('b')];
  a.sit(1);
  const first = watched(a.log.pending());
  await settle();
  b.sit(1);
  a.sit(1);
  a.log.hear({ number: 1001, sitting: 1, at: AT });
  const second = watched(b.log.pending());
  writer.refuse('SQLITE_FULL');
  await settle();
  assert.equal([first.is, second.is], ['unavailable.not_writable', 'unavailable.not_writable']);
  assert.is(refusals.length, 1);
  assert.match(String(refusals[0]?.[0]), 'SQLITE_FULL');
  assert.equal(refusals[0]?.[1], ['a', 'b']);
  assert.equal(rung, []);
  assert.equal([a.log.pending(), b.log.pending()], [null, null]);
  assert.equal([a.log.durable.seq, a.log.entries], [0, 0]);
  await settle(20);
  assert.equal(writer.asked, ['append'], 'what was refused is forgotten');
  // Once the log was read again, as it is on disk.
  a.sit(1);
  await settle();
  const [part] = broughtBy(writer.answer());
  assert.equal(part, { noso: 'a', first: 1, numbers: [1003], heard: null });
});

test('F1 whoever waits for a commit that does not come is told so in time', async () => {
  const { writer, disk, logOf } = scene();
  const { log, sit } = logOf('a');
  sit(1);
  const waits = watched(log.pending());
  await settle();
  for (let k = 0; k < 7; k += 1) disk.tick();
  await settle();
  assert.is(waits.is, 'unavailable.no_answer');
  writer.answer();
  await settle();
  assert.is(log.durable.seq, 1, 'it is on disk all the same');
});
