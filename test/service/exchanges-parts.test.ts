import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { createExchanges, type Exchanges } from '../../src/service/exchanges.js';
import { suite } from '../support/suite.js';

const test = suite('exchanges: whose part is how large, and for how long');

/** How many of `count` that an address asks for at once are let in. */
const admittedBy =
  ({ admit }: Exchanges) =>
  async (address: string, count: number, capacity: number) => {
    const asked = Array.from({ length: count }, () => admit('noso', capacity, address));
    const answers = await Promise.allSettled(asked);
    return answers.filter(({ status }) => status === 'fulfilled').length;
  };

/** One process over a store that says what it is told to say; time stands at the beginning of a piece. */
function told(answer: () => Promise<number | null>) {
  const clock = manualClock(1_000_000);
  const strained: number[] = [];
  const strain = () => void strained.push((clock.now() - 1_000_000) / 500);
  const exchanges = createExchanges({ clock, engine: { ration: answer }, strain });
  const pieces = (count: number) => clock.advance(count * 500);
  return { exchanges, strained, pieces, admitted: admittedBy(exchanges) };
}

test('P8 F6 as long as others ask an address gets half of what they leave free, and all of it once they do not', async () => {
  const { exchanges, admitted, pieces } = told(async () => 1);
  exchanges.stop(); // what is looked at now and then is to free memory, no more
  assert.is(await admitted('others', 60, 10), 60);
  assert.is(await admitted('one', 500, 10), 70, 'half of 140');
  pieces(29);
  assert.is(await admitted('one', 1, 10), 0, 'others asked 14.5 s ago');
  pieces(1);
  assert.is(await admitted('one', 500, 10), 70, 'all that is free');
  pieces(1);
  await admitted('others', 1, 10);
  assert.is(await admitted('one', 500, 10), 30, 'the first 70 were let go: half of 199 are 100');
});

test('P8 what other processes let in counts for as long as a piece of time', async () => {
  for (const [later, most] of [
    [0, 50],
    [1, 50],
    [2, 100],
  ] as const) {
    let all = 0;
    const { admitted, pieces, exchanges } = told(async () => 150 + all);
    await admitted('others', 1, 10);
    pieces(later);
    all = later === 2 ? -150 : 0;
    const got = await admitted('one', 1, 10);
    assert.is(got, 1);
    let more = got;
    // The store says what there is in all, and that is 150 whoever asks.
    while ((await admitted('one', 1, 10)) === 1) more += 1;
    assert.is(more, most, `${later} pieces later`);
    exchanges.stop();
  }
});

test('P8 what all of them together refuse uses up nobody’s part', async () => {
  let free = false;
  const { admitted, pieces, exchanges } = told(async () => (free ? 1 : null));
  assert.is(await admitted('one', 60, 10), 0);
  pieces(2);
  free = true;
  assert.is(await admitted('others', 1, 10), 1);
  assert.is(await admitted('one', 500, 10), 100, 'half of 199, and no more');
  exchanges.stop();
});

test('F1 F8 what the store says otherwise is no permission, and no “too often”', async () => {
  for (const error of [
    new Refusal('not_open.closed'),
    new Error('a fault'),
    { code: 'unavailable' },
  ]) {
    const { exchanges } = told(() => Promise.reject(error));
    const why = await exchanges.admit('noso', 10, 'one').then(
      () => 'let in',
      (met: unknown) => met,
    );
    assert.is(why, error);
    exchanges.stop();
  }
});

test('P8 ten thousand addresses are told apart; more are one', async () => {
  const { exchanges, admitted } = told(async () => 1);
  const capacity = 10_001;
  for (let k = 0; k < 10_000; k += 1) await exchanges.admit('noso', capacity, `${k}`);
  assert.is(await admitted('10000', 6000, capacity), 5001, 'half of 10,002');
  assert.is(await admitted('10001', 1, capacity), 0);
  assert.is(await admitted('9999', 2, capacity), 2, 'whoever is known is');
  exchanges.stop();
});

test('F8 that somebody is refused is told as long as it lasts, and goes by 15 s after it', async () => {
  const { exchanges, admitted, strained, pieces } = told(async () => null);
  for (let k = 0; k < 40; k += 1) {
    await admitted('one', 3, 10);
    pieces(1);
  }
  assert.equal(strained, [0, 5, 10, 15, 20, 25, 30, 35], 'every 2.5 s');
  pieces(28);
  assert.is(exchanges.strained('noso'), true);
  pieces(1);
  assert.is(exchanges.strained('noso'), false);
  // Of what another process said there is no need to say it again.
  exchanges.heard('noso');
  pieces(4);
  await admitted('one', 1, 10);
  assert.is(strained.length, 8);
  pieces(1);
  await admitted('one', 1, 10);
  assert.is(strained.length, 9);
  exchanges.stop();
});

test('P8 what is forgotten every 15 s is what does not count any more', async () => {
  const { exchanges, admitted, pieces } = told(async () => 1);
  assert.is(await admitted('one', 150, 10), 150);
  pieces(29);
  assert.is(await admitted('one', 50, 10), 50);
  assert.is(await admitted('others', 1, 10), 0, 'there is none left');
  exchanges.heard('there');
  pieces(1); // it is looked at
  assert.is(exchanges.strained('there'), true);
  pieces(1);
  assert.is(await admitted('one', 150, 10), 50, 'others did ask, and it has 50 of the 200');
  assert.is(await admitted('others', 200, 10), 50);
});

test('P8 what is forgotten is no NoSo whose ways in still count, and what was told counts for a piece more', async () => {
  const { admitted, pieces } = told(async () => 1);
  pieces(29);
  assert.is(await admitted('one', 150, 10), 150);
  pieces(1); // it is looked at
  assert.is(await admitted('one', 100, 10), 50);
  for (const [later, is] of [
    [0, 0],
    [1, 0],
    [2, 1],
  ] as const) {
    let all = 200;
    const store = told(async () => all);
    await store.admitted('others', 1, 10);
    all = 1;
    store.pieces(later);
    assert.is(await store.admitted('one', 1, 10), is, `${later} pieces later`);
    store.exchanges.stop();
  }
});
