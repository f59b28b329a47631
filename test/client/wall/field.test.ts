import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { digitsOf } from '../../../client/wall/layout/figure.js';
import { lay, type Wanted } from '../../../client/wall/layout/floor.js';
import { frameOf, leastSize } from '../../../client/wall/layout/frame.js';
import {
  cellsOf,
  freeCells,
  type Grid,
  gridOf,
  mustRelay,
  positionOf,
  preferred,
} from '../../../client/wall/layout/grid.js';
import { gatheringRoom, type Hanging, silenceRoom } from '../../../client/wall/layout/rooms.js';
import { suite } from '../../support/suite.js';
import { typeface } from './inter.js';
import { type Size, settingFor } from './settings.js';

const test = suite('the field of a wall');
const HD = settingFor('fr');
const USUAL = { diagonal: 55, distance: 4 };

/** The field for n numbers beside a code that hangs so large, at any size whatever. */
function gridFor(n: number, digits = 5, setting = HD, hanging: Hanging = 0): Grid | null {
  const room = silenceRoom(setting, hanging, digitsOf(n), preferred(n), false);
  return gridOf(room, setting.type, preferred(n), digits, 6);
}

test('seats are laid out for preferred numbers', () => {
  const series = [12, 16, 20, 25, 32, 40, 50, 63, 80, 100, 125, 160, 200, 250, 320, 400, 500, 630];
  assert.equal([...new Set(Array.from({ length: 630 }, (_, n) => preferred(n)))], series);
  assert.is(preferred(4999), 5000);
  assert.is(preferred(1001), 1250);
});

test('sizes of the field are the comps’ (Inter, 1920 × 1080)', () => {
  // "personnes, en silence" is 10.3 em wide in Inter.
  const type = { ...HD.type, width: (text: string) => (10.3 / 21) * text.length };
  const size = (n: number, digits = 5) => gridFor(n, digits, { ...HD, type })?.size ?? 0;
  assert.is(Math.round(size(12, 4)), 119);
  assert.is(Math.round(size(60)), 49);
  assert.is(Math.round(size(180)), 29);
  assert.is(Math.round(size(600)), 17);
  assert.is(size(2400).toFixed(1), '9.6');
});

test('a number that is shown can be read: a least size follows from distance and diagonal', () => {
  const least = (size: Size, stand = USUAL) =>
    leastSize(frameOf({ width: size[0], height: size[1], ratio: 1 }), 0.7277, stand);
  assert.ok(Math.abs(least([1920, 1080]) / 10.8 - 2) < 0.02, '2 U on 55 inch from 4 m');
  assert.ok(Math.abs(least([3840, 2160]) / 21.6 - 2) < 0.02, 'whatever its pixels');
  assert.ok(Math.abs(least([1080, 1920]) / 10.8 - 2) < 0.02, 'and however it hangs');
  const further = least([1920, 1080], { diagonal: 55, distance: 8 });
  assert.ok(Math.abs(further / 10.8 - 4) < 0.05);
  const wider = least([1920, 1080], { diagonal: 110, distance: 8 });
  assert.ok(Math.abs(wider / 10.8 - 2) < 0.02);
  assert.is(least([1024, 600], { diagonal: 100, distance: 0.1 }), 6, 'six pixels at the least');
  assert.ok(least([1920, 1080], { diagonal: 5, distance: 100 }) < 11 * 10.8);
  for (const broken of [0, Number.NaN])
    assert.ok(least([1920, 1080], { diagonal: broken, distance: broken }) > 10);
});

const screens = fc.record({
  width: fc.integer({ min: 640, max: 3840 }),
  height: fc.integer({ min: 480, max: 3840 }),
});

test('whatever the screen, font and number: enough cells, inside the margins, off every clearing', () => {
  fc.assert(
    fc.property(
      screens,
      fc.integer({ min: 1, max: 6000 }),
      fc.integer({ min: 3, max: 7 }),
      fc.double({ min: 0.56, max: 0.65, noNaN: true }),
      fc.constantFrom<Hanging | 'gathering'>(0, 20, 30, 54, 'gathering'),
      ({ width, height }, n, digits, digit, where) => {
        const setting = { ...settingFor('fr', [width, height]), type: typeface({ digit }) };
        const { frame } = setting;
        const room =
          where === 'gathering'
            ? gatheringRoom(setting, false)
            : silenceRoom(setting, where, digitsOf(n), preferred(n), false);
        const grid = gridOf(room, setting.type, preferred(n), digits, 6);
        if (!grid) return;
        const cells = cellsOf(grid);
        assert.ok(cells.length >= n);
        assert.is(cells.length, freeCells(grid));
        assert.is(new Set(cells).size, cells.length);
        for (const cell of cells) {
          const { x, y } = positionOf(grid, cell, '9'.repeat(digits));
          const top = y - grid.height;
          assert.ok(x >= frame.left - 0.01 && x + grid.width <= frame.right + 0.01);
          assert.ok(top >= frame.top - 0.01 && y <= frame.fieldEnd + 0.01);
          for (const clear of room.clear)
            assert.ok(
              x >= clear.right + 3 * frame.unit - 0.01 ||
                x + grid.width <= clear.left - 3 * frame.unit + 0.01 ||
                top >= clear.bottom + 2.8 * frame.unit - 0.01 ||
                y <= clear.top - 2.8 * frame.unit + 0.01,
            );
        }
      },
    ),
    { numRuns: 80 },
  );
});

