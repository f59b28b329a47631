import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { Numbered } from '../../src/domain/numbered.js';
import { type Mark, Marks, type Seat, Seats } from '../../src/domain/seatTables.js';
import { UsedPasses } from '../../src/domain/usedPasses.js';
import { suite } from '../support/suite.js';

const test = suite('who sits, who sat, and with what');

/** Few enough to be met again, long enough to need more than 32 bits, and alike in what is hashed. */
const numbers = fc.oneof(
  fc.integer({ min: 1, max: 60 }),
  fc.integer({ min: 0, max: 30 }).map((k) => 100_000 + k * 2 ** 16),
  fc.integer({ min: 0, max: 30 }).map((k) => 10 ** 14 + k * 2 ** 32),
);
const instants = fc.double({ min: 0, max: 4e12, noNaN: true });
const counts = fc.integer({ min: 0, max: 70_000 });

const seats: fc.Arbitrary<Seat> = fc
  .record({
    sitting: counts,
    since: instants,
    seen: instants,
    by: fc.option(fc.constantFrom('', 'door')),
    first: fc.boolean(),
    free: counts,
  })
  .map((seat) => ({ ...seat }));
const marks: fc.Arbitrary<Mark> = fc
  .record(
    {
      sitting: counts,
      at: instants,
      why: fc.constantFrom('left', 'lapsed', 'voided'),
      free: fc.integer({ min: 1, max: 70_000 }),
    },
    { requiredKeys: ['sitting', 'at', 'why'] },
  )
  .map((mark) => ({ ...mark }));

type Step<V> = { do: 'set'; number: number; value: V } | { do: 'delete' | 'heard'; number: number };
const steps = <V>(value: fc.Arbitrary<V>): fc.Arbitrary<Step<V>[]> =>
  fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('set' as const), number: numbers, value }),
      fc.record({ do: fc.constantFrom('delete' as const, 'heard' as const), number: numbers }),
    ),
    { maxLength: 300, size: 'max' },
  );

test('P2 who sits is what a map would hold, in the same order, whatever happens', () => {
  const check = (all: Step<Seat>[]) => {
    const [is, must] = [new Seats(), new Map<number, Seat>()];
    all.forEach((step, k) => {
      const { number } = step;
      if (step.do === 'set') {
        is.set(number, step.value);
        must.set(number, step.value);
      } else if (step.do === 'delete') assert.is(is.delete(number), must.delete(number));
      else {
        const seat = must.get(number);
        if (seat) must.set(number, { ...seat, seen: k });
        is.heard(number, k);
      }
      assert.is(is.size, must.size);
      assert.is(is.has(number), must.has(number));
      assert.equal(is.get(number), must.get(number));
    });
    assert.equal([...is], [...must]);
    assert.equal([...is.keys()], [...must.keys()]);
    assert.equal([...is.values()], [...must.values()]);
  };
  fc.assert(fc.property(steps(seats), check), { numRuns: 300 });
});

test('S4 what is remembered of who sat is what a map would hold, whatever happens', () => {
  const check = (all: Step<Mark>[]) => {
    const [is, must] = [new Marks(), new Map<number, Mark>()];
    for (const step of all) {
      if (step.do === 'set') {
        is.set(step.number, step.value);
        must.set(step.number, step.value);
      } else if (step.do === 'delete') assert.is(is.delete(step.number), must.delete(step.number));
      assert.is(is.size, must.size);
      for (const [number, mark] of must) assert.equal(is.get(number), mark);
      assert.equal(is.get(step.number), must.get(step.number));
    }
  };
  fc.assert(fc.property(steps(marks), check), { numRuns: 60 });
});

