// Runs every *.test.js under dist/test, each in a process of its own with a hard limit, a few at a
// time, and closes with `N passed, N failed`. uvu alone exits 0 when a hook throws or when a suite
// never runs, so a file counts only if it says that it ran at least one test and skipped or passed
// all of them.
//
//   npm test                     everything
//   npm test -- domain engine    the files whose path contains one of the words
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provide } from './provide.js';

const FILE_LIMIT = 240_000;
const root = fileURLToPath(new URL('..', import.meta.url));

type Outcome = { file: string; passed: number; failed: number; output: string; seconds: number };

async function testFiles(words: string[]): Promise<string[]> {
  const all = await readdir(root, { recursive: true });
  return all
    .filter((f) => f.endsWith('.test.js'))
    .filter((f) => words.length === 0 || words.some((w) => f.includes(w)))
    .sort();
}

/** The counts that a file's suites reported, or a failure if the file cannot be trusted. */
function read(output: string, code: number | null): { passed: number; failed: number } {
  const sum = (label: string) =>
    [...output.matchAll(new RegExp(`^\\s+${label}:\\s+(\\d+)(?:\\s*/\\s*\\d+)?\\s*$`, 'gm'))]
      .map((m) => Number(m[1]))
      .reduce((a, b) => a + b, 0);
  const total = sum('Total');
  const passed = sum('Passed');
  const skipped = sum('Skipped');
  if (code === 0 && total > 0 && passed + skipped === total) return { passed, failed: 0 };
  return { passed: Math.min(passed, total), failed: Math.max(1, total - passed - skipped) };
}

function run(file: string): Promise<Outcome> {
  const started = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', join(root, file)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' },
      detached: process.platform !== 'win32',
    });
    let output = '';
    child.stdout.on('data', (d) => (output += d));
    child.stderr.on('data', (d) => (output += d));
    const limit = setTimeout(() => {
      output += `\n${file}: stopped after ${FILE_LIMIT / 1000} s\n`;
      stop(child.pid);
    }, FILE_LIMIT);
    child.on('close', (code) => {
      clearTimeout(limit);
      stop(child.pid); // what the file started and left behind, its process group, goes with it
      resolve({ file, output, seconds: (Date.now() - started) / 1000, ...read(output, code) });
    });
  });
}

/** Ends a test file's process group, which holds only what that file started. */
function stop(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function main(): Promise<void> {
  await provide();
  const queue = await testFiles(process.argv.slice(2));
  const outcomes: Outcome[] = [];
  const lane = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const outcome = await run(file);
      outcomes.push(outcome);
      const verdict = outcome.failed === 0 ? 'ok  ' : 'FAIL';
      console.log(
        `${verdict} ${relative('.', outcome.file)}  ${outcome.passed} passed  ${outcome.seconds.toFixed(1)} s`,
      );
      if (outcome.failed > 0) console.log(outcome.output);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
  const passed = outcomes.reduce((n, o) => n + o.passed, 0);
  const failed = outcomes.reduce((n, o) => n + o.failed, 0);
  for (const o of outcomes.filter((each) => each.failed > 0)) console.log(`failed: ${o.file}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

await main();
