// Televisions of 2020 are Chromium 68, and stay so: the wall's page is held to what that knows.
import { readFile } from 'node:fs/promises';
import { type Node, parse } from 'acorn';
import { full } from 'acorn-walk';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('screens of 2020');
const built = new URL('../../assets/wall/', import.meta.url);
const SCRIPTS = ['page.js', 'shell.page.js'];

/** Methods and functions that came after Chromium 68, by the version that brought them. */
const LATER: Record<string, number> = {
  flat: 69,
  flatMap: 69,
  getAnimations: 84,
  matchAll: 73,
  fromEntries: 73,
  allSettled: 76,
  replaceAll: 85,
  any: 85,
  at: 92,
  hasOwn: 93,
  structuredClone: 98,
  findLast: 97,
  toSorted: 110,
  replaceChildren: 86,
  queueMicrotask: 71,
  randomUUID: 92,
  scrollend: 114,
  arrayBuffer: 76,
  finished: 84,
  persist: 84,
  commitStyles: 84,
  ListFormat: 72,
  RelativeTimeFormat: 71,
  Segmenter: 87,
  WeakRef: 84,
  globalThis: 71,
  toggleAttribute: 69,
  Locale: 74,
  DisplayNames: 81,
  FinalizationRegistry: 84,
  isWellFormed: 111,
  groupBy: 117,
  withResolvers: 119,
  findLastIndex: 97,
  toReversed: 110,
  toSpliced: 110,
  isSubsetOf: 122,
  symmetricDifference: 122,
};
const GLOBAL = /^(globalThis|structuredClone|queueMicrotask|WeakRef)$/;

type Named = Node & { callee?: Node & { property?: { name?: string } }; name?: string };

for (const script of SCRIPTS)
  test(`${script}: syntax and API of Chromium 68`, async () => {
    const text = await readFile(new URL(script, built), 'utf8');
    // ES2018, and `catch` without a binding, which is of ES2019 and Chromium 66.
    const tree = parse(text, { ecmaVersion: 2019, sourceType: 'script' });
    const found = new Set<string>();
    full(tree, (node) => {
      const { type, callee, name } = node as Named;
      // What is asked for before it is used is taken out of its object first, and not called on it.
      const called = type === 'CallExpression' ? callee?.property?.name : undefined;
      const global = type === 'Identifier' && GLOBAL.test(name ?? '') ? name : undefined;
      for (const each of [called, global])
        if (each !== undefined && Object.hasOwn(LATER, each)) found.add(each);
    });
    assert.equal([...found], []);
  });

test('the style asks for nothing that Chromium 68 does not have', async () => {
  const css = await readFile(new URL('page.css', built), 'utf8');
  assert.not.match(css, /(?:^|[;{])(?:gap|inset|aspect-ratio|translate|scale):/);
  assert.not.match(
    css,
    /:is\(|:where\(|\d(?:dvh|svh|lvh)|(?:min|max|clamp)\(|color-mix|oklch|@layer/,
  );
});
