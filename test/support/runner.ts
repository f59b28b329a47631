// Runs every *.test.js under dist/test, each in a process of its own with a hard limit, a few at a
// time, with a browser no more than there are processors; those first that may take longest. It closes
// with `N passed, N failed`.
//
//   npm test                     everything
//   npm test -- domain engine    the files whose path contains one of the words
//
// --suffix and --limit (seconds) are for the runner's own test.
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Outcome, runFile } from './outcome.js';
import { provide } from './provide.js';
import { queueOf } from './queue.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const { values, positionals: words } = parseArgs({
  allowPositionals: true,
  options: {
    suffix: { type: 'string', default: '.test.js' },
    limit: { type: 'string', default: '240' },
  },
});

/** Most of them wait, for timers and for each other: two more than there are processors. */
const LANES = Math.min(4, availableParallelism() + 2);
/** Those with a browser do not wait: as many as there are processors, and others beside them. */
const BROWSERS = Math.min(LANES, Math.max(1, availableParallelism()));

async function testFiles(): Promise<string[]> {
  const all = await readdir(root, { recursive: true });
  const files = all
    .filter((file) => file.endsWith(values.suffix))
    .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
    .sort();
  const patience = new Map(
    await Promise.all(files.map(async (f) => [f, await allows(f)] as const)),
  );
  return files.sort((a, b) => (patience.get(b) ?? 0) - (patience.get(a) ?? 0));
}

/** How long a file's tests may take, by the deadlines in it, ms: what is long is not begun last. */
async function allows(file: string): Promise<number> {
  const text = await readFile(join(root, file), 'utf8');
  return [...text.matchAll(/\bdeadline: ([\de]+)/g)].reduce((sum, [, ms]) => sum + Number(ms), 0);
}

function report({ file, passed, failed, output, ms }: Outcome): void {
  const verdict = failed === 0 ? 'ok  ' : 'FAIL';
  console.log(`${verdict} ${file}  ${passed} passed  ${(ms / 1000).toFixed(1)} s`);
  if (failed > 0) console.log(output);
}

async function main(): Promise<void> {
  await provide();
  const queue = queueOf(await testFiles(), BROWSERS);
  const outcomes: Outcome[] = [];
  const lane = async () => {
    for (let file = queue.take(); file; file = queue.take()) {
      const outcome = await runFile(file, join(root, file), Number(values.limit) * 1000);
      queue.done(file);
      outcomes.push(outcome);
      report(outcome);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const passed = outcomes.reduce((n, o) => n + o.passed, 0);
  const failed = outcomes.reduce((n, o) => n + o.failed, 0);
  for (const o of outcomes.filter((each) => each.failed > 0)) console.log(`failed: ${o.file}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

await main();
