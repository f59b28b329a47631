import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { preferred, readWords } from '../../src/service/dictionary.js';
import { suite } from '../support/suite.js';

const test = suite('which language');

test('every file of words is a language', async () => {
  const words = await readWords(fileURLToPath(new URL('../../client/words', import.meta.url)));
  assert.equal([...words.keys()], ['en', 'fr']);
  assert.is(words.get('fr')?.time.noon, 'midi');
});

test('it is what a browser asks for most, of what there is; English else', () => {
  const there = ['en', 'fr'];
  for (const [header, is] of [
    ['fr', 'fr'],
    ['fr-CH, fr;q=0.9, en;q=0.8', 'fr'],
    ['en;q=0.5, fr;q=0.6', 'fr'],
    ['de, en;q=0.5, fr;q=0.4', 'en'],
    ['de', 'en'],
    ['*', 'en'],
    ['', 'en'],
    ['nonsense;;', 'en'],
    [undefined, 'en'],
  ] as const) {
    assert.is(preferred(there, header), is, header);
    assert.is(preferred([...there].reverse(), header === '*' ? 'en' : header), is, header);
  }
  assert.is(preferred(['fr', 'it'], 'de'), 'fr', 'or the first, where there is no English');
});
