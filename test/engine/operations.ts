import fc from 'fast-check';
import type { Proof } from '../../src/domain/seating.js';

/** What a model run does to one NoSo. `who` is one of a few numbers; times are ms. */
export type Operation =
  | {
      what: 'take';
      who: number;
      back: boolean;
      key: string | null;
      fresh: boolean;
      proof: { kind: 'entry'; age: number } | (Proof & { kind: 'seat' });
    }
  | { what: 'leave'; who: number; sitting: number | null }
  | { what: 'bind'; who: number; key: string; age: number }
  | { what: 'hear'; who: number; sitting: number }
  | { what: 'seat'; who: number }
  | { what: 'seats'; ago: number }
  | { what: 'amend'; capacity: number | null; more: number | null }
  | { what: 'pass'; ms: number };

const who = fc.integer({ min: 0, max: 4 });
const sitting = fc.integer({ min: 1, max: 4 });
const MINUTE = 60_000;

/** Times are away from the limits by more than a call takes, since a real engine's time goes on. */
const take = fc.record({
  what: fc.constant('take' as const),
  who,
  back: fc.boolean(),
  key: fc.option(fc.constantFrom('a', 'b', 'c'), { freq: 4 }),
  fresh: fc.boolean(),
  proof: fc.oneof(
    fc.record({
      kind: fc.constant('entry' as const),
      age: fc.constantFrom(0, 9 * MINUTE, 11 * MINUTE),
    }),
    fc.record({ kind: fc.constant('seat' as const), sitting }),
  ),
});

export const operations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 8, arbitrary: take },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('leave' as const),
      who,
      sitting: fc.option(sitting, { freq: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('bind' as const),
      who,
      key: fc.constantFrom('a', 'b', 'c'),
      age: fc.constantFrom(0, 9 * MINUTE, 11 * MINUTE),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('hear' as const), who, sitting }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('seat' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('seats' as const),
      ago: fc.constantFrom(0, 30_500, 100_500),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('amend' as const),
      capacity: fc.constantFrom(null, 0, 1, 2, 5),
      more: fc.option(fc.constantFrom(-3_590_000, -1_200_500, 600_500), { freq: 2 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('pass' as const),
      ms: fc.constantFrom(7, 31_300, 61_100, 300_700, 11 * MINUTE),
    }),
  },
);
