import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { apiOf } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { metric } from '../support/tcp.js';

const test = suite('the warm-up');

/** How many the warm-up seated, by the log of every start of this server; null where it failed. */
const warmed = (server: TestServer): (number | null)[] =>
  server
    .output()
    .split('\n')
    .filter((line) => line.includes('"event":"warm"'))
    .map((line) => (JSON.parse(line) as { count?: number }).count ?? null);

test('phones that do not exist are seated before the doors open, and nothing of them is left', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'noso-scratch-'));
  const server = await startServer({ WARM_UP: '600', TMPDIR: scratch });
  try {
    const [seated] = warmed(server);
    assert.ok(seated && seated > 10, `${seated} were seated`);
    assert.equal(await readdir(scratch), [], 'its folder is gone');
    assert.is(await metric(server, 'noso_seats_acknowledged_total'), 0);
    assert.is(await metric(server, 'noso_nosos_open'), 0);
  } finally {
    await server.stop();
    await rm(scratch, { recursive: true, force: true });
  }
});

test('a process that went down amidst a NoSo opens its doors at once', async () => {
  const server = await startServer();
  try {
    const api = apiOf(server.url, server.owner);
    const noso = await api.noso();
    await server.kill();
    await server.restart({ WARM_UP: '300' });
    assert.is(warmed(server).length, 1, 'nobody sat: there was time');
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    assert.is((await api.sit(token, pass)).status, 200);
    await server.kill();
    await server.restart({ WARM_UP: '300' });
    assert.is(warmed(server).length, 1, 'somebody sat: nobody was kept waiting');
  } finally {
    await server.stop();
  }
});
