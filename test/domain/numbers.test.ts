import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { space, spell, unspell } from '../../src/domain/numbers.js';
import { suite } from '../support/suite.js';

const test = suite('numbers');

const drawn = fc.oneof(fc.nat(10_000), fc.nat(2_000_000_000), fc.constantFrom(0, 449, 450, 4499));

test('A3 the space is at least 20 times as large as what was ever drawn', () => {
  fc.assert(
    fc.property(drawn, (before) => {
      const { first, last } = space(before);
      assert.ok(last - first + 1 >= 20 * (before + 1));
      assert.is(String(first).length, String(last).length);
      assert.ok(first >= 1000, 'never fewer than four digits, and no leading zero');
      assert.ok(Number.isSafeInteger(last));
    }),
  );
});

test('A3 numbers are no longer than they need to be, and never get shorter', () => {
  fc.assert(
    fc.property(drawn, fc.nat(1000), (before, more) => {
      const { first } = space(before);
      assert.ok(space(before + more).first >= first);
      if (first > 1000) assert.ok(first - first / 10 < 20 * (before + 1));
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