test('P8 which number a pass was used for is what a map would hold, whatever keys are like', () => {
  const ALPHABET = 'ABgw-_09az';
  const digests = fc
    .array(fc.constantFrom(...ALPHABET), { minLength: 21, maxLength: 21 })
    .map((signs) => signs.join(''));
  /** Alike but for their last bits, and some that are no base64url. */
  const spelled = fc.tuple(digests, fc.constantFrom('A', 'Q', 'g', 'w', 'B', '=', 'é'));
  const keys = fc.oneof(
    spelled.map((both) => both.join('')),
    spelled.map(([, last]) => `${'A'.repeat(21)}${last}`),
    fc.constantFrom('', 'form', 'A'.repeat(21), 'A'.repeat(23)),
  );
  const check = (all: [string, number][]) => {
    const [is, must] = [new UsedPasses(), new Map<string, number>()];
    for (const [key, number] of all) {
      assert.is(is.get(key), must.get(key));
      is.set(key, number);
      must.set(key, number);
      assert.is(is.size, must.size);
    }
    for (const [key, number] of must) assert.is(is.get(key), number, key);
  };
  const uses = fc.array(fc.tuple(keys, numbers), { maxLength: 200, size: 'max' });
  fc.assert(fc.property(uses, check), { numRuns: 200 });
});

test('P8 two passes whose keys differ in one sign, whichever, are two', () => {
  const used = new UsedPasses();
  const key = 'A'.repeat(22);
  used.set(key, 1);
  for (let k = 0; k < 22; k += 1) {
    const other = `${key.slice(0, k)}B${key.slice(k + 1)}`;
    assert.is(used.get(other), undefined, `${k}`);
    used.set(other, k + 2);
    assert.is(used.get(other), k + 2);
  }
  assert.equal([used.get(key), used.size], [1, 23]);
});

test('P2 many who come and go are found, and the room of those who went is used again', () => {
  const table = new Numbered(1);
  for (let k = 1; k <= 5000; k += 1) table.write(table.add(k), 0, k / 2);
  for (let turn = 1; turn <= 20; turn += 1) {
    for (let k = 1; k <= 5000; k += 1) {
      assert.ok(table.remove((turn - 1) * 5000 + k));
      table.write(table.add(turn * 5000 + k), 0, k / 2);
    }
  }
  assert.is(table.size, 5000);
  const rows = [...table.rows()];
  assert.equal(
    rows.map((row) => table.read(row, 0)),
    rows.map((_, k) => (k + 1) / 2),
  );
  const { pages, places } = table as unknown as { pages: Float64Array[]; places: Int32Array };
  const held = pages.reduce((sum, page) => sum + page.byteLength, places.byteLength);
  assert.ok(held < 5000 * 2 * (16 + 8) * 1.5, `${held} bytes`);
});

test('P2 nothing of a row that was removed is left, and rows may go while they are gone through', () => {
  const all = new Seats();
  const seat = { sitting: 1, since: 5, seen: 5, by: 'door', first: true, free: 0 };
  for (let k = 1; k <= 100; k += 1) all.set(k, seat);
  const met: number[] = [];
  for (const number of all.keys()) {
    met.push(number);
    all.delete(number);
    all.delete(number + 1);
  }
  assert.equal(
    met,
    Array.from({ length: 50 }, (_, k) => 2 * k + 1),
  );
  assert.is(all.size, 0);
  const { table, hands } = all as unknown as {
    table: { pages: Float64Array[] };
    hands: Map<number, string>;
  };
  assert.is(hands.size, 0);
  assert.not.ok(table.pages.some((page) => page.some((figure) => figure > 0)));
});

test('a sitting that could not be told from another is no sitting', () => {
  const seat = { sitting: 2 ** 24, since: 0, seen: 0, by: null, first: true, free: 0 };
  assert.throws(() => new Seats().set(1, seat), 'sitting');
});

/** What lies in typed arrays, at whatever depth. */
function bytesIn(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, each) => sum + bytesIn(each), 0);
}

test('a seat and the pass that it was taken with take no more than 90 bytes, and no object', () => {
  const MANY = 100_000;
  const [seats, passes] = [new Seats(), new UsedPasses()];
  const seat = { sitting: 1, since: 5, seen: 5, by: null, first: true, free: 0 };
  for (let k = 0; k < MANY; k += 1) {
    seats.set(100_000 + 73 * k, seat);
    const word = String(k).padStart(6, '0');
    passes.set(`${word}ABCDEFGHIJKLMNOP`, 100_000 + 73 * k);
  }
  assert.is(passes.get('000007ABCDEFGHIJKLMNOP'), 100_000 + 73 * 7);
  const { others } = passes as unknown as { others: Map<string, number> };
  assert.is(others.size, 0);
  const each = (bytesIn(seats) + bytesIn(passes)) / MANY;
  assert.ok(each > 50 && each < 90, `${each} bytes`);
});
