import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { createRationing } from '../../src/engine/embedded/rationing.js';
import { boundOf, createExchanges, type Exchanges } from '../../src/service/exchanges.js';
import { suite } from '../support/suite.js';

const test = suite('exchanges');

/** Processes that share one store, each with an address book of its own. */
function house(processes: number) {
  const clock = manualClock(1_000_000);
  const rationing = createRationing(clock);
  const store = { down: false, asked: 0 };
  const engine = {
    async ration(...of: Parameters<typeof rationing.count>) {
      store.asked += 1;
      if (store.down) throw new Refusal('unavailable.no_answer');
      return rationing.count(...of);
    },
  };
  const desks: ReturnType<typeof deskOf>[] = [];
  const strain = (noso: string) => {
    for (const { exchanges } of desks) exchanges.heard(noso);
  };
  for (let k = 0; k < processes; k += 1) {
    desks.push(deskOf(createExchanges({ clock, engine, strain })));
  }
  return { clock, store, desks };
}

function deskOf(exchanges: Exchanges) {
  return {
    exchanges,
    /** How many of `count` that an address asks for at once are let in. */
    async admitted(address: string, count: number, capacity: number | null = null, noso = 'noso') {
      const asked = Array.from({ length: count }, () => exchanges.admit(noso, capacity, address));
      let let_in = 0;
      for (const answer of await Promise.allSettled(asked)) {
        if (answer.status === 'fulfilled') let_in += 1;
        else {
          assert.instance(answer.reason, Refusal);
          assert.is(answer.reason.why, 'rate_limited.exchanges');
          assert.ok((answer.reason.retryAfter ?? 9) <= 5);
        }
      }
      return let_in;
    },
  };
}

type Desk = ReturnType<typeof deskOf>;

function desk() {
  const { clock, desks } = house(1);
  return { clock, ...(desks[0] as (typeof desks)[0]) };
}

test('P8 the bound is twice the capacity, at least 200, and 2,000 without one', async () => {
  assert.equal([null, 10, 100, 101, 5000].map(boundOf), [2000, 200, 200, 202, 10_000]);
  for (const capacity of [null, 10, 700]) {
    assert.is(await desk().admitted('one', 20_000, capacity), boundOf(capacity));
  }
});

test('P8 in any 15 s no more are let in than the bound, whenever they come', async () => {
  const { clock, admitted } = desk();
  const came: { at: number; count: number }[] = [];
  for (let k = 0; k < 400; k += 1) {
    clock.advance((k * 97) % 700);
    came.push({ at: clock.now(), count: await admitted(`${k % 7}`, (k * 31) % 60, 10) });
  }
  for (const { at } of came) {
    const within = came.filter((each) => each.at >= at && each.at < at + 15_000);
    assert.ok(within.reduce((sum, each) => sum + each.count, 0) <= 200);
  }
  assert.ok(
    came.slice(-50).some(({ count }) => count > 0),
    'and it goes on',
  );
});

test('P8 F6 whoever uses the bound up for all is held back once others ask', async () => {
  const { clock, admitted, exchanges } = desk();
  assert.is(await admitted('flood', 10_000, 10), 200);
  assert.is(exchanges.strained('noso'), true);
  assert.is(await admitted('other', 1, 10), 0, 'there is none left yet');
  // What comes free goes to others first: the flood asks all the time.
  let others = 0;
  for (let k = 0; k < 60; k += 1) {
    clock.advance(500);
    await admitted('flood', 1000, 10);
    others += await admitted('other', 1, 10);
  }
  assert.ok(others >= 25, `${others}`);
  const half = await admitted('flood', 1000, 10);
  assert.ok(half <= 100, `${half}`);
});

test('P8 NoSos do not share a bound, and nothing is kept for long', async () => {
  const { clock, admitted, exchanges } = desk();
  assert.is(await admitted('one', 300, 10, 'here'), 200);
  assert.is(await admitted('one', 300, 10, 'there'), 200);
  clock.advance(46_000);
  assert.is(exchanges.strained('here'), false);
  assert.is(await admitted('one', 300, 10, 'here'), 200);
});

test('P8 processes share the bound, whoever asks which, and all say that it is reached', async () => {
  const { clock, store, desks } = house(3);
  const [one, two, three] = desks as [Desk, Desk, Desk];
  const all = await Promise.all(desks.map((each, k) => each.admitted(`${k}`, 500, 10)));
  assert.is(
    all.reduce((a, b) => a + b, 0),
    200,
  );
  assert.ok(desks.every(({ exchanges }) => exchanges.strained('noso')));
  assert.ok(store.asked < 1000, 'what a process refuses by itself asks no store');
  clock.advance(16_000);
  assert.is(await one.admitted('one', 150, 10), 150);
  assert.is(await two.admitted('two', 150, 10), 50);
  assert.is(await three.admitted('three', 1, 10), 0);
  assert.is(await three.admitted('three', 1, 10, 'there'), 1);
});

test('P8 F1 while the store does not answer each counts alone, and nobody loses a turn', async () => {
  const { store, desks } = house(2);
  store.down = true;
  const all = await Promise.all(desks.map((each) => each.admitted('one', 300, 10)));
  assert.equal(all, [200, 200]);
  store.down = false;
  const [one] = desks as [Desk];
  assert.is(await one.admitted('one', 1, 10), 0);
});

test('P8 whoever was refused by all of them has opened nothing here, however often', async () => {
  const clock = manualClock(1_000_000);
  let free = false;
  let strained = 0;
  const exchanges = createExchanges({
    clock,
    engine: { ration: async () => (free ? 1 : null) },
    strain: () => {
      strained += 1;
    },
  });
  const { admitted } = deskOf(exchanges);
  assert.is(await admitted('here', 1, 10), 0);
  assert.is(strained, 1);
  assert.is(exchanges.strained('noso'), true);
  // What was told of the others is some time ago.
  clock.advance(5000);
  for (let k = 0; k < 5; k += 1) {
    assert.is(await admitted('here', 1, 10), 0);
    clock.advance(3000);
  }
  clock.advance(15_000);
  assert.is(await admitted('here', 3, 10), 0);
  clock.advance(3000);
  free = true;
  assert.is(await admitted('here', 250, 10), 200);
  exchanges.stop();
});

/** One process over a store that says what it is told to say; time stands at the beginning of a piece. */
function told(answer: () => Promise<number | null>) {
  const clock = manualClock(1_000_000);
  const strained: number[] = [];
  const strain = () => void strained.push((clock.now() - 1_000_000) / 500);
  const exchanges = createExchanges({ clock, engine: { ration: answer }, strain });
  const pieces = (count: number) => clock.advance(count * 500);
  return { strained, pieces, ...deskOf(exchanges) };
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
