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
