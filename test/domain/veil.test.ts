import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { lastTick, net, nextTick, shuffle } from '../../src/domain/veil.js';
import { suite } from '../support/suite.js';

const test = suite('the veil');

const veils = fc.integer({ min: 0, max: 60 });
const times = fc.integer({ min: 1_700_000_000_000, max: 2_000_000_000_000 });

test('W6 W7 ticks are the same for everybody: the clock, cut into pieces of the veil', () => {
  fc.assert(
    fc.property(veils, times, (veil, now) => {
      const last = lastTick(veil, now);
      const next = nextTick(veil, now);
      if (veil === 0) return assert.equal([last, next], [now, now]);
      assert.ok(last <= now && now < next);
      assert.is(next - last, veil * 1000);
      assert.is(last % (veil * 1000), 0);
      assert.is(lastTick(veil, next - 1), last);
      assert.is(lastTick(veil, next), next);
    }),
  );
});

test('W6 shuffling loses nobody and invents nobody', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.infiniteStream(fc.nat()), (items, chance) => {
      const random = (n: number) => (chance.next().value as number) % n;
      const sorted = (list: number[]) => [...list].sort((a, b) => a - b);
      assert.equal(sorted(shuffle([...items], random)), sorted(items));
    }),
  );
});

test('W6 every order is as likely as any other', () => {
  // All the chances there are, once each: 4 · 3 · 2 orders of four.
  const orders = new Map<string, number>();
  for (let a = 0; a < 4; a += 1) {
    for (let b = 0; b < 3; b += 1) {
      for (let c = 0; c < 2; c += 1) {
        const chances = [a, b, c];
        const limits: number[] = [];
        const random = (n: number) => {
          limits.push(n);
          return chances.shift() as number;
        };
        const order = shuffle([1, 2, 3, 4], random).join();
        orders.set(order, (orders.get(order) ?? 0) + 1);
        assert.equal(limits, [4, 3, 2]);
      }
    }
  }
  assert.is(orders.size, 24);
});

const changes = fc.array(
  fc.record({ number: fc.integer({ min: 1, max: 8 }), seated: fc.boolean() }),
);
const sets = fc.uniqueArray(fc.integer({ min: 1, max: 8 })).map((list) => new Set(list));

test('W2 net changes lead from what is held to what is, disjoint and without detours', () => {
  fc.assert(
    fc.property(sets, changes, (held, list) => {
      const then = new Set(held);
      for (const { number, seated } of list) {
        if (seated) then.add(number);
        else then.delete(number);
      }
      const { seated, gone } = net(held, list);
      assert.equal(seated.sort(), [...then].filter((n) => !held.has(n)).sort());
      assert.equal(gone.sort(), [...held].filter((n) => !then.has(n)).sort());
    }),
  );
});
