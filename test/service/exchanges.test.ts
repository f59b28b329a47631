import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { boundOf, createExchanges } from '../../src/service/exchanges.js';
import { suite } from '../support/suite.js';

const test = suite('exchanges');

function desk() {
  const clock = manualClock(1_000_000);
  const exchanges = createExchanges(clock);
  return {
    clock,
    exchanges,
    /** How many of `count` that an address asks for at once are let in. */
    admitted(address: string, count: number, capacity: number | null = null, noso = 'noso') {
      let let_in = 0;
      for (let k = 0; k < count; k += 1) {
        try {
          exchanges.admit(noso, capacity, address);
          let_in += 1;
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          assert.is(error.why, 'rate_limited.exchanges');
          assert.ok((error.retryAfter ?? 9) <= 5);
        }
      }
      return let_in;
    },
  };
}

test('P8 the bound is twice the capacity, at least 200, and 2,000 without one', () => {
  assert.equal([null, 10, 100, 101, 5000].map(boundOf), [2000, 200, 200, 202, 10_000]);
  for (const capacity of [null, 10, 700]) {
    assert.is(desk().admitted('one', 20_000, capacity), boundOf(capacity));
  }
});

test('P8 in any 15 s no more are let in than the bound, whenever they come', () => {
  const { clock, admitted } = desk();
  const came: { at: number; count: number }[] = [];
  for (let k = 0; k < 400; k += 1) {
    clock.advance((k * 97) % 700);
    came.push({ at: clock.now(), count: admitted(`${k % 7}`, (k * 31) % 60, 10) });
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

test('P8 F6 whoever uses the bound up for all is held back once others ask', () => {
  const { clock, admitted, exchanges } = desk();
  assert.is(admitted('flood', 10_000, 10), 200);
  assert.is(exchanges.strained('noso'), true);
  assert.is(admitted('other', 1, 10), 0, 'there is none left yet');
  // What comes free goes to others first: the flood asks all the time.
  let others = 0;
  for (let k = 0; k < 60; k += 1) {
    clock.advance(500);
    admitted('flood', 1000, 10);
    others += admitted('other', 1, 10);
  }
  assert.ok(others >= 25, `${others}`);
  const half = admitted('flood', 1000, 10);
  assert.ok(half <= 100, `${half}`);
});

test('P8 NoSos do not share a bound, and nothing is kept for long', () => {
  const { clock, admitted, exchanges } = desk();
  assert.is(admitted('one', 300, 10, 'here'), 200);
  assert.is(admitted('one', 300, 10, 'there'), 200);
  clock.advance(46_000);
  assert.is(exchanges.strained('here'), false);
  assert.is(admitted('one', 300, 10, 'here'), 200);
});
