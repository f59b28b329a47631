import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { Taking } from '../../src/domain/seating.js';
import { Commits } from '../../src/engine/embedded/commits.js';
import { openDisk } from '../../src/engine/embedded/disk.js';
import { Health } from '../../src/engine/embedded/health.js';
import { Live } from '../../src/engine/embedded/liveNoso.js';
import { suite } from '../support/suite.js';
import { IdleThread, settle } from './thread.js';

const test = suite('an open NoSo beside its disk');

const OPENED = 1_800_000_000_000;
const ENDS = OPENED + 3_600_000;
const POCKET = 300_000;

function scene({ pocket = null as number | null, capacity = null as number | null } = {}) {
  const writer = new IdleThread();
  const disk = openDisk(() => {}, writer.thread);
  const time = { now: OPENED, believed: OPENED };
  const set = (now: number, believed = now) => Object.assign(time, { now, believed });
  let rung = 0;
  const health = new Health({ disk, reload: async () => {}, onError: () => {} });
  const commits = new Commits(disk, (error, logs) => {
    health.refused(
      error,
      logs.map(({ noso }) => noso),
    );
  });
  const live = new Live({
    ...{ id: 'n', openedAt: OPENED, commits, health },
    terms: { startsAt: OPENED, endsAt: ENDS, capacity, pocket, voidedAt: undefined },
    now: () => time.now,
    believed: () => time.believed,
    grown: () => (rung += 1),
  });
  /** Lets the disk do what it was asked, until it is asked for nothing. */
  const write = async () => {
    for (await settle(); writer.jobs.length > 0; await settle()) writer.answer();
  };
  const taking = (number: number, over: Partial<Taking> = {}): Taking => ({
    ...{
      number,
      proof: { kind: 'entry', issuedAt: time.now },
      back: false,
      fresh: false,
      key: null,
    },
    ...over,
  });
  const sit = async (...numbers: number[]) => {
    const all = Promise.all(numbers.map((number) => live.take(taking(number))));
    await write();
    return all;
  };
  return { writer, disk, health, live, set, write, taking, sit, rung: () => rung };
}

/** What became of it so far. */
function watched(work: () => Promise<unknown>) {
  const seen: { is: unknown } = { is: 'pending' };
  const refused = (error: unknown) => (seen.is = error instanceof Refusal ? error.why : error);
  try {
    work().then((value) => (seen.is = value), refused);
  } catch (error) {
    refused(error);
  }
  return seen;
}

type Scene = ReturnType<typeof scene>;
/** Every verb that changes something, of a NoSo where 1 is seated. */
const changing = ({ live, taking }: Scene): [string, () => Promise<unknown>][] => [
  ['take', () => live.take(taking(2))],
  ['bind', () => live.bind({ key: 'k', number: 2, issuedAt: OPENED })],
  ['click', () => live.click({ key: 'c', door: 'north', at: OPENED, what: 'in', number: 3 })],
  ['takeBack', () => live.takeBack(OPENED, ENDS)],
  ['leave', () => live.leave(1, null)],
];

test('P1 no answer, not even a refusal, rests on what the disk has not yet', async () => {
  const { live, sit, taking, write, writer } = scene({ capacity: 2 });
  await sit(1);
  const [first, again, full] = [2, 2, 3].map((number) => watched(() => live.take(taking(number))));
  const [left, seat] = [watched(() => live.leave(9, null)), watched(() => live.seat(2))];
  await settle();
  for (const each of [first, again, full, left, seat]) assert.is(each?.is, 'pending');
  assert.is(writer.jobs.length, 1);
  assert.is((await live.tail(0)).seq, 1);
  assert.equal((await live.seats(OPENED)).numbers, [1]);
  assert.is(live.count(), 2, 'those on their way included');
  await write();
  assert.equal(first?.is, { number: 2, sitting: 1, since: OPENED });
  assert.equal(again?.is, first?.is);
  assert.is(full?.is, 'full');
  assert.equal([left.is, (seat.is as { seated: boolean }).seated], [false, true]);
  assert.is((await live.tail(0)).seq, 2);
  const nothing = watched(() => live.take(taking(3)));
  await settle(1);
  assert.is(nothing.is, 'full', 'at once, where nothing is on its way');
});

test('F1 F5 while the disk takes no writes nothing is changed, and all who ask learn why', async () => {
  const all = scene({ pocket: POCKET / 1000 });
  const { live, sit, writer, set, write, health } = all;
  await sit(1);
  health.refused(new Error('no room'), []);
  await settle();
  writer.refuse();
  await settle();
  for (const [name, ask] of changing(all)) {
    assert.is(watched(ask).is, 'unavailable.not_writable', name);
  }
  set(OPENED + 1000);
  const heard = watched(() => live.hear([{ number: 1, sitting: 1, at: OPENED + 1000 }]));
  await settle();
  assert.is(heard.is, 'unavailable.not_writable');
  assert.equal(writer.asked, ['append', 'probe']);
  assert.is((await live.tail(0)).count, 1);
  set(OPENED + POCKET + 500);
  live.tick();
  assert.is(live.count(), 1, 'nobody lapses meanwhile');
  for (let k = 0; k < 4; k += 1) health.tick();
  await write();
  live.tick();
  await write();
  assert.is((await live.tail(0)).count, 1, 'it was heard all the same');
  set(OPENED + POCKET + 1000);
  live.tick();
  await write();
  assert.is((await live.tail(0)).count, 0);
});

