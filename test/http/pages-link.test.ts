import { inflateSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { createPictures, draw, HEIGHT, WIDTH } from '../../src/http/pages/linkPicture.js';
import { suite } from '../support/suite.js';

const test = suite('the picture of a NoSo');

/** The ink of a picture with a palette: 0 to 255 for each pixel, row by row. */
function inkOf(png: Buffer): Buffer {
  assert.equal([png.readUInt32BE(16), png.readUInt32BE(20)], [WIDTH, HEIGHT]);
  const at = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  assert.is(rows.length, (WIDTH + 1) * HEIGHT);
  return Buffer.concat(
    Array.from({ length: HEIGHT }, (_, y) => {
      assert.is(rows[y * (WIDTH + 1)], 0, 'no filter');
      return rows.subarray(y * (WIDTH + 1) + 1, (y + 1) * (WIDTH + 1));
    }),
  );
}
const within = (ink: Buffer, top: number, bottom: number) =>
  ink.subarray(top * WIDTH, bottom * WIDTH);
const total = (ink: Buffer) => ink.reduce((sum, each) => sum + each, 0);

test('every digit has a form of its own, within the margins', async () => {
  const forms = new Set<string>();
  for (let digit = 0; digit < 10; digit += 1) {
    const ink = inkOf(await draw(String(digit), ''));
    const figure = within(ink, 60, 400);
    assert.ok(total(figure) > 255 * 5000, `${digit} is there`);
    forms.add(figure.toString('base64'));
    assert.is(total(within(ink, 0, 70)), 0, `${digit} is under the top margin`);
    assert.is(total(within(ink, 375, 440)), 0, `${digit} is over the hairline`);
  }
  assert.is(forms.size, 10);
  const whole = inkOf(await draw('23:59', '2026-11-29'));
  for (let y = 0; y < HEIGHT; y += 1) {
    assert.is(total(whole.subarray(y * WIDTH, y * WIDTH + 60)), 0, 'left margin');
    assert.is(total(whole.subarray((y + 1) * WIDTH - 60, (y + 1) * WIDTH)), 0, 'right margin');
  }
});

test('each is drawn once, and not all of them are kept', async () => {
  const pictureOf = createPictures();
  const first = pictureOf('14:30', '2026-11-29');
  assert.is(pictureOf('14:30', '2026-11-29'), first);
  for (let k = 0; k < 64; k += 1) await pictureOf(`1:${k}`, '');
  assert.is.not(pictureOf('14:30', '2026-11-29'), first);
});
