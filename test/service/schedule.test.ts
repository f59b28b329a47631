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
  const nosos = new Map<string, Noso>();
  const asked: string[] = [];
  const engine = {
    now: () => clock.now(),
    async command(id: string) {
      asked.push(id);
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
  const schedule = keepSchedule({
    engine,
    clock,
    nosos: () => (known.yet ? nosos.values() : null),
    wrote: async () => {},
    doubts: () => doubts.is,
    tell: (cause) => told.push(cause),
    onError: (error) => errors.push(error),
  });
  return { clock, meets, errors, known, nosos, asked, told, doubts, schedule };
}

test('F8 L3 it has caught up once all that was over is closed, and the catalogue was known', async () => {
  const { clock, meets, known, schedule, nosos } = scene(['a', 'b']);
  known.yet = false;
  await goOn(clock, 1000, 200);
  assert.not.ok(schedule.caughtUp(), 'of what it does not know');
  known.yet = true;
  meets.set('b', new Refusal('unavailable.no_answer'));
  await goOn(clock, 1000, 200);
  assert.equal([...nosos.keys()], ['b']);
  assert.not.ok(schedule.caughtUp());
  meets.clear();
  await goOn(clock, 400, 200);
  assert.ok(schedule.caughtUp());
});

test('F9 what cannot be closed keeps nothing else from being closed, and nobody from being ready', async () => {
  const { clock, meets, errors, nosos, schedule } = scene(['bad', 'good']);
  meets.set('bad', new RangeError('Invalid time value'));
  await goOn(clock, 600, 200);
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
  await goOn(clock, 1000, 200);
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
  await goOn(clock, 1000, 200);
  assert.equal(asked, []);
  assert.ok(told.includes('AHEAD'));
  assert.ok(schedule.caughtUp(), 'and nobody is kept from being seated elsewhere');
  doubts.is = false;
  await goOn(clock, 1000, 200);
  assert.equal([...new Set(asked)].sort(), ['next', 'past']);
});
