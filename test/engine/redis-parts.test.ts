import { EventEmitter } from 'node:events';
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Noso } from '../../src/domain/noso.js';
import type { Engine } from '../../src/engine/engine.js';
import type { Calls } from '../../src/engine/redis/calls.js';
import { Hours } from '../../src/engine/redis/hours.js';
import { type Acknowledged, Journal } from '../../src/engine/redis/journal.js';
import { keysOf } from '../../src/engine/redis/keys.js';
import { readTally } from '../../src/engine/redis/liveReply.js';
import { Pace } from '../../src/engine/redis/pace.js';
import { Recovery } from '../../src/engine/redis/recovery.js';
import { RedisTime } from '../../src/engine/redis/redisTime.js';
import { Reply } from '../../src/engine/redis/reply.js';
import { SHARES, shareOf } from '../../src/engine/redis/shares.js';
import { sparing } from '../../src/engine/redis/sparing.js';
import { CLOSED_LATELY, Tended } from '../../src/engine/redis/tended.js';
import { type Tools, Upkeep } from '../../src/engine/redis/upkeep.js';
import { suite } from '../support/suite.js';
import { newNoso } from './contract/cast.js';

const test = suite('parts of the Redis engine');

const BEGAN = 1_800_000_000_000;
const keys = keysOf('test:');
test('P1 a journal tells what it was told, in order, and forgets what is long past', () => {
  const journal = new Journal();
  assert.ok(journal.empty);
  const kinds: Acknowledged['what'][] = ['taken', 'left', 'gone', 'bound'];
  const more: Acknowledged['what'][] = ['hand', 'out', 'voided', 'clicked'];
  const all = Array.from(
    { length: 300 },
    (_, k): Acknowledged => ({
      what: [...kinds, ...more][k % 8] as Acknowledged['what'],
      ...{ number: 1000 + k, sitting: k % 5, at: BEGAN + k, heard: BEGAN + 2 * k },
      key: k % 3 === 0 ? (['', 'clé', 'x'.repeat(400)][k % 7] ?? `key ${k}`) : null,
    }),
  );
  for (const [k, change] of all.entries()) journal.add(change, k);
  assert.equal([...journal], all);
  journal.forget(127);
  assert.equal([...journal], all, 'the first 128 are of the last of them');
  journal.forget(128);
  assert.equal([...journal], all.slice(128));
  journal.forget(299);
  assert.equal([...journal], all.slice(256));
  assert.not.ok(journal.empty);
  journal.forget(300);
  assert.ok(journal.empty);
  assert.equal([...journal], []);
});

test('A4 every number is in one share, and which hangs on all that the store’s id begins with', () => {
  const store = '0123456789abcdef01';
  const numbers = Array.from({ length: 4000 }, (_, k) => 100_000 + 7 * k);
  const shares = numbers.map((number) => shareOf(store, number));
  for (let share = 0; share < SHARES; share += 1) {
    const part = shares.filter((each) => each === share).length / numbers.length;
    assert.ok(part > 0.2 && part < 0.3, `${share}: ${part}`);
  }
  for (const at of [0, 6, 17]) {
    const other = `${store.slice(0, at)}f${store.slice(at + 1)}`;
    const same = numbers.filter((number, k) => shareOf(other, number) === shares[k]).length;
    assert.ok(same < 0.35 * numbers.length, `piece at ${at}: ${same} are where they were`);
  }
});

test('what a script answered is read as it was said, or is a fault of ours', () => {
  const reply = new Reply(['a', 7, null, '', '9']);
  assert.equal([reply.text(0), reply.text(1), reply.text(3)], ['a', '7', '']);
  assert.equal([reply.number(1), reply.number(4)], [7, 9]);
  assert.equal([reply.maybe(2), reply.maybe(9), reply.maybe(0)], [null, null, 'a']);
  for (const read of [
    () => reply.text(2),
    () => reply.number(2),
    () => reply.number(3),
    () => reply.number(9),
  ]) {
    assert.throws(read, /^script: (no text|nothing) at/);
  }
  const told = new Reply([0, 1, 2, 3, 4, 5, 6, '', '8,9']);
  const more = { beganAt: 5, byHand: 6 };
  assert.equal(readTally(told, 1, more), {
    ...{ ...more, openedAt: 1, count: 2, total: 3, peak: 4, seated: 5, lastAt: 6, minutes: [] },
  });
  const full = new Reply([1, 2, 3, 4, 5, 6, '8,9']);
  assert.equal(readTally(full, 0, more).minutes, [8, 9]);
});

