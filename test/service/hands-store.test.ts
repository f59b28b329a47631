import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { ClickIn } from '../../src/service/hands.js';
import { suite } from '../support/suite.js';
import { type House, inHouse, whyOf } from './house.js';

const test = suite('people without a phone, and what the store is asked');

const id = (k: number) => `a-click-of-theirs-${k}`;
let last = 0;

/** A door's click, and what it came to. */
async function click(house: House, door: string, asked: Partial<ClickIn>) {
  last += 1;
  const each = { id: id(last), what: 'in' as const, at: house.clock.now(), ...asked };
  const { results } = await house.hands.clicks(door, [each]);
  return results[0];
}

test('P9 F1 what is not done in time is what is begun later than a second and a half', () => {
  let slowly = () => {};
  return inHouse(
    async ({ hands, noso, clock }) => {
      const here = await noso();
      const door = await hands.addDoor(here.id);
      for (const [ms, done] of [
        [1500, 2],
        [1501, 1],
      ] as const) {
        slowly = () => clock.advance(ms);
        const asked = [0, 1].map((k) => ({ id: id(ms * 2 + k), what: 'in' as const, at: 1 }));
        const { results } = await hands.clicks(door.id, asked);
        assert.is(results.filter(({ ok }) => ok).length, done, `${ms}`);
      }
    },
    (engine) => ({
      ...engine,
      async click(noso, asked) {
        const result = await engine.click(noso, asked);
        slowly();
        return result;
      },
    }),
  )();
});

test('P9 what other nodes keep is read at once, and of an address that says no number nothing', () => {
  let reads = 0;
  return inHouse(
    async ({ hands, noso, engine, clock }) => {
      const here = await noso();
      const { numbers } = await hands.drawPaper(here.id, 1);
      const elsewhere = { id: 'theirs', noso: here.id, numbers: [345_678] };
      await engine.save('paper', 'theirs', elsewhere);
      assert.equal(
        (await hands.paper(here.id)).map(({ number }) => number),
        [...numbers, '345678'],
      );
      const door = { noso: here.id, hash: 'x' };
      await engine.save('door', 'b', { ...door, id: 'b', name: 'B', createdAt: clock.now() + 1 });
      await engine.save('door', 'c', { ...door, id: 'c', name: 'C', createdAt: clock.now() + 2 });
      await engine.save('door', 'a', { ...door, id: 'a', name: 'A', createdAt: clock.now() });
      const names = async () => (await hands.doors(here.id)).map(({ name }) => name);
      assert.equal(await names(), ['A', 'B', 'C'], 'in the order in which they were made');
      reads = 0;
      await hands.seatPaper(here.id, '345678');
      for (const typed of ['x', '', '0345678']) await whyOf(hands.seatPaper(here.id, typed));
      assert.is(reads, 0);
      await whyOf(hands.seatPaper(here.id, '456789'));
      assert.is(reads, 1, 'it may have been drawn elsewhere');
    },
    (engine) => ({
      ...engine,
      changesSince: (revision) => {
        reads += 1;
        return engine.changesSince(revision);
      },
    }),
  )();
});

test('P9 the console seats what there is room for, and gives back paper numbers alone', () => {
  const left: number[] = [];
  let meets: Error | null = null;
  return inHouse(
    async ({ hands, noso, engine, enter }) => {
      const here = await noso({ capacity: 2 });
      const { numbers } = await hands.drawPaper(here.id, 2);
      const [one = '', two = ''] = numbers;
      const phone = await enter(here);
      await hands.seatPaper(here.id, one);
      const full = await whyOf(hands.seatPaper(here.id, two));
      assert.equal([full.why, full.retryAfter], ['full', 30]);
      assert.is((await whyOf(hands.seatPaper('nowhere', one))).detail, 'no such NoSo');
      await hands.givePaperBack(here.id, phone.seat.number);
      assert.is((await engine.tail(here.id, null)).count, 2, 'a phone’s seat is its own');
      await hands.givePaperBack(here.id, one);
      assert.equal(left, [], 'it was there');
      await hands.givePaperBack(here.id, one);
      assert.equal(left, [Number(one)], 'it is acknowledged once more');
      assert.is((await engine.tail(here.id, null)).count, 1);
      for (const error of [
        new Refusal('unavailable.no_answer'),
        Object.assign(new Error('a fault'), { code: 'not_open' }),
      ]) {
        meets = error;
        const met = await hands.givePaperBack(here.id, one).catch((why: unknown) => why);
        assert.is(met, error);
      }
    },
    (engine) => ({
      ...engine,
      async click(noso, asked) {
        if (meets) throw meets;
        return engine.click(noso, asked);
      },
      async leave(noso, number, sitting) {
        left.push(number);
        return engine.leave(noso, number, sitting);
      },
    }),
  )();
});

test('A3 P9 paper has as many digits as its NoSo draws, and a hundred seats are looked up at once', () => {
  const digits: unknown[] = [];
  let [under, most] = [0, 0];
  return inHouse(
    async ({ hands, noso }) => {
      const [here, there] = [await noso({}, false), await noso()];
      await hands.drawPaper(here.id, 1);
      await hands.drawPaper(there.id, 250);
      assert.equal(digits, [null, there.life.is === 'open' && there.life.digits]);
      assert.is((await hands.paper(there.id)).length, 250);
      assert.is(most, 100);
      await hands.paper(here.id);
    },
    (engine) => ({
      ...engine,
      draw: (count, length) => {
        digits.push(length);
        return engine.draw(count, length);
      },
      async seat(noso, number) {
        under += 1;
        most = Math.max(most, under);
        const seat = await engine.seat(noso, number);
        under -= 1;
        return seat;
      },
    }),
  )();
});

test('F1 F8 a door of what is not open asks the store for nothing, and a fault is no answer to a click', () => {
  let clicks = 0;
  let meets: Error | null = null;
  return inHouse(
    async (house) => {
      const { hands, noso, toldOf } = house;
      const planned = await noso({}, false);
      const early = await hands.addDoor(planned.id);
      for (const what of ['in', 'out', 'undo'] as const) {
        assert.is((await whyOf(click(house, early.id, { what }))).why, 'not_open.not_yet');
      }
      assert.is((await whyOf(hands.clicks(early.id, []))).why, 'not_open.not_yet');
      assert.is(clicks, 0);
      const door = await hands.addDoor((await noso()).id);
      for (const error of [
        new Refusal('not_open.closed'), // since the mirror was read
        Object.assign(new Error('a fault'), { code: 'full' }),
      ]) {
        meets = error;
        const met = await click(house, door.id, {}).catch((why: unknown) => why);
        assert.is(met, error);
      }
      assert.equal(toldOf('clicked'), []);
      meets = new Refusal('unavailable.no_answer', undefined, 1);
      assert.equal(await click(house, door.id, {}), {
        ...{ id: id(last), ok: false, code: 'unavailable', reason: 'no_answer', retryAfter: 1 },
      });
      assert.equal(toldOf('clicked'), [['unavailable']]);
    },
    (engine) => ({
      ...engine,
      async click(noso, asked) {
        clicks += 1;
        if (meets) throw meets;
        return engine.click(noso, asked);
      },
    }),
  )();
});
