import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { runFile } from './outcome.js';
import { suite } from './suite.js';

const test = suite('the test runner');

const RUNNER = fileURLToPath(new URL('./runner.js', import.meta.url));
const fixture = (name: string) =>
  runFile(
    name,
    fileURLToPath(new URL(`./fixtures/${name}.fixture.js`, import.meta.url)),
    name === 'hangs' ? 1500 : 15_000,
  );

/** The runner itself over fixtures: its exit code and its last line. */
const runner = (...names: string[]) =>
  new Promise<{ code: number; last: string | undefined; output: string }>((resolve) => {
    const words = names.map((name) => `fixtures/${name}`);
    const child = execFile(
      process.execPath,
      [RUNNER, '--suffix', '.fixture.js', '--limit', '15', ...words],
      (_, output) => {
        const last = output.trim().split('\n').at(-1);
        resolve({ code: child.exitCode ?? -1, last, output });
      },
    );
  });

test('counts what passed', async () => {
  const { passed, failed } = await fixture('passes');
  assert.equal({ passed, failed }, { passed: 2, failed: 0 });
});

test('counts what failed, beside what passed', async () => {
  const { passed, failed } = await fixture('fails');
  assert.equal({ passed, failed }, { passed: 1, failed: 1 });
});

for (const [name, what] of Object.entries({
  hook: 'whose set-up throws',
  after: 'whose tidying up throws',
  empty: 'without tests',
  forgotten: 'whose suite nobody runs',
  throws: 'that throws before its suite runs',
  exits: 'that ends in the middle of a test',
  late: 'with a test that never ends',
})) {
  test(`a file ${what} has failed`, async () => {
    const { failed, output } = await fixture(name);
    assert.ok(failed >= 1, output);
  });
}

test('a file that hangs is stopped, has failed, and says so', async () => {
  const { failed, output, ms } = await fixture('hangs');
  assert.ok(failed >= 1, output);
  assert.match(output, 'stopped after 1.5 s');
  assert.ok(ms < 10_000);
});

test('what a file leaves behind is ended with it', async () => {
  const { passed, failed, output, ms } = await fixture('orphan');
  assert.equal({ passed, failed }, { passed: 1, failed: 0 }, output);
  assert.ok(ms < 10_000, 'what holds the output open would have lasted until the limit');
});

test('the last line is the sum, and the exit code says whether all is well', async () => {
  const good = await runner('passes');
  assert.equal([good.code, good.last], [0, '2 passed, 0 failed'], good.output);
  const bad = await runner('passes', 'fails', 'hook');
  assert.equal([bad.code, bad.last], [1, '3 passed, 2 failed'], bad.output);
  assert.match(bad.output, 'failed: support/fixtures/hook.fixture.js');
});

test('no file at all is a failure too', async () => {
  const none = await runner('there-is-no-such-file');
  assert.equal([none.code, none.last], [1, '0 passed, 0 failed'], none.output);
});
