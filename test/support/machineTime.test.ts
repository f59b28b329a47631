import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { machineTime } from './machineTime.js';
import { suite } from './suite.js';

const test = suite('the machine’s time');

/**
 * Wants a processor for so long, by the clock on the wall; how much of it the machine gave, and how
 * far its clock ever went back.
 */
function want(ms: number): { wall: number; given: number; back: number } {
  const [began, given] = [performance.now(), machineTime()];
  let [last, back] = [given, 0];
  while (performance.now() - began < ms) {
    const now = machineTime();
    back = Math.max(back, last - now);
    last = now;
  }
  return { wall: performance.now() - began, given: machineTime() - given, back };
}

test('stands still while others have the processors, never quite, and never goes back', async () => {
  const others = Array.from({ length: 4 * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'console.log(1); for (;;);'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  try {
    await Promise.all(others.map(({ stdout }) => new Promise((go) => stdout.once('data', go))));
    const { wall, given, back } = want(500);
    assert.is(back, 0);
    assert.ok(given <= wall + 1, `${given} of ${wall} ms`);
    // Elsewhere than on Linux nobody knows.
    if (process.platform === 'linux') assert.ok(given < 0.8 * wall, `${given} of ${wall} ms`);
    assert.ok(given > 0.09 * wall, `${given} of ${wall} ms: a hang would not end`);
  } finally {
    for (const other of others) other.kill('SIGKILL');
  }
});

test('a moment is a moment, whenever it is since somebody looked', async () => {
  for (let k = 0; k < 40; k += 1) {
    const [began, given] = [performance.now(), machineTime()];
    const until = began + 5 + k;
    while (performance.now() < until);
    const [wall, told] = [performance.now() - began, machineTime() - given];
    assert.ok(told <= wall + 1, `${told} of ${wall} ms`);
  }
});

/** A span by the clock on the wall that is held against a bound: other work on the machine eats it. */
const MARGIN =
  /assert\.\w+\([^;]*?(?:Date|performance|realClock)\.now\(\) - [\w.]+ <=? [\d_]+[^;]*;/g;

test('no test holds the clock on the wall against a bound', async () => {
  const files = (await readdir('test', { recursive: true })).filter((f) => f.endsWith('.ts'));
  const found = await Promise.all(
    files.map(async (file) => (await readFile(join('test', file), 'utf8')).match(MARGIN) ?? []),
  );
  assert.equal(found.flat(), []);
  assert.match(`assert.ok(${'Date'}.now() - began < 5000);`, MARGIN);
});
