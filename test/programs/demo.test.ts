import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import * as assert from 'uvu/assert';
import { freePort } from '../support/ports.js';
import { inFolder, program } from '../support/program.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('the demo');

const gauge = async (url: string, name: string) => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
};

test(
  'P1 P7 phones of another process arrive, sleep, leave and come, and Ctrl-C ends it all',
  () =>
    inFolder(async (folder) => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}`;
      const demo = program(
        'demo',
        { PORT: String(port), HOST: '127.0.0.1', PUBLIC_URL: url, TMPDIR: folder },
        ['--phones', '30', '--within', '2'],
      );
      try {
        const [, token] = await demo.says(/Wall +\S+\/wall#(\S+)/);
        const [, code] = await demo.says(/Your phone +\S+\/j\/(\S+)/);
        const [, link] = await demo.says(/Console +\S+\/organize#(\S+)/);
        assert.is((await fetch(`${url}/j/${code}`)).status, 200);
        const signedIn = await fetch(`${url}/api/sign-in`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ key: link }),
        });
        assert.is(signedIn.status, 204);

        const { pid } = demo.child;
        const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
        assert.is(children.trim().split(' ').length, 2, 'a server, and the phones apart from it');

        const wall = openWall(url, token as string);
        await until(() => (wall.count ?? 0) >= 28, { what: 'the room to fill' });
        await until(async () => (await gauge(url, 'noso_phones_connected')) <= 3, {
          what: 'the phones to sleep',
          deadline: 30_000,
          every: 250,
        });
        assert.ok((wall.count ?? 0) >= 26, `asleep is not gone: ${wall.count}`);
        await until(() => (wall.numbers?.size ?? 0) >= 26, { what: 'a veil tick' });
        const before = new Set(wall.numbers);
        await until(() => [...before].some((number) => !wall.numbers?.has(number)), {
          what: 'somebody to leave',
          deadline: 30_000,
        });
        assert.is(await gauge(url, 'noso_errors_total'), 0);
        wall.close();
        assert.is((await readdir(folder)).length, 1, 'a data folder of its own');

        demo.child.kill('SIGINT');
        assert.is(await demo.ended, 0, demo.stderr());
        assert.equal(await readdir(folder), [], 'which is gone with it');
        // What is read late, on a machine that is busy with other things for seconds, it says, rightly.
        const told = demo.stderr().split('\n').filter(Boolean);
        const isLate = (line: string) => /"event":"(not )?ready/.test(line);
        assert.equal(
          told.filter((line) => !isLate(line)),
          [],
        );
      } finally {
        await demo.kill();
      }
    }),
  { deadline: 90_000 },
);

test('a demo that is killed leaves no server behind', () =>
  inFolder(async (folder) => {
    const port = await freePort();
    const demo = program('demo', { PORT: String(port), HOST: '127.0.0.1', TMPDIR: folder }, [
      '--phones',
      '2',
    ]);
    await demo.says(/Ctrl-C/);
    await demo.kill();
    const up = () => fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
    await until(async () => (await up()) === null, { what: 'the server to go' });
    await demo.ended; // and everybody else who held its output
  }));

test('a port in use is said once, and nothing is left behind', () =>
  inFolder(async (folder) => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port));
    });
    const demo = program('demo', { PORT: String(port), HOST: '127.0.0.1', TMPDIR: folder });
    assert.is(await demo.ended, 78);
    assert.match(demo.stderr(), /^PORT: another program listens there\n$/);
    assert.equal(await readdir(folder), []);
    other.close();
  }));

test('a wrong setting is said as the server says it', async () => {
  const demo = program('demo', { PORT: 'many' });
  assert.is(await demo.ended, 78);
  assert.match(demo.stderr(), /^PORT: [^\n]+\n$/);
});
