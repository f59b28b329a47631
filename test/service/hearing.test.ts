import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Noso } from '../../src/domain/noso.js';
import type { Heard } from '../../src/engine/engine.js';
import { createHearing } from '../../src/service/hearing.js';
import { suite } from '../support/suite.js';

const test = suite('phones that are heard');

const turn = () => new Promise((resolve) => setImmediate(resolve));

function scene() {
  const clock = manualClock(1_000_000);
  const written: [noso: string, heard: Heard[]][] = [];
  const errors: unknown[] = [];
  /** Who holds no such sitting any more, and what is known of it. */
  const gone = new Map<number, 'left' | 'lapsed' | 'voided' | null>();
  const state = { fails: false };
  const hearing = createHearing({
    engine: {
      now: clock.now,
      async hear(noso, heard) {
        if (state.fails) throw new Error('no answer');
        written.push([noso, heard]);
        return heard.filter(({ number }) => gone.has(number));
      },
      async seat(_, number) {
        const why = gone.get(number);
        return why ? { seated: false, sitting: 1, at: 1, why } : null;
      },
    },
    clock,
    catalogue: {
      noso: (id) => ({ pocket: id === 'lasting' ? null : id === 'gone' ? undefined : 300 }) as Noso,
    },
    onError: (error) => errors.push(error),
  });
  const ended: unknown[] = [];
  const stop = hearing.start((of, why) => ended.push([of.number, of.sitting, why]));
  const pass = async (ms: number) => {
    clock.advance(ms);
    await turn();
  };
  return { clock, written, errors, gone, hearing, ended, stop, pass, state };
}

test('P4 what is heard is written once a second, and of one phone at most every third of the pocket', async () => {
  const { written, hearing, stop, pass, clock } = scene();
  const phone = (number: number, noso = 'one') => hearing.phone({ noso, number, sitting: 1 });
  const [a, b, c] = [phone(1), phone(2), phone(3, 'two')];
  assert.equal([a.heardAt, a.notedAt], [clock.now(), clock.now()]);
  await pass(99_999);
  hearing.heard(a);
  await pass(1000);
  assert.equal(written, [], 'too soon');
  assert.is(a.heardAt, 1_099_999);
  for (const each of [a, b, c]) hearing.heard(each);
  assert.equal(written, []);
  const at = clock.now();
  await pass(1000);
  assert.equal(written, [
    ['one', [1, 2].map((number) => ({ number, sitting: 1, at }))],
    ['two', [{ number: 3, sitting: 1, at }]],
  ]);
  hearing.heard(a);
  await pass(5000);
  assert.is(written.length, 2, 'nothing is written twice');
  assert.is(hearing.matters('one'), true);
  assert.is(hearing.matters('lasting'), false);
  assert.is(hearing.matters('gone'), false);
  const lasting = phone(4, 'lasting');
  await pass(200_000);
  hearing.heard(lasting);
  await pass(1000);
  assert.is(written.length, 2, 'where seats last nobody has to be heard');
  stop();
  hearing.heard(a);
  await pass(2000);
  assert.is(written.length, 2);
});

test('P4 a second is a second', async () => {
  const { written, hearing, stop, pass } = scene();
  const phone = hearing.phone({ noso: 'one', number: 1, sitting: 1 });
  await pass(100_000);
  hearing.heard(phone);
  await pass(999);
  assert.is(written.length, 0);
  await pass(1);
  assert.is(written.length, 1);
  stop();
});

test('P4 what was heard last of a phone that is gone is written at once, if it is news', async () => {
  const { written, hearing, stop, pass, clock } = scene();
  const phone = hearing.phone({ noso: 'one', number: 1, sitting: 2 });
  hearing.gone(phone);
  assert.equal(written, []);
  await pass(150_000);
  // It was to be written with the others' within a second.
  hearing.heard(phone);
  const first = { number: 1, sitting: 2, at: clock.now() };
  hearing.gone(phone);
  await turn();
  assert.equal(written, [['one', [first]]]);
  await pass(1000);
  hearing.gone(phone);
  await pass(1000);
  assert.is(written.length, 1, 'once');
  hearing.heard(phone);
  const second = { ...first, at: clock.now() };
  hearing.gone(phone);
  await turn();
  assert.equal(written, [
    ['one', [first]],
    ['one', [second]],
  ]);
  stop();
});

test('P4 whoever is heard and holds no seat is told why', async () => {
  const { hearing, stop, pass, gone, ended, errors, state } = scene();
  const phones = [1, 2, 3, 4].map((number) => hearing.phone({ noso: 'one', number, sitting: 1 }));
  for (const [number, why] of [
    [1, 'left'],
    [2, 'voided'],
    [3, null],
  ] as const) {
    gone.set(number, why);
  }
  await pass(100_000);
  for (const phone of phones) hearing.heard(phone);
  await pass(1000);
  await turn();
  assert.equal(ended, [
    [1, 1, 'left'],
    [2, 1, 'voided'],
    [3, 1, 'lapsed'],
  ]);
  state.fails = true;
  await pass(100_000);
  hearing.heard(phones[3] as (typeof phones)[number]);
  await pass(1000);
  assert.is(errors.length, 1);
  stop();
});
