import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import { createLot } from '../../src/service/lot.js';
import { suite } from '../support/suite.js';

const test = suite('numbers for whoever has none');

function scene() {
  const drawn: [count: number, digits: number | null | undefined][] = [];
  let next = 0;
  const lot = createLot({
    draw: async (count, digits) => {
      drawn.push([count, digits]);
      next += 1;
      return [next];
    },
  });
  /** What a number comes to: whether it is wanted, and what is met instead. */
  const deal = async (wanted: boolean, digits = 6) => {
    let dealt = 0;
    await lot.with(digits, async (number) => {
      dealt = number;
      return { number: wanted ? number : 0 };
    });
    return dealt;
  };
  const meet = (error: unknown) =>
    lot
      .with(6, () => Promise.reject(error))
      .then(
        () => assert.unreachable('it was met'),
        (met: unknown) => assert.is(met, error),
      );
  return { drawn, lot, deal, meet };
}

test('P8 a number that nobody wanted goes to the next, one that somebody did to nobody else', async () => {
  const { drawn, deal } = scene();
  assert.equal([await deal(true), await deal(false), await deal(true)], [1, 2, 2]);
  assert.is(await deal(true), 3);
  assert.equal(drawn, [
    [1, 6],
    [1, 6],
    [1, 6],
  ]);
});

test('A3 numbers of one length are not dealt where another is asked for', async () => {
  const { drawn, deal } = scene();
  assert.is(await deal(false, 6), 1);
  assert.is(await deal(true, 7), 2);
  assert.is(await deal(true, 6), 1);
  assert.equal(drawn, [
    [1, 6],
    [1, 7],
  ]);
});

test('P8 A4 what was refused is spare; what is unknown, or a fault, is used up', async () => {
  const { drawn, deal, meet } = scene();
  for (const [error, draws] of [
    [new Refusal('full'), 1],
    [new Refusal('unavailable.no_answer'), 1],
    [new Error('a fault'), 2],
    [Object.assign(new Error('another'), { code: 'full' }), 3],
    [new Refusal('not_open.closed'), 4],
  ] as const) {
    await meet(error);
    assert.is(drawn.length, draws, `${error}`);
  }
  assert.is(await deal(true), 4);
});

test('P8 no two at once are dealt one number, and a thousand are kept', async () => {
  const { drawn, lot } = scene();
  const under = new Set<number>();
  const back: (() => void)[] = [];
  const all = Array.from({ length: 1001 }, () =>
    lot.with(6, async (number) => {
      assert.not(under.has(number));
      under.add(number);
      await new Promise<void>((done) => back.push(done));
      return { number: 0 };
    }),
  );
  await new Promise(setImmediate);
  for (const done of back) done();
  await Promise.all(all);
  assert.is(drawn.length, 1001);
  const seen = new Set<number>();
  for (let k = 0; k < 1000; k += 1) {
    await lot.with(6, async (number) => {
      seen.add(number);
      return { number };
    });
  }
  assert.equal([seen.size, drawn.length], [1000, 1001]);
  await lot.with(6, async (number) => ({ number }));
  assert.is(drawn.length, 1002);
});

test('A3 which of the spare ones is dealt next is chance', async () => {
  const { lot } = scene();
  const firsts = new Map<number, number>();
  for (let k = 0; k < 4; k += 1) {
    await lot.with(6, async () => {
      await lot.with(6, async () => {
        await lot.with(6, async () => ({ number: 0 }));
        return { number: 0 };
      });
      return { number: 0 };
    });
  }
  for (let k = 0; k < 300; k += 1) {
    await lot.with(6, async (number) => {
      firsts.set(number, (firsts.get(number) ?? 0) + 1);
      return { number: 0 };
    });
  }
  // Each of three by chance: that one is under 40 of 300 has a chance of 10⁻¹³.
  assert.equal([...firsts.keys()].sort(), [1, 2, 3]);
  for (const count of firsts.values()) assert.ok(count > 40, `${[...firsts]}`);
});
