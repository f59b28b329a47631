import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmod, chown, cp, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { machineTime } from '../support/machineTime.js';
import { freePort } from '../support/ports.js';
import { inFolder } from '../support/program.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('a clean clone, and the container, without an engine that runs containers');

const run = promisify(execFile);

type Line = { word: string; rest: string };

/** The instructions of each stage, in order. */
async function stages(): Promise<Line[][]> {
  const text = await readFile('Dockerfile', 'utf8');
  const lines = text.split('\n').filter((line) => /^[A-Z]+ /.test(line));
  const all: Line[][] = [];
  for (const line of lines) {
    const [word = '', ...rest] = line.split(' ');
    if (word === 'FROM') all.push([]);
    all.at(-1)?.push({ word, rest: rest.join(' ') });
  }
  return all;
}

const image = async (): Promise<Line[]> => (await stages()).at(-1) as Line[];

const only = (lines: Line[], word: string): string => {
  const found = lines.filter((line) => line.word === word);
  assert.is(found.length, 1, word);
  return found[0]?.rest as string;
};

/** What a clone has and the build is sent: files that git knows, but for those that are ignored there. */
async function sent(): Promise<string[]> {
  const { stdout } = await run('git', ['ls-files', '-z'], { maxBuffer: 2 ** 24 });
  const ignored = (await readFile('.dockerignore', 'utf8')).split('\n').filter(Boolean);
  const like = ignored.map((each) => new RegExp(`^${each.replaceAll('*', '[^/]*')}(/|$)`));
  return stdout.split('\0').filter((name) => name !== '' && !like.some((each) => each.test(name)));
}

