import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';

/** Which tests are to see a fault, by where it is: words of their paths, the quickest first. */
const SEEN_BY: [where: RegExp, words: string[]][] = [
  [
    /^src\/domain\//,
    [
      'domain/',
      'service/',
      'client/',
      'engine/embedded.test',
      'http/errors',
      'http/lifecycle',
      'http/pages',
      'programs/anonymity.test',
    ],
  ],
  [/^src\/service\//, ['service/', 'http/', 'programs/anonymity.test', 'sockets/']],
  [
    /^src\/engine\/embedded\//,
    [
      'engine/embedded',
      'engine/stall',
      'engine/damage',
      'engine/kill',
      'engine/full',
      'engine/forget',
      'engine/parts',
      'engine/stored',
    ],
  ],
  [/^src\/engine\/redis\//, ['engine/redis.test', 'engine/redis', 'engine/parts', 'engine/stored']],
  [/^src\/live\//, ['live/', 'sockets/wall', 'sockets/silence']],
  [/^src\/http\//, ['http/', 'browser/phone']],
  [/^src\/sockets\//, ['sockets/', 'cluster/nodes']],
  [/^src\//, ['config', 'programs/', 'http/']],
];

/** The test files, below `root`, that are to see a fault in `file`; its own namesake first. */
export async function testsOf(file: string, root: string): Promise<string[]> {
  const [, words = []] = SEEN_BY.find(([where]) => where.test(file)) ?? [];
  const all = (await readdir(root, { recursive: true }))
    .filter((f) => f.endsWith('.test.js'))
    .sort();
  const own = `${basename(file, '.ts')}.test.js`;
  const rank = (test: string) =>
    basename(test) === own ? -1 : words.findIndex((word) => test.includes(word));
  return all
    .filter((test) => words.some((word) => test.includes(word)))
    .sort((a, b) => rank(a) - rank(b));
}
