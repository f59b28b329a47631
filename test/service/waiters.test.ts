import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Bucket } from '../../src/service/bucket.js';
import { type Waiter, Waiters } from '../../src/service/waiters.js';
import { suite } from '../support/suite.js';

const test = suite('those who wait for room in a bucket');

/** Waiters of whom nobody goes by themselves; `wrong` of each, and how often it was asked. */
function room() {
  const clock = manualClock(1_000_000);
  const full = new Bucket(0, 1e-9, clock.steady());
  const wrong = new Map<Waiter, number>();
  const asked = { times: 0 };
  const waiters = new Waiters(clock, full, (waiter) => {
    asked.times += 1;
    return wrong.get(waiter) ?? 0;
  });
  const come = (often = 0): Waiter => {
    const waiter: Waiter = { line: {}, cost: 1, go: () => {}, refuse: () => {} };
    wrong.set(waiter, often);
    waiters.add(waiter);
    return waiter;
  };
  return { clock, waiters, wrong, asked, come };
}

test('F6 sent away is who was wrong most often, from the middle of those who were outwards', () => {
  const { waiters, come } = room();
  const honest = Array.from({ length: 50 }, () => come());
  const guessers = Array.from({ length: 9 }, () => come(3));
  const worst = come(4);
  const sent: Waiter[] = [];
  for (let k = 0; k < 6; k += 1) {
    const spare = waiters.spare() as Waiter;
    assert.ok(waiters.remove(spare));
    sent.push(spare);
  }
  assert.is(sent[0], worst);
  const places = sent.slice(1).map((each) => guessers.indexOf(each));
  assert.equal(places, [4, 3, 5, 2, 6]);
  for (const each of [...guessers, worst]) waiters.remove(each);
  assert.is(honest.indexOf(waiters.spare() as Waiter), 25);
});

test('F6 nobody is sent away who is gone, and nobody of none', () => {
  const { waiters, come } = room();
  assert.is(waiters.spare(), undefined);
  const all = Array.from({ length: 32 }, () => come(1));
  const first = waiters.spare() as Waiter;
  for (const each of all) if (each !== all[3]) waiters.remove(each);
  assert.is.not(first, all[3]);
  assert.is(waiters.spare(), all[3]);
  const { spares } = waiters as unknown as { spares: Waiter[] };
  assert.equal(spares, [], 'those who are gone are not held on to');
});

test('F4 who comes where 8,000 wait costs a few looks at them, not 8,000', () => {
  const { waiters, asked, come } = room();
  for (let k = 0; k < 8000; k += 1) come(k % 7);
  waiters.spare();
  asked.times = 0;
  const NEWCOMERS = 4000;
  for (let k = 0; k < NEWCOMERS; k += 1) {
    const spare = waiters.spare() as Waiter;
    assert.ok(waiters.remove(spare));
    come(k % 7);
  }
  assert.is(waiters.size, 8000);
  assert.ok(asked.times <= 10 * NEWCOMERS, `${asked.times} looks`);
});
