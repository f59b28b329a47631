import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { inFolder } from '../support/program.js';
import { suite } from '../support/suite.js';

const test = suite('the service of deploy/');
const run = promisify(execFile);

/** The unit in a folder, with a program that is there in the place of an installed one. */
const unit = (work: (file: string) => Promise<void>) => () =>
  inFolder(async (folder) => {
    const text = await readFile('deploy/noso.service', 'utf8');
    assert.match(text, 'ExecStart=/usr/local/bin/noso\n');
    const file = join(folder, 'noso.service');
    await writeFile(file, text.replace('/usr/local/bin/noso', process.execPath));
    await work(file);
  });

test(
  'systemd understands every line of it',
  unit(async (file) => {
    const { stdout, stderr } = await run('systemd-analyze', ['verify', file]);
    assert.is(stdout + stderr, '');
  }),
);

test(
  'what it could do to the machine is little, by systemd’s own measure',
  unit(async (file) => {
    // In tenths, of 100: what serves on a port stays above 10.
    const args = ['security', '--offline=true', '--threshold=20', file];
    const { stdout } = await run('systemd-analyze', args);
    assert.match(stdout, 'Overall exposure level');
  }),
);
