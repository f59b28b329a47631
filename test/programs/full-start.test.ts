import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { freePort } from '../support/ports.js';
import { inFolder, program } from '../support/program.js';
import { fill, makeRoom, onSmallDisk } from '../support/smallDisk.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('starting on a disk that is full');

test(
  'F5 F8 a full disk keeps no start from happening: up, not ready, the cause; and ready once there is room',
  () =>
    onSmallDisk(async (disk) => {
      const port = await freePort();
      const dataDir = join(disk, 'data');
      const env = { PORT: String(port), HOST: '127.0.0.1', DATA_DIR: dataDir };
      const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
      const status = async (path: string) => (await ask(path))?.status;
      const ready = (what: string) =>
        until(async () => (await status('/readyz')) === 200, { what, deadline: 20_000 });
      // The folder and the secret are to be made; then, of a second start, files are there already.
      await mkdir(dataDir);
      await fill(disk);
      for (const start of ['the first', 'a later']) {
        const server = program('main', env);
        try {
          await until(async () => (await status('/healthz')) === 200, {
            what: `${start} start to be up`,
            deadline: 20_000,
          });
          assert.is(await status('/readyz'), 503);
          const told = () => /"not ready",.*"detail":"(SQLITE|ENOSPC)/.test(server.stderr());
          await until(told, { what: `${start} start to say the cause: ${server.stderr()}` });
          if (start === 'the first') {
            const answer = await fetch(`http://127.0.0.1:${port}/api/nosos`);
            assert.is(answer.headers.get('retry-after'), '5');
            const { code, reason } = (await answer.json()) as { code: string; reason: string };
            assert.equal([code, reason], ['unavailable', 'not_writable']);
          }
          await makeRoom(disk);
          await ready(`${start} start to be ready once there is room`);
          assert.is((await readFile(join(dataDir, 'secret'), 'utf8')).length, 64);
          for (const line of server.stderr().trim().split('\n')) JSON.parse(line);
        } finally {
          await server.kill();
        }
        await fill(disk);
      }
    }),
  { deadline: 90_000 },
);

test('F8 a secret that is empty never signed anything: another is made', () =>
  inFolder(async (folder) => {
    const dataDir = join(folder, 'data');
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'secret'), '');
    const cli = program('cli', { DATA_DIR: dataDir }, ['token', 'organizer']);
    assert.is(await cli.ended, 0, cli.stderr());
    assert.is((await readFile(join(dataDir, 'secret'), 'utf8')).length, 64);
  }));
