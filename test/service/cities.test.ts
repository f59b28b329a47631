import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { CityWish, Engine } from '../../src/engine/engine.js';
import { createCities } from '../../src/service/cities.js';
import { demand, newWish } from '../../src/service/input.js';
import type { Catalogue } from '../../src/service/mirror.js';
import { suite } from '../support/suite.js';

const test = suite('cities that are asked for');
const HOUR = 3_600_000;

function scene(at: string) {
  const clock = manualClock(Date.parse(at));
  const wishes = new Map<string, CityWish>();
  const engine = {
    now: clock.now,
    async revise(_: 'wish', id: string, revise: (before: CityWish | null) => CityWish) {
      wishes.set(id, revise(wishes.get(id) ?? null));
    },
  } as unknown as Engine;
  const venue = (id: string) => (id === 'gone' ? undefined : { city: id });
  const life = { is: 'scheduled' };
  const nosos = ['Lyon', 'Lyon', 'Kyōto', 'gone'].map((venue) => ({ venue, life }));
  nosos.push({ venue: 'Nantes', life: { is: 'closed' } });
  const catalogue = {
    ...{ nosos: () => nosos, venue, wishes: () => wishes.values() },
  } as unknown as Catalogue;
  const told = { wrote: 0, errors: [] as unknown[] };
  /** What removing a wish is met with instead. */
  const removal: { fails: Error | null } = { fails: null };
  const cities = createCities({
    ...{ engine, clock, catalogue },
    writing: {
      wrote: async () => {
        told.wrote += 1;
      },
      async remove(_, id) {
        if (removal.fails) throw removal.fails;
        wishes.delete(id);
      },
    },
    onError: (error) => told.errors.push(error),
  });
  return { ...cities, clock, wishes, told, removal };
}
const refusedWith = async (ask: Promise<unknown>): Promise<Refusal> => {
  try {
    await ask;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  return assert.unreachable('it was not refused') as never;
};

test('an organizer sees it from the third request on, whatever the case, over the months', async () => {
  const { ask, asked, clock, list, told } = scene('2026-11-30T23:00:00Z');
  await ask({ city: 'Saint-Étienne' }, 'a');
  await ask({ city: 'SAINT-ÉTIENNE' }, 'b');
  await ask({ city: 'Lyon' }, 'b');
  assert.equal(asked(), []);
  clock.advance(2 * HOUR);
  await ask({ city: 'saint-étienne' }, 'c');
  await ask({ city: 'Saint-Étienne', country: 'France' }, 'c');
  assert.is(told.wrote, 5, 'consoles are told each time');
  assert.equal(asked(), [{ city: 'saint-étienne', count: 3 }]);
  assert.equal(list(), [
    { city: 'Kyōto', nosos: 1 },
    { city: 'Lyon', nosos: 2 },
  ]);
});

test('A5 what was asked for is gone a year after its month began', async () => {
  const { ask, wishes, clock, sweep } = scene('2026-11-30T12:00:00Z');
  await ask({ city: 'Lyon' }, 'a');
  clock.advance(335 * 24 * HOUR + 11 * HOUR); // 31 October 2027, late
  await sweep();
  assert.is(wishes.size, 1);
  clock.advance(2 * HOUR);
  await sweep();
  assert.is(wishes.size, 0);
});

test('5 an hour from one address, 2,000 names a month, and a name that is known goes on', async () => {
  const { ask, clock, wishes } = scene('2026-11-01T12:00:00Z');
  for (let k = 0; k < 5; k += 1) await ask({ city: 'Lyon' }, 'a');
  const refusal = await refusedWith(ask({ city: 'Lyon' }, 'a'));
  assert.equal([refusal.why, refusal.retryAfter], ['rate_limited.cities', 3600]);
  await ask({ city: 'Lyon' }, 'b');
  clock.advance(HOUR);
  await ask({ city: 'Lyon' }, 'a');
  for (let k = 1; k < 2000; k += 1) await ask({ city: `Lyon ${'a'.repeat(k)}` }, `${k}`);
  assert.is(wishes.size, 2000);
  assert.is((await refusedWith(ask({ city: 'Nantes' }, 'x'))).why, 'rate_limited.cities');
  await ask({ city: 'lyon' }, 'x');
  clock.advance(30 * 24 * HOUR);
  await ask({ city: 'Nantes' }, 'x');
});

test('an organizer sees the most wanted first, and those that are wanted alike by their names', async () => {
  const { asked, wishes } = scene('2026-11-01T12:00:00Z');
  const wish = (city: string, month: string, count: number, country?: string) =>
    wishes.set(`${wishes.size}`, {
      ...{ id: `${wishes.size}`, city, month, count, ...(country ? { country } : {}) },
    });
  wish('Nantes', '2026-10', 3);
  wish('LYON', '2026-11', 1);
  wish('Lyon', '2026-09', 3);
  wish('Brest', '2026-10', 3);
  wish('Paris', '2026-10', 9, 'Texas');
  wish('Quimper', '2026-10', 2);
  assert.equal(asked(), [
    { city: 'Paris', country: 'Texas', count: 9 },
    { city: 'LYON', count: 4 }, // as it was spelt last
    { city: 'Brest', count: 3 },
    { city: 'Nantes', count: 3 },
  ]);
});

test('U1 a city’s row of a month is called what it was called by earlier releases', async () => {
  const { ask, wishes } = scene('2026-11-01T12:00:00Z');
  await ask({ city: 'Saint-Étienne', country: 'France' }, 'a');
  assert.equal([...wishes.keys()], ['lObay8b8q_6JySzKEsMgK8h5']);
});

test('A5 every ten minutes it is looked what is a year old; another node may have been first', async () => {
  const { wishes, clock, told, removal, stop } = scene('2026-11-01T00:00:00Z');
  const MINUTE = 60_000;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const old = { id: 'old', city: 'Lyon', month: '2025-11', count: 3 };
  wishes.set('old', old);
  clock.advance(10 * MINUTE - 1);
  await turn();
  assert.is(wishes.size, 1);
  clock.advance(1);
  await turn();
  assert.is(wishes.size, 0);
  for (const [fails, errors] of [
    [new Refusal('not_found'), 0],
    [new Refusal('unavailable.no_answer'), 1],
    [new Error('a fault'), 2],
  ] as const) {
    wishes.set('old', old);
    removal.fails = fails;
    clock.advance(10 * MINUTE);
    await turn();
    assert.is(told.errors.length, errors, fails.message);
  }
  removal.fails = null;
  stop();
  clock.advance(60 * MINUTE);
  await turn();
  assert.is(wishes.size, 1, 'nobody looks after the stop');
});

test('A5 it is gone at the very end of its year', async () => {
  const { wishes, clock, sweep } = scene('2026-10-31T23:59:59.999Z');
  wishes.set('old', { id: 'old', city: 'Lyon', month: '2025-11', count: 3 });
  await sweep();
  assert.is(wishes.size, 1);
  clock.advance(1);
  await sweep();
  assert.is(wishes.size, 0);
});

test('whoever asked five times is told when the first of them is an hour ago', async () => {
  const { ask, clock } = scene('2026-11-01T12:00:00Z');
  clock.advance(5 * 60_000);
  for (let k = 0; k < 5; k += 1) {
    await ask({ city: 'Lyon' }, 'a');
    clock.advance(1000);
  }
  assert.is((await refusedWith(ask({ city: 'Lyon' }, 'a'))).retryAfter, 3595);
  clock.advance(HOUR - 5001);
  assert.is((await refusedWith(ask({ city: 'Lyon' }, 'a'))).retryAfter, 1);
  clock.advance(1);
  await ask({ city: 'Lyon' }, 'a');
  assert.is((await refusedWith(ask({ city: 'Lyon' }, 'a'))).retryAfter, 1);
});

test('S2 any script’s letters, and nothing that is no name', () => {
  const good = [
    'Saint-Étienne',
    "L'Aquila",
    'L’Aquila',
    'St. John’s',
    'Αθήνα',
    'القاهرة',
    '京都市',
  ];
  good.push('काठमाण्डौ', 'می\u200cناب', 'Þórshöfn');
  for (const city of good) assert.is(demand(newWish, { city }).city, city);
  const bad = [
    '',
    ' ',
    '-',
    '...',
    'Lyon 2',
    'a@b.fr',
    'http://x',
    'Lyon!',
    '🙂',
    'a\nb',
    'x'.repeat(61),
  ];
  bad.push('\u202eLyon');
  for (const city of bad) assert.throws(() => demand(newWish, { city }), /city/, city);
  assert.throws(() => demand(newWish, { city: 'Lyon', note: 'hello' }));
});
