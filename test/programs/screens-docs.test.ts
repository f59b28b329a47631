// The recipes of docs/screens.md, run as they stand there.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../src/protocol/wire.js';
import { apiOf } from '../support/api.js';
import { startServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('recipes for screens without a browser');
const run = promisify(execFile);

/** The script of that name in the page. */
async function recipe(name: string): Promise<string> {
  const page = await readFile('docs/screens.md', 'utf8');
  const [, script] = new RegExp(`\`\`\`sh ${name}\\n(.*?)\`\`\``, 's').exec(page) ?? [];
  assert.ok(script, `docs/screens.md has a recipe "${name}"`);
  return script;
}

test('the e-paper label is drawn when there is something new, and Home Assistant reads the count', async () => {
  const server = await startServer();
  const folder = await mkdtemp(join(tmpdir(), 'noso-label-'));
  try {
    const api = apiOf(server.url, server.owner);
    const noso = await api.noso();
    const { id, token } = await api.wall(noso.venue.id);
    const env = { ...process.env, TOKEN: token, NOSO: server.url };
    const does = async (name: string) =>
      (await run('sh', ['-c', await recipe(name)], { cwd: folder, env })).stdout.trim();
    const label = async () =>
      JSON.parse(await readFile(join(folder, 'label.json'), 'utf8')) as Snapshot;

    assert.is(await does('label'), 'draw');
    assert.equal([(await label()).count, (await label()).noso?.title], [0, noso.title]);
    assert.is(await does('label'), 'same');
    const pass = await api.pass(noso.id);
    await api.sit((await api.number(pass)).token, pass);
    await until(async () => (await does('label')) === 'draw', { what: 'a new label' });
    assert.is((await label()).count, 1);
    assert.is(await does('label'), 'same');

    const read = JSON.parse(await does('home-assistant')) as Snapshot;
    assert.equal([read.count, read.noso?.state], [1, 'open']);
    assert.ok(Date.parse(read.noso?.startsAt ?? '') <= read.serverTime);

    await api.own('DELETE', `/api/walls/${id}`);
    assert.is(await does('label'), 'nothing certain (401)');
    assert.is((await label()).count, 1, 'the old label is left for whoever draws it');
    await does('home-assistant').then(
      () => assert.unreachable('-f makes a refusal a failure'),
      (error: { stdout?: string }) => assert.is(error.stdout, ''),
    );
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
});
