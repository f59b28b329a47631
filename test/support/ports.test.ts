import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { freePort } from './ports.js';
import { suite } from './suite.js';

const test = suite('ports');

const MANY = 300;

test('a port is drawn by one process only, however long it is before somebody listens there', async () => {
  const file = fileURLToPath(new URL('./ports.js', import.meta.url));
  const all = new Set<number>();
  for (let k = 0; k < MANY; k += 1) all.add(await freePort());
  // Of as many that merely were free, eight would be the same.
  const script = `const { freePort } = await import(${JSON.stringify(file)});
    for (let k = 0; k < ${MANY}; k += 1) console.log(await freePort());
    process.exit();`;
  const args = ['--input-type=module', '-e', script];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  for (const port of stdout.trim().split('\n')) all.add(Number(port));
  assert.is(all.size, 2 * MANY);
});
