import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { readScreenCode, screenCode } from '../../src/protocol/screenCode.js';
import { ALPHABET } from '../../src/protocol/spelling.js';
import { suite } from '../support/suite.js';

const test = suite('the code of a screen');

const codes = fc
  .array(fc.integer({ min: 0, max: ALPHABET.length - 1 }), { minLength: 5, maxLength: 5 })
  .map((values) => screenCode(() => values.pop() as number));

test('F10 it is read however it is typed', () => {
  fc.assert(
    fc.property(codes, (code) => {
      assert.match(code, /^[346789CDFGHJKMNPQRTVWXY]{3}-[346789CDFGHJKMNPQRTVWXY]{3}$/);
      const signs = code.replace('-', '');
      for (const typed of [
        code,
        signs,
        code.toLowerCase(),
        ` ${signs}. `,
        code.replace('-', ' – '),
      ])
        assert.is(readScreenCode(typed), code, typed);
    }),
  );
});

test('one wrong sign, or two neighbours that changed places, is no code', () => {
  fc.assert(
    fc.property(codes, fc.nat(5), fc.nat(ALPHABET.length - 1), (code, at, other) => {
      const signs = [...code.replace('-', '')];
      const wrong = [...signs];
      wrong[at] = ALPHABET[other] as string;
      if (wrong[at] !== signs[at]) assert.is(readScreenCode(wrong.join('')), null);
      const swapped = [...signs];
      [swapped[at], swapped[(at + 1) % 6]] = [signs[(at + 1) % 6] as string, signs[at] as string];
      if (at < 5 && swapped.join() !== signs.join())
        assert.is(readScreenCode(swapped.join('')), null);
    }),
  );
  for (const none of ['', 'K7M', 'K7M-4P', 'K7M-4PXX', 'AEI-OUA', 'x'.repeat(99)])
    assert.is(readScreenCode(none), null, none);
});
