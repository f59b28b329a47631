import { createHash } from 'node:crypto';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { ALPHABET, codeOf, readCode, returnCodeOf, signsIn } from '../../src/protocol/spelling.js';
import { suite } from '../support/suite.js';

const test = suite('how codes are spelled');

const digests = fc.uint8Array({ minLength: 16, maxLength: 32 });
/** As a Japanese keyboard gives it. */
const wide = (text: string) =>
  text.replace(/[A-Z0-9]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0));

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

test('it is the lowest digits, lowest first, of the number that sixteen bytes make', () => {
  fc.assert(
    fc.property(digests, (digest) => {
      let value = BigInt(`0x${Buffer.from(digest.subarray(0, 16)).toString('hex')}`);
      let signs = '';
      for (let k = 0; k < 9; k += 1) {
        signs += ALPHABET[Number(value % 23n)];
        value /= 23n;
      }
      const spelled = signs.match(/.{3}/g)?.join('-') ?? '';
      assert.is(codeOf(digest), spelled);
      assert.is(returnCodeOf(digest), spelled.slice(0, 7));
    }),
  );
  assert.is(codeOf(new Uint8Array(16)), '333-333-333');
  assert.is(codeOf(new Uint8Array(16).fill(255).subarray(0)).length, 11);
});

test('F10 however it is typed, it is the same code', () => {
  const between = fc.constantFrom(
    '',
    '-',
    ' ',
    '  ',
    '–',
    ' - ',
    '.',
    '−',
    '‑',
    '\u00ad',
    '・',
    'ー',
    '_',
  );
  fc.assert(
    fc.property(digests, between, between, fc.boolean(), (digest, a, b, lower) => {
      const code = codeOf(digest);
      const [one, two, three] = code.split('-');
      const typed = ` ${one}${a}${two}${b}${three} `;
      assert.is(readCode(lower ? typed.toLowerCase() : typed), code);
      assert.is(readCode(wide(typed)), code, 'full width');
      assert.is(signsIn(wide(typed)), code.replaceAll('-', ''));
    }),
  );
});

test('F10 a link, or a sentence, that holds one code is that code', () => {
  for (const text of [
    'https://noso.example/j/H7K-4PX-M3C',
    'http://noso.example:3000/j/h7k4pxm3c?from=wall#top',
    'noso.example/j/H7K%2D4PX%2DM3C',
    'https://noso.example/j/Ｈ７Ｋ-４ＰＸ-Ｍ３Ｃ',
    'Le code est H7K-4PX-M3C.',
    'the code: h7k 4px m3c, come in quietly',
    'code H7K–4PX–M3C (encore bon une minute)',
    '«H7K4PXM3C»',
    'H7K-4PX-M3C. Encore : H7K-4PX-M3C.',
    'H7K\u200b-4PX-\ufeffM3C。',
  ]) {
    assert.is(readCode(text), 'H7K-4PX-M3C', text);
  }
  for (const text of [
    'H7K-4PX-M3C ou C3M-XP4-K7H',
    'XH7K-4PX-M3C',
    'H7K\0-4PX-M3C',
    'H7K-4PX-M\u00003C',
    'H7K-4PX-M3CX or so',
    'https://noso.example/j/nonsense and H7K-4PX-M3C',
    'rhythm',
    `${'so '.repeat(200)}H7K-4PX-M3C`,
  ]) {
    assert.is(readCode(text), null, text);
  }
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
