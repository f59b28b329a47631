import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { apiOf } from '../support/api.js';
import { freePort } from '../support/ports.js';
import { inFolder } from '../support/program.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('what is packed, and a clone without development packages');
const run = promisify(execFile);

/** The project's folder, which tests run in, and what was built of it. */
const ROOT = process.cwd();
const DIST = process.env.NOSO_DIST ?? join(ROOT, 'dist');

/** Starts `command`, works with what serves at `url`, and ends it as a terminal would. */
async function serving(
  [command, ...args]: [string, ...string[]],
  options: { cwd: string; env?: Record<string, string> },
  work: (at: { url: string; said: () => string }) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env.PATH, PORT: String(port), HOST: '127.0.0.1', PUBLIC_URL: url };
  const child: ChildProcess = spawn(command, args, {
    cwd: options.cwd,
    env: { ...env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (data) => (said += data));
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  try {
    const up = async () => {
      if (child.exitCode !== null) throw new Error(`it ended:\n${said}`);
      return (await fetch(`${url}/readyz`).catch(() => null))?.ok === true;
    };
    await until(up, { what: 'it to serve', deadline: 30_000 });
    await work({ url, said: () => said });
    child.kill('SIGINT');
    assert.is(await gone, 0, said);
  } finally {
    child.kill('SIGKILL');
  }
}

/** Somebody takes a seat by a code, and pages have their scripts. */
async function aSeatIsTaken(url: string, owner: string): Promise<void> {
  const api = apiOf(url, owner);
  const noso = await api.noso({});
  const { token, pass } = await api.person(noso.id);
  assert.is((await api.sit(token, pass)).status, 200);
  const page = await (await fetch(`${url}/wall`)).text();
  const script = /src="([^"]+\.js[^"]*)"/.exec(page)?.[1] as string;
  assert.is((await fetch(new URL(script, url))).status, 200, script);
}

test(
  'a tarball in an empty folder, installed without a script: it starts, a seat is taken, every command is there',
  () =>
    inFolder(async (folder) => {
      await run(process.execPath, ['deploy/pack.mjs', '--as-built', '--to', folder]);
      const [tarball] = await readdir(folder);
      assert.match(tarball as string, /^noso-\d+\.\d+\.\d+\.tgz$/);
      const home = join(folder, 'home');
      await mkdir(home);
      const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
      await run('npm', ['install', ...flags, '--prefix', home, join(folder, tarball as string)]);
      const noso = join(home, 'node_modules', '.bin', 'noso');

      const there = await readdir(join(home, 'node_modules', 'noso'), { recursive: true });
      const unwanted = there.filter((name) => /(\.ts|\.tsx|\.test\.js)$|^dist\/test/.test(name));
      assert.equal(unwanted, []);
      const packages = await readdir(join(home, 'node_modules'));
      for (const development of ['esbuild', 'typescript', 'socket.io-client', 'playwright-core']) {
        assert.not(packages.includes(development), development);
      }

      const env = { DATA_DIR: join(folder, 'data') };
      const { stdout } = await run(noso, ['token', 'organizer'], {
        env: { ...process.env, ...env },
      });
      await serving([noso], { cwd: home, env }, ({ url }) => aSeatIsTaken(url, stdout.trim()));
      await serving(
        [noso, 'demo', '--phones', '3', '--within', '1'],
        { cwd: home },
        async ({ url, said }) => {
          const [, wall] = (await until(() => /Wall +\S+#(\S+)/.exec(said()), {
            what: 'the demo to greet',
          })) as RegExpExecArray;
          const headers = { authorization: `Bearer ${wall}` };
          const shown = async () => (await fetch(`${url}/api/walls/me`, { headers })).text();
          await until(async () => /"count":3\b/.test(await shown()), {
            what: 'the phones of the demo to sit',
            deadline: 30_000,
          });
        },
      );
      const version = await run(noso, ['--version']);
      assert.is(`noso-${version.stdout.trim()}.tgz`, tarball);
      const wrong = await run(noso, ['dance']).catch((error) => error);
      assert.is(wrong.code, 64);
      assert.match(wrong.stderr, /^usage: noso/);
    }),
  { deadline: 180_000 },
);

/** A folder as `npm ci --omit=dev` leaves it: what runs, and none of what builds. */
async function clone(folder: string, parts: string[]): Promise<void> {
  const kept = ['package.json', 'package-lock.json', 'client/build.mjs', ...parts];
  for (const part of kept) await cp(join(ROOT, part), join(folder, part), { recursive: true });
  const from = await realpath(join(ROOT, 'node_modules'));
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'));
  for (const [path, { dev }] of Object.entries<{ dev?: boolean }>(lock.packages)) {
    const [, name, ...nested] = path.split('node_modules/');
    if (!name || dev || nested.length > 0) continue;
    const link = join(folder, path);
    await mkdir(join(link, '..'), { recursive: true });
    await symlink(join(from, name.replace(/\/$/, '')), link, 'dir');
  }
}

/** As `npm start` does, npm aside. */
const START = 'node client/build.mjs --if-stale && exec node dist/src/programs/main.js';

test(
  'a clone that was built serves without development packages, also without times and tests',
  () =>
    inFolder(async (folder) => {
      await clone(folder, ['src', 'client']);
      await cp(DIST, join(folder, 'dist'), {
        recursive: true,
        filter: (name) => !/\/dist\/(test|node_modules)$/.test(name),
      });
      const stamp = await readFile(join(folder, 'dist', '.built'), 'utf8');
      await serving(['sh', '-c', START], { cwd: folder }, async ({ url }) => {
        assert.is((await fetch(`${url}/organize`)).status, 200);
      });
      assert.is(await readFile(join(folder, 'dist', '.built'), 'utf8'), stamp, 'not built again');
    }),
  { deadline: 60_000 },
);

test('a clone that was not built, or of other sources, says one line and ends with 78', () =>
  inFolder(async (folder) => {
    await clone(folder, ['src', 'client']);
    const start = () => run('sh', ['-c', START], { cwd: folder }).catch((error) => error);
    const bare = await start();
    assert.is(bare.code, 78);
    assert.match(bare.stderr, /^dist\/ is not built [^\n]+\n$/);
    await cp(join(DIST, '.built'), join(folder, 'dist', '.built'));
    await writeFile(join(folder, 'src', 'clock.ts'), 'export {};\n');
    assert.match((await start()).stderr, /^dist\/ is not built [^\n]+\n$/);
  }));

test('every package that an installation has is in the README, and says what for', async () => {
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('| `'));
  for (const name of Object.keys(manifest.dependencies)) {
    assert.ok(
      rows.some((row) => row.split('|')[1]?.includes(`\`${name}\``)),
      name,
    );
  }
});