async function put(names: string[], from: string, to: string): Promise<void> {
  for (const name of names) {
    // What was deleted and not committed yet is in git's list.
    await cp(join(from, name), join(to, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/** As a shell in that folder has it, with nothing of this build. */
const bare = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  // What was brought for this run is there already.
  npm_config_prefer_offline: 'true',
  ...more,
});

/** Carries out a stage that builds, in a folder; says how long each step took. */
async function build(lines: Line[], app: string, took: (what: string, ms: number) => void) {
  const all = await sent();
  for (const { word, rest } of lines) {
    const began = machineTime();
    if (word === 'COPY') {
      const names = rest.split(' ').slice(0, -1);
      await put(names[0] === '.' ? all : names, '.', app);
    } else if (word === 'RUN') {
      await run('sh', ['-c', rest], { cwd: app, env: bare(), maxBuffer: 2 ** 24 });
      took(rest.replace(/ --.*/, ''), machineTime() - began);
    } else {
      assert.ok(['FROM', 'WORKDIR'].includes(word), word);
    }
  }
}

/** Starts something in a folder, works while it runs, and ends it as a terminal does. */
async function running(
  [command, ...args]: [string, ...string[]],
  { cwd, env }: { cwd: string; env: Record<string, string> },
  work: (said: () => string) => Promise<void>,
): Promise<void> {
  const child = spawn(command, args, {
    ...{ cwd, env: bare(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (said += data));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  try {
    await work(() => {
      if (child.exitCode !== null) throw new Error(`it ended:\n${said}`);
      return said;
    });
  } finally {
    process.kill(-(child.pid as number), 'SIGINT');
    await gone;
  }
}

/** Puts into `app` what the last stage copies of what the first one built. */
async function copied(lines: Line[], built: string, app: string): Promise<void> {
  for (const { word, rest } of lines) {
    if (word !== 'COPY') continue;
    const [, what, to] = /^--from=build \/app\/(\S+) \.\/(\S*)$/.exec(rest) ?? [];
    assert.ok(what !== undefined && to !== undefined, rest);
    const target = join(app, to || what);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(built, what), target);
  }
}

/** In a mount namespace of its own, where all but `data` is read-only, as somebody without rights. */
const CONFINED = `
  mount --make-rprivate / &&
  mount --bind "$DATA_DIR" "$DATA_DIR" &&
  mount -o remount,bind,ro / &&
  exec setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs -- "$@"
`;

test(
  'the stages of the Dockerfile run in a clean clone; on the way its wall moves, and it starts without development packages; what is copied serves as another user, where nothing but /data can be written',
  () =>
    inFolder(async (folder) => {
      const [first, lines] = (await stages()) as [Line[], Line[]];
      const [built, app] = [join(folder, 'built'), join(folder, 'app')];
      const parts: [what: string, ms: number][] = [];
      const prune = first.findIndex(({ rest }) => rest.startsWith('npm prune'));
      assert.ok(prune > 0);
      await build(first.slice(0, prune), built, (...part) => parts.push(part));
      const began = machineTime();
      await moving(built);
      parts.push(['npm run demo, to a wall that moves', machineTime() - began]);
      const sum = parts.reduce((all, [, ms]) => all + ms, 0);
      const told = parts.map(([what, ms]) => `${what} ${(ms / 1000).toFixed(1)} s`);
      console.log(`  ${told.join(', ')}: from clone to moving wall ${(sum / 1000).toFixed(1)} s`);
      await build(first.slice(prune), built, () => {});
      await starts(built, join(folder, 'clone-data'));

      await copied(lines, built, app);
      const data = join(folder, 'data');
      await mkdir(data, { mode: 0o700 });
      const root = process.getuid?.() === 0;
      if (root) await chown(data, 1000, 1000);
      await chmod(folder, 0o755);
      const port = await freePort();
      const [, ...program] = JSON.parse(only(lines, 'ENTRYPOINT')) as string[];
      const command = [process.execPath, ...program, ...JSON.parse(only(lines, 'CMD'))];
      // Who may not confine it runs it as they are: the copy is still proven to be enough.
      const [file, ...args] = root
        ? ['unshare', '--mount', 'sh', '-c', CONFINED, 'sh', ...command]
        : command;
      const health = /CMD (\[.*\])$/.exec(only(lines, 'HEALTHCHECK'))?.[1] as string;
      const [, ...check] = JSON.parse(health) as string[];
      const passes = () => {
        try {
          execFileSync(process.execPath, check, { env: { PORT: String(port) }, stdio: 'ignore' });
          return true;
        } catch {
          return false;
        }
      };
      assert.not(passes(), 'nobody is there');
      const child = spawn(file as string, args, {
        cwd: app,
        env: { PATH: process.env.PATH, DATA_DIR: data, PORT: String(port), HOST: '127.0.0.1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (d) => (said += d));
      const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
      try {
        const healthy = () => {
          if (child.exitCode !== null) throw new Error(`it ended:\n${said}`);
          return passes();
        };
        await until(healthy, { what: 'the container’s own check to pass', every: 200 });
        assert.ok((await readdir(data)).includes('catalogue.db'));
        child.kill('SIGTERM');
        assert.is(await gone, 0, said);
      } finally {
        child.kill('SIGKILL');
      }
    }),
  { deadline: 240_000 },
);

/** The demo of a clone that was built: a wall of it shows more than one count. */
async function moving(cwd: string): Promise<void> {
  const port = await freePort();
  const env = { PORT: String(port), HOST: '127.0.0.1', PUBLIC_URL: `http://127.0.0.1:${port}` };
  await running(['npm', 'run', 'demo'], { cwd, env }, async (said) => {
    const link = () => /Wall +(\S+)\/wall\S*#(\S+)/.exec(said());
    const [, url = '', token = ''] = (await until(link, {
      ...{ what: 'the demo to greet', deadline: 60_000 },
    })) as RegExpExecArray;
    const wall = openWall(url, token);
    const counts = new Set<number | null>();
    const moves = () => counts.add(wall.count).size > 2;
    await until(moves, { what: 'the wall to move', deadline: 30_000 });
    wall.close();
  });
}

/** As whoever cloned it and left development packages out. */
async function starts(cwd: string, data: string): Promise<void> {
  const port = await freePort();
  const env = { PORT: String(port), HOST: '127.0.0.1', DATA_DIR: data };
  await running(['npm', 'start'], { cwd, env }, async (said) => {
    const up = async () =>
      said() !== null && (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.ok;
    await until(up, { what: 'it to serve', deadline: 30_000 });
  });
}

test('it is nobody’s root, keeps /data, and is told to end by SIGTERM', async () => {
  const lines = await image();
  assert.is(only(lines, 'USER'), 'node');
  assert.is(only(lines, 'VOLUME'), '/data');
  assert.match(only(lines, 'ENV'), /\bDATA_DIR=\/data\b/);
  assert.is(only(lines, 'STOPSIGNAL'), 'SIGTERM');
  assert.match(only(lines, 'FROM'), /^node:\d+-\w+-slim$/);
  const ignored = (await readFile('.dockerignore', 'utf8')).split('\n');
  for (const what of ['.git', 'node_modules', 'dist', 'data']) assert.ok(ignored.includes(what));
});
