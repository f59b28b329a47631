import fc from 'fast-check';
import * as assert from 'uvu/assert';
import {
  clearingOf,
  countSize,
  digitsHeld,
  digitsOf,
  placeOf,
} from '../../../client/wall/layout/figure.js';
import { lay } from '../../../client/wall/layout/floor.js';
import { frameOf, squareOf, USUAL_MODULES } from '../../../client/wall/layout/frame.js';
import {
  cellsOf,
  type Grid,
  gridOf,
  mustRelay,
  positionOf,
  preferred,
} from '../../../client/wall/layout/grid.js';
import { suite } from '../../support/suite.js';
import { typeface } from './inter.js';

const test = suite('wall layout');
const HD = frameOf({ width: 1920, height: 1080, ratio: 1 });
/** "personnes, en silence" in Inter, in em. */
const LABEL = 10.3;

/** The field for n numbers, as a wall that just opened lays it. */
function gridFor(n: number, digits = 5, frame = HD, type = typeface()): Grid | null {
  const seats = preferred(n);
  const clearing = clearingOf(frame, type, digitsOf(n), LABEL, seats);
  return gridOf(frame, type, clearing, seats, digits);
}

test('the margins, foot and hairline of a 1920 × 1080 wall are the comps’', () => {
  assert.is(HD.form, 'wide');
  assert.equal([HD.left, HD.right, HD.top, HD.footBottom], [65, 1855, 59, 1021]);
  assert.equal(HD.qr, { module: 4, side: 148 });
  assert.equal([HD.footTop, HD.hairline, HD.fieldEnd], [873, 834, 791]);
  assert.equal(squareOf(54 * HD.unit, USUAL_MODULES, 1), { module: 16, side: 592 });
});

test('a wall narrower than 16:10, or in portrait, is laid out as such', () => {
  const form = (width: number, height: number) => frameOf({ width, height, ratio: 1 }).form;
  assert.is(form(1280, 800), 'wide');
  assert.is(form(1024, 768), 'narrow');
  assert.is(form(1080, 1920), 'portrait');
});

test('seats are laid out for preferred numbers', () => {
  const series = [12, 16, 20, 25, 32, 40, 50, 63, 80, 100, 125, 160, 200, 250, 320, 400, 500, 630];
  assert.equal([...new Set(Array.from({ length: 630 }, (_, n) => preferred(n)))], series);
  assert.is(preferred(4999), 5000);
  assert.is(preferred(1001), 1250);
});

test('sizes of the field are the comps’ (Inter, 1920 × 1080)', () => {
  const size = (n: number, digits = 5) => gridFor(n, digits)?.size ?? 0;
  assert.is(Math.round(size(12, 4)), 119);
  assert.is(Math.round(size(60)), 49);
  assert.is(Math.round(size(180)), 29);
  assert.is(Math.round(size(600)), 17);
  assert.is(size(2400).toFixed(1), '9.6');
  assert.is(size(5000).toFixed(1), '6.7');
});

test('5,000 numbers fit on 1920 × 1080 and 3840 × 2160; under 6 device pixels there is none', () => {
  assert.ok(gridFor(5000));
  assert.ok(gridFor(5000, 5, frameOf({ width: 3840, height: 2160, ratio: 1 })));
  assert.ok(gridFor(5000, 5, frameOf({ width: 1920, height: 1080, ratio: 2 })));
  assert.is(gridFor(5000, 5, frameOf({ width: 1280, height: 720, ratio: 1 })), null);
});

const screens = fc.record({
  width: fc.integer({ min: 640, max: 3840 }),
  height: fc.integer({ min: 480, max: 3840 }),
  ratio: fc.constantFrom(1, 1.5, 2),
});

test('whatever the screen, font and number: enough cells, inside the margins, off the clearing', () => {
  fc.assert(
    fc.property(
      screens,
      fc.integer({ min: 1, max: 6000 }),
      fc.integer({ min: 3, max: 7 }),
      fc.double({ min: 0.56, max: 0.65, noNaN: true }),
      (screen, n, digits, digit) => {
        const frame = frameOf(screen);
        const type = typeface({ digit });
        const clearing = clearingOf(frame, type, digitsOf(n), LABEL, preferred(n));
        const grid = gridOf(frame, type, clearing, preferred(n), digits);
        if (!grid) return;
        const cells = cellsOf(grid);
        assert.ok(cells.length >= n);
        assert.is(new Set(cells).size, cells.length);
        for (const cell of cells) {
          const { x, y } = positionOf(frame, grid, cell);
          const top = y - grid.height;
          assert.ok(x >= frame.left - 0.01 && x + grid.width <= frame.right + 0.01);
          assert.ok(top >= frame.top - 0.01 && y <= frame.fieldEnd + 0.01);
          assert.ok(
            x >= clearing.right + 3 * frame.unit - 0.01 ||
              top >= clearing.bottom + 2.8 * frame.unit - 0.01,
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('the field is flush on all four edges', () => {
  const grid = gridFor(180) as Grid;
  const cells = cellsOf(grid).map((cell) => positionOf(HD, grid, cell));
  const close = (a: number, b: number) => assert.ok(Math.abs(a - b) < 0.001, `${a} is not ${b}`);
  close(Math.min(...cells.map(({ x }) => x)), HD.left);
  close(Math.max(...cells.map(({ x }) => x + grid.width)), HD.right);
  close(Math.min(...cells.map(({ y }) => y - grid.height)), HD.top);
  close(Math.max(...cells.map(({ y }) => y)), HD.fieldEnd);
});

test('the figure goes by the number of its digits, and does not flap', () => {
  const held = (counts: number[]) => {
    let digits: number | null = null;
    return counts.map((count) => {
      digits = digitsHeld(digits, count);
      return digits;
    });
  };
  assert.equal(held([98, 99, 100, 99, 100, 91, 90, 89, 99]), [2, 2, 3, 3, 3, 3, 3, 2, 2]);
  assert.equal(held([0, 9, 10, 9, 8]), [1, 1, 2, 2, 1]);
  const size = (digits: number) => countSize(HD, typeface(), digits);
  assert.is(size(1), 540);
  assert.is(size(2), 540);
  assert.ok(Math.abs(size(3) - 475) < 1);
  assert.ok(Math.abs(size(4) - 329.6) < 1);
  assert.ok(Math.abs(placeOf(HD, typeface(), 475).baseline - 409) <= 1);
});

const numbersUpTo = (n: number) => new Set(Array.from({ length: n }, (_, k) => String(10_000 + k)));
const wanted = (n: number) => ({
  frame: HD,
  type: typeface(),
  figure: 3,
  label: LABEL,
  numbers: numbersUpTo(n),
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