test('L4 what closed lately is made sure of, and nothing of it stays', async () => {
  const world = manualClock(BEGAN);
  const clock = { steady: () => world.now() };
  const time = new RedisTime(clock);
  await time.ask(async () => BEGAN);
  const pace = new Pace(world);
  const hours = new Hours(clock, time);
  const recovery = new Recovery({} as Calls, keys, pace);
  const tended = new Tended(keys, pace, time, hours, recovery);
  const { state } = keys.noso('n');
  const noso = newNoso({ now: () => BEGAN } as Engine, { id: 'n', pocket: 300 });
  const is = (life: object) => tended.noted({ ...noso, life: life as Noso['life'] });
  const learn = () => {
    is({ is: 'open' });
    hours.heard(state, BEGAN, world.now());
    recovery.observe('n', { epoch: 5, seq: 3 }, { epoch: 0, seq: 0 });
    tended.attended.add('n');
  };
  learn();
  assert.equal([...tended.open], [['n', { pocket: 300, lookAt: 0 }]]);
  const open = tended.open.get('n');
  if (open) open.lookAt = 77;
  is({ is: 'open' });
  assert.is(tended.open.get('n')?.lookAt, 77);
  const nothing = () => [
    tended.open.size,
    tended.attended.size,
    hours.stamp(state)[0],
    recovery.position('n').seq,
  ];
  is({ is: 'closed', effectiveAt: BEGAN - CLOSED_LATELY });
  assert.equal(nothing(), [0, 0, '', 0]);
  assert.is(tended.closed.size, 0);
  learn();
  world.advance(10);
  is({ is: 'closed', effectiveAt: world.now() - CLOSED_LATELY + 1 });
  assert.equal([...tended.closed], [['n', { since: 10, sure: 10 }]]);
  world.advance(10);
  is({ is: 'closed', effectiveAt: world.now() });
  assert.is(tended.closed.get('n')?.since, 10);
  learn();
  is({ is: 'scheduled' });
  assert.is(tended.open.size, 0);
  learn();
  is({ is: 'cancelled' });
  assert.equal(nothing(), [0, 0, '', 0]);
  learn();
  tended.forgetAll();
  assert.equal(nothing(), [0, 0, '', 0]);
  assert.is(tended.closed.size, 0);
});

test('L4 of errors one a second is told, its message alone; a clock that was set back silences nothing', () => {
  const world = manualClock(BEGAN);
  const told: unknown[] = [];
  const tell = sparing(world, (error) => told.push(error));
  const failed = () =>
    tell(Object.assign(new Error('no answer'), { command: { args: ['713245'] } }));
  failed();
  failed();
  const [first] = told;
  assert.ok(first instanceof Error);
  assert.equal([first.message, Object.keys(first)], ['no answer', []]);
  world.advance(999);
  failed();
  assert.is(told.length, 1);
  world.advance(1);
  failed();
  assert.is(told.length, 2, 'each second begins with one that is told');
  world.advance(999);
  failed();
  assert.is(told.length, 2);
  world.advance(-1998);
  failed();
  assert.is(told.length, 2, 'a second is two at most');
  world.advance(-1);
  tell('no error');
  assert.is(told.at(-1), 'no error');
  failed();
  assert.is(told.length, 3);
});

test('P4 F8 a NoSo that was closed elsewhere since its seats were looked at is no fault', async () => {
  const world = manualClock(BEGAN);
  const told: unknown[] = [];
  const none = async () => {};
  let met: Error = new Refusal('not_open.closed', 'the NoSo is closed');
  let looks = 0;
  const upkeep = new Upkeep({
    pace: new Pace(world),
    calls: { clients: { commands: new EventEmitter() } },
    ...{ recovery: { mend: none }, seating: { hearAgain: none }, bells: { mend() {} } },
    catalogue: { changesSince: async () => ({ epoch: 1, revision: 0, changes: [] }) },
    ...{ ledger: { prune() {} }, witness: { check: none, beganAnew: () => false } },
    ...{ guard: { look: none }, fence: { look: none }, rewrites: { ask: none }, askTime: none },
    tended: { open: new Map([['n', { pocket: 60, lookAt: 0 }]]), closed: new Map() },
    live: {
      async run() {
        looks += 1;
        throw met;
      },
    },
    onError: (error: unknown) => told.push(error),
  } as unknown as Tools);
  const stop = upkeep.start(world);
  world.advance(250);
  await new Promise(setImmediate);
  assert.is(looks, 1);
  assert.equal(told, []);
  met = new Error('script: no text at 5');
  world.advance(250);
  await new Promise(setImmediate);
  assert.equal(told, [met], 'what is one is told');
  stop();
});
