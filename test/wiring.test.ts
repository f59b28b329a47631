import { readFile } from 'node:fs/promises';
import { transform } from 'esbuild';
import * as assert from 'uvu/assert';
import { suite } from './support/suite.js';

const test = suite('what is put together, in order');

/** Where everything is made of what stands above it: the file, and the function's first words. */
const WIRED = [
  { file: 'src/server.ts', opens: 'export function createServer(' },
  { file: 'src/server/services.ts', opens: 'export function assembleServices(' },
  { file: 'src/server/apis.ts', opens: 'export function assembleApi(' },
  { file: 'src/server/answer.ts', opens: 'export function assembleAnswer(' },
  { file: 'src/server/lines.ts', opens: 'export function assembleLines(' },
  { file: 'src/engine/redis/wiring.ts', opens: 'export function assemble(' },
];

/**
 * The names that a function declares and uses further up, be it in a function that is called only
 * later: whoever reads it from the top meets what is not there yet. Strings and comments, and what
 * is a property's name, do not count.
 */
async function ahead(source: string, opens: string): Promise<string[]> {
  const { code } = await transform(source, { loader: 'ts', legalComments: 'none' });
  const plain = opens.replace(/^export /, '');
  const begin = Math.max(code.indexOf(opens), code.indexOf(plain));
  assert.ok(begin >= 0, `no ${opens}`);
  const end = code.indexOf('\n}', begin);
  const body = code.slice(begin, end).replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
  const names = [...body.matchAll(/^ {2}(?:const|let|function) (\w+|\{[^}]*\})/gm)].flatMap(
    ({ 1: declared = '', index }) =>
      [...declared.matchAll(/(\w+)(?=\s*(?:[,}]|$))/g)].map(([, name = '']) => ({ name, index })),
  );
  return names
    .filter(({ name, index }) =>
      new RegExp(`(?<![\\w$.])${name}(?![\\w$]|\\s*:(?!:))`).test(body.slice(0, index)),
    )
    .map(({ name }) => name);
}

test('nothing is used before it exists', async () => {
  for (const { file, opens } of WIRED) {
    assert.equal(await ahead(await readFile(file, 'utf8'), opens), [], file);
  }
});

test('what is used before it exists is found, however late it is called', async () => {
  const source = `export function createServer(deps) {
    const a = make({ b: () => b.size, say: 'io' });
    const early = (x) => web.of(x);
    const { b, c } = things(a);
    function late() { return early(c); }
    const web = late;
    const io = web;
    return { a, io };
  }`;
  const indented = source.replace(/^ {2}/gm, '');
  assert.equal(await ahead(indented, 'export function createServer('), ['b', 'web']);
});
