import * as assert from 'uvu/assert';
import type { ClickIn } from '../../src/service/hands.js';
import { suite } from '../support/suite.js';
import { type House, inHouse, whyOf } from './house.js';

const test = suite('people without a phone');

const id = (k: number) => `a-click-of-theirs-${k}`;
let last = 0;

/** A door's clicks, one after the other; what the first of them came to. */
async function click(house: House, door: string, asked: Partial<ClickIn>) {
  last += 1;
  const each = { id: id(last), what: 'in' as const, at: house.clock.now(), ...asked };
  const { results } = await house.hands.clicks(door, [each]);
  return results[0];
}

test(
  'P9 a door seats and gives back, each click once; a number that was drawn is not told',
  inHouse(async (house) => {
    const { hands, noso, clock, toldOf, engine } = house;
    const here = await noso({ capacity: 2 });
    const [one, two] = [await hands.addDoor(here.id, 'Front'), await hands.addDoor(here.id)];
    assert.match(one.url, /^https:\/\/noso\.example\/door#door\./);
    assert.is(one.url.split('#')[1], one.token);
    const asked: ClickIn[] = [
      { id: id(1), what: 'in', at: clock.now() },
      { id: id(2), what: 'in', at: clock.now() },
      { id: id(3), what: 'in', at: clock.now() },
    ];
    const first = await hands.clicks(one.id, asked);
    assert.equal(first.results, [
      { id: id(1), ok: true },
      { id: id(2), ok: true },
      { id: id(3), ok: false, code: 'full', retryAfter: 30 },
    ]);
    assert.equal([first.count, first.here, first.seq, first.epoch], [2, 2, 2, 1]);
    assert.is(first.noso.count, null);
    assert.equal(await hands.clicks(one.id, asked), first, 'sent again');
    assert.equal(
      toldOf('clicked').map(([what]) => what),
      ['ok', 'ok', 'full', 'ok', 'ok', 'full'],
    );
    // Ids are each door's own.
    const other = await hands.clicks(two.id, [{ id: id(1), what: 'out', at: clock.now() }]);
    assert.equal([other.results, other.count, other.here], [[{ id: id(1), ok: true }], 1, 0]);
    const undone = { id: id(4), what: 'undo' as const, at: clock.now(), of: id(1) };
    const wrong = await hands.clicks(one.id, [{ ...undone, id: id(5), of: id(9) }]);
    assert.equal(wrong.results[0], { id: id(5), ok: false, code: 'not_found' });
    assert.equal((await hands.clicks(two.id, [undone])).results, [{ id: id(4), ok: true }]);
    assert.equal((await engine.doors(here.id)).size > 0, true);
    // For five minutes, by the door's own clock.
    const there = await hands.addDoor((await noso()).id);
    const at = clock.now();
    const seats = [10, 11].map((k) => ({ id: id(k), what: 'in' as const, at }));
    await hands.clicks(there.id, seats);
    const undoing = (k: number, ms: number) => ({
      ...{ id: id(k + 10), what: 'undo' as const, at: at + ms, of: id(k) },
    });
    const { results } = await hands.clicks(there.id, [
      undoing(10, 5 * 60_000 + 1),
      undoing(11, 5 * 60_000),
    ]);
    assert.equal(results, [
      { id: id(20), ok: false, code: 'conflict', reason: 'state' },
      { id: id(21), ok: true },
    ]);
  }),
);

test(
  'P9 what a door may do is of one open NoSo, until it is taken back',
  inHouse(async (house) => {
    const { hands, noso, engine, catalogue, clock } = house;
    const planned = await noso({}, false);
    const door = await hands.addDoor(planned.id);
    assert.is((await whyOf(click(house, door.id, {}))).why, 'not_open.not_yet');
    assert.is((await whyOf(hands.addDoor('nowhere'))).why, 'not_found');
    await engine.command(planned.id, { do: 'open', by: 'organizer' });
    await catalogue.refresh();
    assert.is((await click(house, door.id, {}))?.ok, true);
    const later = await hands.addDoor(planned.id, 'Back');
    clock.advance(1000);
    const last = await hands.addDoor(planned.id, 'Yard');
    const seen = await hands.doors(planned.id);
    assert.equal(
      seen.map(({ name, seated }) => [name, seated]),
      [
        ['', 1],
        ['Back', 0],
        ['Yard', 0],
      ],
    );
    assert.equal(
      seen.map(({ lastSeen }) => lastSeen && Date.parse(lastSeen)),
      [clock.now() - 1000, null, null],
    );
    assert.equal(await hands.doors((await noso()).id), []);
    await hands.removeDoor(later.id);
    assert.is((await whyOf(click(house, later.id, {}))).why, 'unauthorized.revoked');
    await engine.command(planned.id, { do: 'close', by: 'organizer' });
    await catalogue.refresh();
    assert.is((await whyOf(click(house, last.id, {}))).why, 'not_open.closed');
    assert.is((await whyOf(hands.addDoor(planned.id))).why, 'conflict.state');
    assert.is((await whyOf(hands.drawPaper(planned.id, 1))).why, 'conflict.state');
    assert.equal(
      (await hands.doors(planned.id)).map(({ seated }) => seated),
      [0, 0],
    );
  }),
);

test(
  'P9 paper numbers are of one NoSo, seated and given back at the console or at a door',
  inHouse(async (house) => {
    const { hands, noso, engine, catalogue, toldOf } = house;
    const [here, there] = [await noso({}, false), await noso()];
    const { numbers } = await hands.drawPaper(here.id, 3);
    const [one = '', two = '', three = ''] = numbers;
    assert.is(new Set(numbers).size, 3);
    assert.equal(
      await hands.paper(here.id),
      numbers.map((number) => ({ number, seated: false })),
    );
    assert.is((await whyOf(hands.seatPaper(here.id, one))).why, 'not_open.not_yet');
    await hands.givePaperBack(here.id, one); // nobody sits where nothing is open
    await engine.command(here.id, { do: 'open', by: 'organizer' });
    await catalogue.refresh();
    const late = await hands.drawPaper(here.id, 2);
    assert.equal(await hands.seatPaper(here.id, one), { number: one });
    assert.equal(await hands.seatPaper(here.id, one), { number: one }, 'it is one');
    assert.is((await engine.tail(here.id, null)).count, 1);
    for (const wrong of ['999999', 'x', '', one.slice(1)]) {
      assert.is((await whyOf(hands.seatPaper(here.id, wrong))).why, 'not_found', wrong);
    }
    assert.is((await whyOf(hands.seatPaper(there.id, one))).why, 'not_found');
    assert.is((await whyOf(hands.seatPaper('nowhere', one))).why, 'not_found');

    const door = await hands.addDoor(here.id);
    assert.equal(await click(house, door.id, { number: two }), {
      ...{ id: id(last), ok: true, number: two },
    });
    const foreign = await click(house, door.id, { number: '999999' });
    assert.equal(foreign, { id: id(last), ok: false, code: 'not_found' });
    assert.equal(toldOf('clicked').at(-1), ['not_found']);
    assert.equal(
      (await hands.paper(here.id)).map(({ seated }) => seated),
      [true, true, false, false, false],
    );
    assert.equal((await hands.paper(here.id)).map(({ number }) => number).slice(3), late.numbers);

    // What another node drew a moment ago.
    await engine.save('paper', 'theirs', { id: 'theirs', noso: here.id, numbers: [345_678] });
    assert.equal(await hands.seatPaper(here.id, '345678'), { number: '345678' });
    await hands.givePaperBack(here.id, '345678');
    await hands.givePaperBack(here.id, one);
    await hands.givePaperBack(here.id, one);
    await hands.givePaperBack(here.id, three);
    await hands.givePaperBack(there.id, two);
    await hands.givePaperBack('nowhere', two);
    await hands.givePaperBack(here.id, 'x');
    assert.is((await engine.tail(here.id, null)).count, 1);
    const out = await click(house, door.id, { what: 'out', number: two });
    assert.equal(out, { id: id(last), ok: true, number: two });
  }),
);

test('F1 of many clicks what is not done in time is to be sent again, the rest is answered', () => {
  let slowly = () => {};
  return inHouse(
    async ({ hands, noso, clock }) => {
      const here = await noso();
      const door = await hands.addDoor(here.id);
      slowly = () => clock.advance(500);
      const asked = Array.from({ length: 6 }, (_, k) => ({
        ...{ id: id(100 + k), what: 'in' as const, at: clock.now() },
      }));
      const { results, here: seated } = await hands.clicks(door.id, asked);
      assert.equal(
        results.map((each) => (each.ok ? 'ok' : `${each.code} ${each.reason} ${each.retryAfter}`)),
        ['ok', 'ok', 'ok', 'ok', 'unavailable late 1', 'unavailable late 1'],
      );
      assert.is(seated, 4);
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

test('P8 P9 a number that no click used goes to the next', () => {
  const drawn = new Set<number>();
  return inHouse(
    async (house) => {
      const here = await house.noso({ capacity: 1 });
      const door = await house.hands.addDoor(here.id);
      for (let k = 0; k < 4; k += 1) await click(house, door.id, {});
      assert.is(drawn.size, 2, 'one sits, one is spare');
      assert.is((await click(house, door.id, { what: 'out' }))?.ok, true);
      assert.is((await click(house, door.id, {}))?.ok, true);
      assert.is(drawn.size, 2);
    },
    (engine) => ({
      ...engine,
      async draw(count, digits) {
        const numbers = await engine.draw(count, digits);
        for (const number of numbers) drawn.add(number);
        return numbers;
      },
    }),
  )();
});
