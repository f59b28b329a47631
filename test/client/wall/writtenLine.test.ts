import * as assert from 'uvu/assert';
import { clipped, isWhole, wrapped } from '../../../client/wall/layout/typeface.js';
import { isRightToLeft, joined, pieces, signs } from '../../../client/wall/layout/writtenLine.js';
import { suite } from '../../support/suite.js';
import { typeface } from './inter.js';

const test = suite('scripts of the world on a wall');
const type = typeface();

test('a line runs as its first letter does', () => {
  for (const text of ['ساعة من لا شيء', '14:30 שעה של שקט', '« سكوت » silence', 'ܫܬܩܐ', '𞤀𞤣𞤤𞤢𞤥'])
    assert.ok(isRightToLeft(text), text);
  for (const text of ['Une heure', '14:30', '', '無の一時間', 'NoSo في ليون', 'शून्य', '…'])
    assert.not.ok(isRightToLeft(text), text);
});

/** With and without what browsers before Chromium 87 do not have. */
function everywhere(work: () => void): void {
  const { Segmenter } = Intl;
  work();
  try {
    Reflect.deleteProperty(Intl, 'Segmenter');
    work();
  } finally {
    Object.assign(Intl, { Segmenter });
  }
}

test('no sign is cut in two, and a title of any script is broken where it may be', () =>
  everywhere(() => {
    assert.is(signs('क्षि').join(''), 'क्षि');
    assert.equal(signs('e\u0301a'), ['e\u0301', 'a']);
    assert.equal(signs('👩\u200d👧b'), ['👩\u200d👧', 'b']);
    for (const text of [
      'Une heure pour rien, ou presque',
      '何もしない一時間をみんなで静かに過ごす',
      'หนึ่งชั่วโมงแห่งความเงียบด้วยกัน',
      'ساعة من لا شيء معا',
    ]) {
      assert.is(joined(pieces(text)), text);
      const lines = wrapped(type, text, 8, 9);
      assert.ok(isWhole(lines, text), lines.join('|'));
      assert.ok(lines.length > 1);
      for (const line of lines) assert.ok(type.width(line) <= 8 || !line.includes(' '), line);
      const two = wrapped(type, text, 4, 2);
      assert.is(two.length, 2);
      assert.match(two[1] ?? '', /…$/);
      assert.not.ok(isWhole(two, text));
    }
  }));

test('an ellipsis stands where the text ends', () => {
  assert.is(clipped(type, 'silence', 10), 'silence');
  assert.is(clipped(type, 'un très long silence', 5), 'un très…');
});
