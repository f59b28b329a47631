import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { lengthAt, mayBeDrawn, space, spell, unspell } from '../../src/domain/numbers.js';
import { suite } from '../support/suite.js';

const test = suite('numbers');

const drawn = fc.oneof(fc.nat(10_000), fc.nat(2_000_000_000), fc.constantFrom(0, 449, 450, 4499));

const lengths = fc.integer({ min: 6, max: 9 });

test('A3 the space is at least 20 times as large as what was ever drawn, six digits or more', () => {
  assert.equal(space(6, 0), { first: 100_000, last: 999_999 }, 'all of them');
  fc.assert(
    fc.property(lengths, drawn, (digits, before) => {
      const { first, last } = space(digits, before);
      assert.ok(last - first + 1 >= 20 * (before + 1));
      assert.is(String(first).length, String(last).length);
      assert.ok(String(first).length >= digits, 'no leading zero');
      assert.ok(Number.isSafeInteger(last));
    }),
  );
});

test('A3 a NoSo draws the shortest that leave 40 times the room, and never fewer than six digits', () => {
  assert.equal([0, 1, 4500, 22_500, 22_501, 225_000, 225_001].map(lengthAt), [6, 6, 6, 6, 7, 7, 8]);
  fc.assert(
    fc.property(drawn, fc.nat(1000), (before, more) => {
      const digits = lengthAt(before);
      assert.ok(9 * 10 ** (digits - 1) >= 40 * before);
      if (digits > 6) assert.ok(9 * 10 ** (digits - 2) < 40 * before);
      assert.ok(lengthAt(before + more) >= digits);
    }),
  );
});

test('A3 the length holds for a whole evening: half of the room may be drawn in it', () => {
  fc.assert(
    fc.property(drawn, (before) => {
      const digits = lengthAt(before);
      const most = mayBeDrawn(digits);
      assert.ok(most >= 2 * before);
      assert.is(String(space(digits, most - 1).first).length, digits);
      assert.is(String(space(digits, most).first).length, digits + 1, 'then they are longer');
    }),
  );
});

test('a number is read as it is spelt', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 999_999_999_999_999 }), (number) => {
      assert.is(unspell(spell(number)), number);
    }),
  );
});

test('nothing else is read as a number', () => {
  const bad = [
    '',
    '0',
    '999',
    '0999',
    '01234',
    '1e5',
    '12 34',
    '1234.0',
    '+1234',
    '-1234',
    '１２３４',
  ];
  for (const text of [...bad, '1234\n', '9'.repeat(16), '0x1234', 'NaN']) {
    assert.is(unspell(text), null, JSON.stringify(text));
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const number = unspell(text);
      assert.ok(number === null || spell(number) === text);
    }),
  );
});
