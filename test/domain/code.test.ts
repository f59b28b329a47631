import { createHash } from 'node:crypto';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import {
  ALPHABET,
  codeOf,
  readCode,
  STEP,
  stepAt,
  stepsAccepted,
  validUntil,
} from '../../src/domain/code.js';
import { suite } from '../support/suite.js';

const test = suite('codes');

const digests = fc.uint8Array({ minLength: 16, maxLength: 32 });
const times = fc.integer({ min: 1_700_000_000_000, max: 2_000_000_000_000 });

test('a code is nine letters of the alphabet, in threes', () => {
  assert.is(ALPHABET, '346789CDFGHJKMNPQRTVWXY');
  fc.assert(
    fc.property(digests, (digest) => {
      assert.match(
        codeOf(digest),
        /^([346789CDFGHJKMNPQRTVWXY]{3}-){2}[346789CDFGHJKMNPQRTVWXY]{3}$/,
      );
    }),
  );
});

test('however it is typed, it is the same code', () => {
  const between = fc.constantFrom('', '-', ' ', '  ', '–', ' - ');
  fc.assert(
    fc.property(digests, between, between, fc.boolean(), (digest, a, b, lower) => {
      const code = codeOf(digest);
      const [one, two, three] = code.split('-');
      const typed = ` ${one}${a}${two}${b}${three} `;
      assert.is(readCode(lower ? typed.toLowerCase() : typed), code);
    }),
  );
});

test('what cannot be a code is not read as one', () => {
  for (const text of ['', 'XXX', 'XXX-XXX-XX', 'XXX-XXX-XXXX', 'XXX-XXX-XXO', 'XXX-XXX-XX1']) {
    assert.is(readCode(text), null, text);
  }
  assert.is(readCode('X-'.repeat(500)), null);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const read = readCode(text);
      assert.ok(read === null || /^(.{3}-){2}.{3}$/.test(read));
    }),
    { numRuns: 2000 },
  );
});

test('every letter is as likely as any other, in every place', () => {
  const rounds = 23_000;
  const counts = Array.from({ length: 9 }, () => new Map<string, number>());
  for (let k = 0; k < rounds; k += 1) {
    const digest = createHash('sha256').update(`seed ${k}`).digest();
    for (const [place, letter] of [...codeOf(digest).replaceAll('-', '')].entries()) {
      const seen = counts[place] as Map<string, number>;
      seen.set(letter, (seen.get(letter) ?? 0) + 1);
    }
  }
  for (const seen of counts) {
    assert.is(seen.size, ALPHABET.length);
    // 1,000 expected, 31 the standard deviation.
    for (const count of seen.values()) assert.ok(Math.abs(count - 1000) < 190, `${count}`);
  }
});

test('F6 a code is accepted for 60 s from its first showing, and no longer', () => {
  fc.assert(
    fc.property(times, fc.nat(STEP - 1), (any, into) => {
      const first = Math.floor(any / STEP) * STEP;
      const step = stepAt('code', first + into);
      assert.is(step, first / STEP, 'it shows for 15 s');
      assert.ok(stepsAccepted('code', first).includes(step));
      assert.ok(stepsAccepted('code', first + 59_999).includes(step));
      assert.not.ok(stepsAccepted('code', first + 60_000).includes(step));
      assert.not.ok(stepsAccepted('code', first - 1).includes(step), 'nor before it shows');
      assert.is(validUntil('code', step, 0), first + 60_000);
      assert.is(stepsAccepted('code', first)[0], step, 'the newest first');
    }),
  );
});

test('with a link it stays the same until the end', () => {
  fc.assert(
    fc.property(times, times, (one, two) => {
      assert.is(stepAt('link', one), stepAt('link', two));
      assert.equal(stepsAccepted('link', one), [stepAt('link', two)]);
      assert.is(validUntil('link', stepAt('link', one), two), two);
    }),
  );
});
