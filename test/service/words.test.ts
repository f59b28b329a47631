import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { ERRORS } from '../../src/domain/errors.js';
import { KEPT } from '../../src/domain/kept.js';
import {
  clockIn,
  forms,
  grouped,
  hourInColumn,
  hourInProse,
  remembered,
  say,
  type Words,
} from '../../src/service/words.js';
import { suite } from '../support/suite.js';

const test = suite('words');
const folder = fileURLToPath(new URL('../../client/words/', import.meta.url));

async function languages(): Promise<Map<string, Words>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json'));
  const read = async (file: string) =>
    [file.replace('.json', ''), JSON.parse(await readFile(folder + file, 'utf8'))] as const;
  return new Map(await Promise.all(files.map(read)));
}

const PLURALS = new Set(['zero', 'one', 'two', 'few', 'many', 'other']);
const isPlural = (node: object) =>
  'other' in node && Object.keys(node).every((key) => PLURALS.has(key));

/** Every text by its path; a plural is one text, its forms side by side. */
function texts(node: unknown, path = '', into = new Map<string, string[]>()) {
  if (typeof node === 'string') into.set(path, [node]);
  else if (typeof node === 'object' && node !== null) {
    if (isPlural(node)) into.set(path, Object.values(node));
    else for (const [key, value] of Object.entries(node)) texts(value, `${path}/${key}`, into);
  } else assert.unreachable(`${path}: neither text nor texts`);
  return into;
}

/** `{h2}` is `{h}` with two digits: which of them is the language's own business. */
const holes = (text: string) => (text.match(/\{\w+\}/g) ?? []).map((h) => h.replace('h2', 'h'));

test('no language lacks a key or has one too many, and every hole is in all of them', async () => {
  const all = await languages();
  assert.ok(all.has('en') && all.has('fr'));
  const english = texts(all.get('en'));
  for (const [language, words] of all) {
    const own = texts(words);
    assert.equal([...own.keys()].sort(), [...english.keys()].sort(), `keys of ${language}`);
    for (const [path, forms] of own) {
      const there = new Set(english.get(path)?.flatMap(holes));
      const here = new Set(forms.flatMap(holes));
      assert.equal([...here].sort(), [...there].sort(), `${language}${path}: holes`);
      for (const form of forms) {
        assert.not.match(form, /^ | $/, `${language}${path}: space at an end`);
        assert.is.not(form, '', `${language}${path}: empty`);
      }
    }
    assert.is(words.language.code, language);
  }
});

test('a plural has a form for every category of its language', async () => {
  for (const [language, words] of await languages()) {
    const rules = new Intl.PluralRules(language);
    const needed = [0, 1, 2, 3, 11, 21, 100].map((n) => rules.select(n));
    const walk = (node: object, path: string): void => {
      for (const [key, value] of Object.entries(node)) {
        if (typeof value !== 'object' || value === null) continue;
        if (!isPlural(value)) walk(value, `${path}/${key}`);
        else
          for (const rule of needed) assert.ok(rule in value, `${language}${path}/${key}: ${rule}`);
      }
    };
    walk(words, '');
  }
});

test('the house’s typography: no exclamation, no straight quote, French with no-break spaces', async () => {
  for (const [language, words] of await languages()) {
    for (const [path, forms] of texts(words)) {
      for (const form of forms) {
        assert.not.match(form, /!|\.\.\.|'|"/, `${language}${path}: ${form}`);
        if (language === 'fr') {
          assert.not.match(form, / [;:?»]|« /, `${language}${path}: a no-break space is missing`);
        }
      }
    }
  }
});

test('A5 every thing that is kept and every error has its words', async () => {
  for (const [language, words] of await languages()) {
    const rows = Object.keys(words.privacy.rows).sort();
    assert.equal(rows, Object.keys(KEPT).sort(), `${language}: privacy.rows`);
    for (const code of Object.keys(ERRORS)) assert.ok(code in words.errors, `${language}: ${code}`);
  }
});

test('hours and counts as each language writes them', async () => {
  const all = await languages();
  const fr = all.get('fr')?.time as Words['time'];
  const en = all.get('en')?.time as Words['time'];
  const at = (time: string) => Date.parse(`2026-11-22T${time}:00+01:00`);
  const zone = 'Europe/Paris';
  const prose = (time: string) => [
    hourInProse(fr, zone, at(time)),
    hourInProse(en, zone, at(time)),
  ];
  assert.equal(prose('14:30'), ['14\u00a0h\u00a030', '14:30']);
  assert.equal(prose('09:05'), ['9\u00a0h\u00a005', '09:05']);
  assert.equal(prose('14:00'), ['14\u00a0h', '14:00']);
  assert.equal(prose('12:00'), ['midi', '12:00']);
  assert.equal(prose('00:00'), ['minuit', '00:00']);
  assert.is(hourInColumn('Asia/Tokyo', at('14:30')), '22:30');
  assert.is(grouped(fr, 2400), '2\u00a0400');
  assert.is(grouped(en, 1234567), '1,234,567');
  assert.is(say('fr', { one: '{n} place', other: '{n} places' }, { n: 0 }), '0 place');
  assert.is(say('en', { one: '{n} seat', other: '{n} seats' }, { n: 0 }), '0 seats');
});

test('F9 an hour in a zone that is not known is by its offset, or else UTC’s and said to be', async () => {
  const fr = (await languages()).get('fr')?.time as Words['time'];
  const then = Date.parse('2026-11-22T13:05:00Z');
  for (const [zone, h, m] of [
    [{ timeZone: 'Middle/Earth', utcOffset: 345 }, 18, 50],
    [{ timeZone: 'Middle/Earth', utcOffset: -210 }, 9, 35],
    [{ timeZone: 'Middle/Earth', utcOffset: 0 }, 13, 5],
    [{ timeZone: 'Europe/Paris', utcOffset: 345 }, 14, 5],
  ] as const) {
    assert.equal(clockIn(zone, then), { h, m });
  }
  assert.equal(clockIn('Middle/Earth', then), { h: 13, m: 5, utc: true });
  assert.is(hourInProse(fr, 'Middle/Earth', then), '13:05\u00a0UTC');
  assert.is(hourInColumn('Middle/Earth', then), '13:05\u00a0UTC');
  const known = { timeZone: 'Middle/Earth', utcOffset: 60 };
  assert.is(hourInProse(fr, known, then), '14\u00a0h\u00a005');
  assert.is(hourInColumn(known, then), '14:05');
  assert.throws(() => clockIn('Middle/Earth', Number.NaN), RangeError);
});

test('a text has one form, or one of each number; what is costly is made once', () => {
  assert.equal(forms('one'), ['one']);
  assert.equal(forms({ one: 'a', other: 'b' }), ['a', 'b']);
  assert.is(say('en', 'no {hole} here', { n: 1 }), 'no {hole} here');
  assert.is(say('fr', { other: '{n} places' }, { n: 1 }), '1 places');
  let made = 0;
  const one = remembered((name) => {
    made += 1;
    return { name };
  });
  assert.is(one('a'), one('a'));
  assert.is.not(one('a'), one('b'));
  assert.is(made, 2);
});
