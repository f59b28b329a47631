import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Lifecycle, Noso } from '../../src/domain/noso.js';
import type { Engine } from '../../src/engine/engine.js';
import { keepSchedule } from '../../src/service/schedule.js';
import { newNoso } from '../engine/contract/cast.js';
import { goOn } from '../live/madeUpLog.js';
import { suite } from '../support/suite.js';

const test = suite('the schedule');

/** NoSos that are over, and a store that meets each command with what `meets` says of it. */
function scene(ids: string[]) {
  const clock = manualClock(1_000_000);
  const meets = new Map<string, Error>();
  const errors: unknown[] = [];
  const known = { yet: true };
  const hangs = { is: false };
  const nosos = new Map<string, Noso>();
  const asked: string[] = [];
  const engine = {
    now: () => clock.now(),
    async command(id: string) {
      asked.push(id);
      if (hangs.is) await new Promise(() => {});
      const error = meets.get(id);
      if (error) throw error;
      const noso = nosos.get(id) as Noso;
      nosos.delete(id);
      return noso;
    },
  } as Partial<Engine> as Engine;
  for (const id of ids) {
    const life = { is: 'open', openedAt: 0, effectiveAt: 0, digits: 6 } as const;
    nosos.set(id, newNoso(engine, { id, endsAt: clock.now() - 1, life }));
  }
  const told: string[] = [];
  const doubts = { is: false };
  let wrote = 0;
  const schedule = keepSchedule({
    engine,
    clock,
    nosos: () => (known.yet ? nosos.values() : null),
    wrote: async () => {
      wrote += 1;
    },
    doubts: () => doubts.is,
    tell: (cause) => told.push(cause),
    onError: (error) => errors.push(error),
  });
  const rest = { known, hangs, doubts, schedule, wrote: () => wrote };
  return { clock, meets, errors, nosos, asked, told, ...rest };
}

test('F8 L3 it has caught up once all that was over is closed, and the catalogue was known', async () => {
  const { clock, meets, known, schedule, nosos } = scene(['a', 'b']);
  known.yet = false;
  await goOn(clock, 1000, 250);
  assert.not.ok(schedule.caughtUp(), 'of what it does not know');
  known.yet = true;
  meets.set('b', new Refusal('unavailable.no_answer'));
  await goOn(clock, 1000, 250);
  assert.equal([...nosos.keys()], ['b']);
  assert.not.ok(schedule.caughtUp());
  meets.clear();
  await goOn(clock, 500, 250);
  assert.ok(schedule.caughtUp());
});

test('F9 what cannot be closed keeps nothing else from being closed, and nobody from being ready', async () => {
  const { clock, meets, errors, nosos, schedule } = scene(['bad', 'good']);
  meets.set('bad', new RangeError('Invalid time value'));
  await goOn(clock, 500, 250);
  assert.equal([...nosos.keys()], ['bad']);
  assert.ok(schedule.caughtUp());
  assert.ok(errors[0] instanceof RangeError);
});

test('L7 nothing opens by itself while the clock is behind what is stored, and that is told', async () => {
  const { clock, nosos, asked, told, schedule } = scene([]);
  const engine = { now: () => clock.now() } as Engine;
  const closed: Lifecycle = {
    is: 'closed',
    openedAt: clock.now() + 3_500_000,
    beganAt: clock.now() + 3_500_000,
    closedAt: clock.now() + 3_600_000,
    effectiveAt: 0,
    totals: { peak: 0, total: 0, personMinutes: 0, series: [] },
  };
  nosos.set('old', newNoso(engine, { id: 'old', life: closed }));
  const due = { startsAt: clock.now() - 1000, endsAt: clock.now() + 9_000_000 } as const;
  nosos.set('next', newNoso(engine, { id: 'next', venue: 'w', opens: 'schedule', ...due }));
  schedule.look();
  await goOn(clock, 1000, 250);
  assert.equal(asked, []);
  assert.ok(told.includes('CLOCK'));
  await goOn(clock, 3_600_000, 60_000);
  assert.equal([...new Set(asked)], ['next']);
});

test('L7 nothing opens or is cancelled by itself while the hour is in doubt, and that is told', async () => {
  const { clock, nosos, asked, told, doubts, schedule } = scene([]);
  const engine = { now: () => clock.now() } as Engine;
  doubts.is = true;
  const past = { startsAt: clock.now() - 9000, endsAt: clock.now() - 1000 } as const;
  const due = { startsAt: clock.now() - 1000, endsAt: clock.now() + 9_000_000 } as const;
  nosos.set('past', newNoso(engine, { id: 'past', venue: 'v', ...past }));
  nosos.set('next', newNoso(engine, { id: 'next', venue: 'w', opens: 'schedule', ...due }));
  await goOn(clock, 1000, 250);
  assert.equal(asked, []);
  assert.ok(told.includes('AHEAD'));
  assert.ok(schedule.caughtUp(), 'and nobody is kept from being seated elsewhere');
  doubts.is = false;
  await goOn(clock, 1000, 250);
  assert.equal([...new Set(asked)].sort(), ['next', 'past']);
});

test('L3 it is looked four times a second, each command is under way once, and others are told', async () => {
  const { clock, asked, schedule, meets, nosos, wrote } = scene(['a']);
  await goOn(clock, 249, 249);
  assert.equal(asked, []);
  meets.set('a', new Refusal('conflict.state'));
  await goOn(clock, 1, 1);
  assert.equal(asked, ['a']);
  assert.is(wrote(), 0);
  meets.clear();
  await goOn(clock, 250, 250);
  assert.equal([asked.length, nosos.size, wrote()], [2, 0, 1]);
  schedule.stop();
  const hanging = scene(['a']);
  hanging.hangs.is = true;
  await goOn(hanging.clock, 10_000, 250);
  assert.equal(hanging.asked, ['a']);
  hanging.schedule.stop();
});

test('L3 F1 another node that was first is no fault, a store that does not answer is', async () => {
  const { clock, meets, errors, schedule } = scene(['a']);
  meets.set('a', new Refusal('conflict.state'));
  await goOn(clock, 1000, 250);
  assert.equal(errors, []);
  meets.set('a', new Refusal('unavailable.no_answer'));
  await goOn(clock, 250, 250);
  assert.equal(errors, [meets.get('a')]);
  schedule.stop();
});

test('L7 each of two clocks may be a minute behind what is stored, and no more', async () => {
  for (const [engineOff, clockOff, opens] of [
    [-60_000, 0, true],
    [0, -60_000, true],
    [-60_001, 0, false],
    [0, -60_001, false],
  ] as const) {
    const clock = manualClock(10_000_000);
    const asked: string[] = [];
    const newest = clock.now();
    const engine = {
      now: () => clock.now() + engineOff,
      command: async (id: string) => void asked.push(id),
    } as unknown as Engine;
    const life = { is: 'cancelled', cancelledAt: newest, effectiveAt: 0 } as const;
    const due = { startsAt: 5_000_000, endsAt: 20_000_000, opens: 'schedule' } as const;
    const nosos = [
      newNoso(engine, { id: 'old', life }),
      newNoso(engine, { id: 'next', venue: 'w', ...due }),
    ];
    const { look, stop } = keepSchedule({
      engine,
      clock: { ...clock, now: () => clock.now() + clockOff },
      nosos: () => nosos,
      wrote: async () => {},
      tell: () => {},
      onError: (error) => assert.unreachable(String(error)),
    });
    look();
    assert.equal(asked, opens ? ['next'] : [], `${engineOff} ${clockOff}`);
    stop();
  }
});