test('F1 what is being read again is told to nobody', async () => {
  const all = scene();
  const { live, sit, health, write } = all;
  await sit(1);
  health.refused(new Error('no room'), ['n']);
  const reads: [string, () => Promise<unknown>][] = [
    ['seat', () => live.seat(1)],
    ['tail', () => live.tail(0)],
    ['seats', () => live.seats(OPENED)],
    ['soFar', () => live.soFar()],
    ['doors', () => live.doors()],
    ['takenIn', () => live.takenIn(OPENED, ENDS)],
  ];
  const asked = [...reads, ...changing(all)].map(([name, ask]) => [name, watched(ask)] as const);
  await settle();
  for (const [name, { is }] of asked) assert.is(is, 'unavailable.no_answer', name);
  await write();
  for (const [name, ask] of reads) {
    const seen = watched(ask);
    await settle();
    assert.not.match(String(seen.is), 'unavailable', name);
  }
});

test('P6 L4 whoever asks while it is being closed is answered as it turns out', async () => {
  for (const succeeds of [true, false]) {
    const all = scene();
    const { live, sit, taking, write } = all;
    await sit(1);
    const late = watched(() => live.take(taking(5)));
    let end: (error?: Error) => void = () => {};
    const closing = live.closeBy(
      () => new Promise((yes, no) => (end = (error) => (error ? no(error) : yes()))),
    );
    const over = closing.catch((error: Error) => error.message);
    const heard = [{ number: 1, sitting: 1, at: OPENED }];
    const asked = [...changing(all), ['soFar', () => live.soFar()] as const].map(
      ([name, ask]) => [name, watched(ask)] as const,
    );
    const hearing = watched(() => live.hear(heard));
    await write();
    assert.ok((late.is as { since: number }).since, 'it was asked before');
    for (const [name, { is }] of asked) assert.is(is, 'pending', name);
    if (succeeds) end();
    else end(new Error('it would not'));
    assert.is(await over, succeeds ? undefined : 'it would not');
    await settle();
    for (const [name, { is }] of asked) {
      const closed = name === 'leave' ? false : 'not_open.closed';
      assert.is(is, succeeds ? closed : 'unavailable.not_writable', name);
    }
    assert.equal(hearing.is, succeeds ? heard : 'unavailable.not_writable');
    if (succeeds) continue;
    await sit(2);
    assert.is(live.count(), 3, 'all is as before');
  }
});

test('P4 L7 a seat lapses when it is past for certain, and none after the end', async () => {
  const { live, sit, set, write, rung } = scene({ pocket: POCKET / 1000 });
  await sit(1);
  const rungBefore = rung();
  set(OPENED + POCKET + 60_000, OPENED + POCKET - 1);
  live.tick();
  assert.is(live.count(), 1, 'on one reading of a clock nobody does');
  set(OPENED + POCKET);
  const tail = live.tail(1);
  await write();
  assert.equal((await tail).changes, [{ seq: 2, at: OPENED + POCKET, number: 1, seated: false }]);
  assert.is(rung(), rungBefore + 1);
  set(ENDS - POCKET);
  await sit(2);
  set(ENDS - POCKET + 1);
  await sit(3);
  set(ENDS - 1);
  const leaves = watched(() => live.leave(2, 1));
  await write();
  assert.is(leaves.is, true);
  set(ENDS);
  const late = watched(() => live.leave(3, 1));
  await write();
  assert.is(late.is, false);
  set(ENDS + POCKET);
  live.tick();
  assert.is(live.count(), 1);
  const soFar = watched(() => live.soFar());
  await write();
  assert.is((soFar.is as { series: { at: number }[] }).series.at(-1)?.at, ENDS);
});

test('P4 P5 a seat that is due is counted no more, whoever asks', async () => {
  const { live, sit, set } = scene({ pocket: POCKET / 1000 });
  await sit(1);
  set(OPENED + POCKET);
  assert.is(live.count(), 0);
});

test('P4 what is heard is written where it decides over a lapse, and nowhere else', async () => {
  for (const pocket of [null, 300]) {
    const { live, sit, set, write, writer } = scene({ pocket });
    await sit(1);
    const before = writer.asked.length;
    set(OPENED + 9000);
    const heard = [1, 7].map((number) => ({ number, sitting: 1, at: OPENED + 9000 }));
    const seen = watched(() => live.hear(heard));
    await write();
    assert.equal(seen.is, heard.slice(1), 'who does not sit');
    assert.is(writer.asked.length - before, pocket === null ? 0 : 1);
    assert.is(live.latest(), OPENED + 9000);
  }
});
