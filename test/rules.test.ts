import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from './support/suite.js';

const test = suite('the rules and their proofs');

/** How many rules each family has. */
const FAMILIES = { L: 7, P: 10, W: 10, S: 6, A: 8, F: 10, U: 1 };
/** Promised, and not built yet: whoever builds it takes it from here. */
const AHEAD: string[] = [];
const RULES = Object.entries(FAMILIES)
  .flatMap(([family, count]) => Array.from({ length: count }, (_, k) => `${family}${k + 1}`))
  .filter((rule) => !AHEAD.includes(rule));

/** A text that begins with rules is the name of a test: `'P2 P3 one number …'`. */
const NAMES = /['"`]((?:[LPWSAFU]\d+ )+)\S/g;

/** The rules that each file's tests name. */
async function named(): Promise<Map<string, Set<string>>> {
  const all = await readdir('test', { recursive: true });
  const files = all.filter((file) => file.endsWith('.ts') && file !== 'rules.test.ts');
  return new Map(
    await Promise.all(
      files.map(async (file) => {
        const text = await readFile(join('test', file), 'utf8');
        const found = [...text.matchAll(NAMES)].flatMap(([, ids = '']) => ids.trim().split(' '));
        return [file, new Set(found)] as const;
      }),
    ),
  );
}

/** The rows of the table: a rule, and the files that prove it. */
async function rows(): Promise<{ rule: string; files: string[] }[]> {
  const text = await readFile('test/RULES.md', 'utf8');
  return [...text.matchAll(/^\| ([A-Z]\d+) +\| [^|]+ \| ([^|]+) \|$/gm)].map(([, rule, cell]) => ({
    rule: rule as string,
    files: [...(cell as string).matchAll(/`([^`]+)`/g)].map(([, file]) => file as string),
  }));
}

test('every rule has one row, in order, and every row a proof', async () => {
  const table = await rows();
  assert.equal(
    table.map(({ rule }) => rule),
    RULES,
  );
  for (const { rule, files } of table) assert.ok(files.length > 0, `${rule} is proven by nothing`);
});

test('every file of a row has a test whose name begins with the rule', async () => {
  const names = await named();
  for (const { rule, files } of await rows()) {
    for (const file of files) {
      assert.ok(names.has(file), `${rule}: there is no test/${file}`);
      assert.ok(names.get(file)?.has(rule), `${rule}: no test of test/${file} names it`);
    }
  }
});

test('no test names a rule that there is not', async () => {
  for (const [file, rules] of await named()) {
    for (const rule of rules) assert.ok(RULES.includes(rule), `${file} names ${rule}`);
  }
});