test('the field is flush on all four edges; units stand under units, whatever the digits', () => {
  const { frame } = HD;
  const grid = gridFor(180, 6) as Grid;
  const cells = cellsOf(grid).map((cell) => positionOf(grid, cell, '123456'));
  const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 0.001, `${a} is not ${b}`);
  close(Math.min(...cells.map(({ x }) => x)), frame.left);
  close(Math.max(...cells.map(({ x }) => x + grid.width)), frame.right);
  close(Math.min(...cells.map(({ y }) => y - grid.height)), frame.top);
  close(Math.max(...cells.map(({ y }) => y)), frame.fieldEnd);
  for (const number of ['1234', '12345'])
    close(
      positionOf(grid, 0, number).x + number.length * grid.digit,
      positionOf(grid, 0, '123456').x + 6 * grid.digit,
    );
});

test('while it gathers the field does not move when the countdown loses a digit', () => {
  const { area } = gatheringRoom(HD, false);
  assert.is(area.left, HD.frame.left);
  assert.ok(area.right < 1920 - 65 - 592 - 60, 'left of the code');
  assert.ok(area.top > 460 && area.bottom < 680, 'between the label and who is here');
});

const numbersUpTo = (n: number) => new Set(Array.from({ length: n }, (_, k) => String(10_000 + k)));
const wanted = (n: number): Wanted => ({
  key: 'hd',
  room: (seats) => silenceRoom(HD, 0, 3, seats, false),
  type: HD.type,
  numbers: numbersUpTo(n),
  least: 6,
  turn: 0,
});

test('W6 a number keeps its cell until it goes; the field is re-laid above N and below N/2 only', () => {
  assert.not.ok(mustRelay(200, 200));
  assert.not.ok(mustRelay(200, 100));
  assert.ok(mustRelay(200, 201));
  assert.ok(mustRelay(200, 99));
  assert.not.ok(mustRelay(12, 0), 'there is no smaller field than twelve');

  let laid = lay(null, wanted(180), Math.random);
  assert.ok(laid.relaid);
  const before = new Map(laid.floor.seats?.cellOf);
  laid = lay(laid.floor, wanted(120), Math.random);
  assert.not.ok(laid.relaid);
  assert.is(laid.moves.going.size, 60);
  laid = lay(laid.floor, wanted(200), Math.random);
  assert.not.ok(laid.relaid);
  assert.is(laid.moves.coming.length, 80);
  for (const number of numbersUpTo(120))
    assert.is(laid.floor.seats?.cellOf.get(number), before.get(number));
  assert.is(new Set(laid.floor.seats?.cellOf.values()).size, 200);
  assert.ok(lay(laid.floor, wanted(201), Math.random).relaid);
});

test('cells that are still fading are given away last', () => {
  const { floor } = lay(null, wanted(150), Math.random);
  const fading = new Set(['10000', '10001'].map((number) => floor.seats?.cellOf.get(number)));
  const others = new Set([...numbersUpTo(190)].filter((n) => n !== '10000' && n !== '10001'));
  const { moves } = lay(floor, { ...wanted(0), numbers: others }, Math.random);
  for (const number of moves.coming)
    assert.not.ok(fading.has(floor.seats?.cellOf.get(number)), 'there was room elsewhere');
});

test('S2 who comes is placed by chance, not in the order of the frame', () => {
  let drawn = 0;
  const chances = [0.9, 0.1, 0.5];
  const random = () => chances[drawn++ % chances.length] ?? 0;
  const cells = (order: string[]) => {
    drawn = 0;
    const { floor } = lay(null, { ...wanted(0), numbers: new Set(order) }, random);
    return order.map((number) => floor.seats?.cellOf.get(number));
  };
  assert.equal(cells(['10001', '10002', '10003']), cells(['10003', '10001', '10002']));
});
