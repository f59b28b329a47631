import * as assert from 'uvu/assert';
import { countSize, digitsHeld, placeOf } from '../../../client/wall/layout/figure.js';
import { frameOf, squareOf, USUAL_MODULES } from '../../../client/wall/layout/frame.js';
import { suite } from '../../support/suite.js';
import { typeface } from './inter.js';

const test = suite('wall layout');
const HD = frameOf({ width: 1920, height: 1080, ratio: 1 });

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
