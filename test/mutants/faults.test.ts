import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { faultsIn, planted } from './faults.js';
import { explained } from './survivors.js';
import { testsOf } from './tests.js';

const test = suite('faults that are planted');
const ROOT = fileURLToPath(new URL('..', import.meta.url));

const SOURCE = `// a && b
const least = 3;
export function f(a: number, b: number[]): boolean {
  if (a < least) return false;
  b.push(a + 1);
  const text = 'a === b';
  b.sort((x, y) => (x < y ? -1 : 1));
  return b.length >= 10 && Math.max(...b) !== a;
}
`;

const made = (kind: string) =>
  faultsIn(SOURCE)
    .filter((each) => each.kind === kind)
    .map((each) =>
      planted(SOURCE, each)
        .split('\n')
        .filter((line) => !SOURCE.includes(`${line}\n`)),
    );

test('each is one slip in one line, in code alone', () => {
  assert.equal(made('a bound moved by one'), [
    ['  if (a <= least) return false;'],
    ['  b.sort((x, y) => (x <= y ? -1 : 1));'],
    ['  return b.length > 10 && Math.max(...b) !== a;'],
  ]);
  assert.equal(made('and for or'), [['  return b.length >= 10 || Math.max(...b) !== a;']]);
  assert.equal(made('a comparison turned round'), [
    ['  return b.length >= 10 && Math.max(...b) === a;'],
  ]);
  assert.equal(made('plus for minus'), [['  b.push(a - 1);']]);
  assert.equal(made('least for most'), [['  return b.length >= 10 && Math.min(...b) !== a;']]);
  assert.equal(made('true for false'), [['  if (a < least) return true;']]);
  assert.equal(made('a constant off by one'), [
    ['const least = 4;'],
    ['  b.push(a + 2);'],
    ['  return b.length >= 11 && Math.max(...b) !== a;'],
  ]);
  assert.equal(made('a statement left out'), [['  ;'], ['  ;'], ['  ;']]);
  assert.equal(made('a condition turned round'), [['  if (!(a < least)) return false;']]);
});

test('every file has tests that are to see what is wrong with it, its namesake first', async () => {
  const tests = await testsOf('src/domain/seating.ts', ROOT);
  assert.is(tests[0], 'domain/seating.test.js');
  for (const file of ['src/engine/redis/guard.ts', 'src/http/http.ts', 'src/config.ts']) {
    assert.ok((await testsOf(file, ROOT)).length > 0, file);
  }
});

test('every survivor that is explained is a line that is there, and a fault that can be planted', async () => {
  const text = await readFile('test/mutants/SURVIVORS.md', 'utf8');
  const entries = [...text.matchAll(/^## (\S+)\n\n```\n([^\n]+)\n([^\n]*)\n```/gm)];
  assert.is(entries.length, text.match(/^## /gm)?.length ?? 0);
  for (const [, file = '', was = '', is = ''] of entries) {
    const source = await readFile(file, 'utf8');
    const found = faultsIn(source).some((fault) => {
      const line = source.slice(0, fault.from).split('\n').length - 1;
      const look = (code: string) => code.split('\n')[line]?.trim();
      return look(source) === was && look(planted(source, fault)) === is;
    });
    assert.ok(found, `${file}: ${was}`);
    assert.ok(await explained({ place: `${file}:1`, was, is }));
  }
});
