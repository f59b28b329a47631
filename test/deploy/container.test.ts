import { execFileSync, spawn } from 'node:child_process';
import { chmod, chown, cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as assert from 'uvu/assert';
import { inFolder } from '../support/program.js';
import { suite } from '../support/suite.js';
import { freePort, until } from '../support/wait.js';

const test = suite('the container, without an engine that runs containers');

type Line = { word: string; rest: string };

/** The instructions of the last stage, in order. */
async function image(): Promise<Line[]> {
  const text = await readFile('Dockerfile', 'utf8');
  const lines = text.split('\n').filter((line) => /^[A-Z]+ /.test(line));
  const parsed = lines.map((line) => {
    const [word = '', ...rest] = line.split(' ');
    return { word, rest: rest.join(' ') };
  });
  return parsed.slice(parsed.findLastIndex(({ word }) => word === 'FROM'));
}

const only = (lines: Line[], word: string): string => {
  const found = lines.filter((line) => line.word === word);
  assert.is(found.length, 1, word);
  return found[0]?.rest as string;
};

/** Puts into `app` what the last stage copies of what the first one built. */
async function copied(lines: Line[], app: string): Promise<void> {
  for (const { word, rest } of lines) {
    if (word !== 'COPY') continue;
    const [, what, to] = /^--from=build \/app\/(\S+) \.\/(\S*)$/.exec(rest) ?? [];
    assert.ok(what !== undefined && to !== undefined, rest);
    const target = join(app, to || what);
    await mkdir(dirname(target), { recursive: true });
    const built = what.startsWith('dist/') && process.env.NOSO_DIST;
    const source = built ? join(built, what.slice('dist/'.length)) : what;
    if (what === 'node_modules') await symlink(join(process.cwd(), what), target);
    else await cp(source, target, { recursive: true });
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
  'what it copies is enough: it serves as another user, where nothing but /data can be written',
  () =>
    inFolder(async (folder) => {
      const lines = await image();
      const app = join(folder, 'app');
      await copied(lines, app);
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
      const child = spawn(file as string, args, {
        cwd: app,
        env: { PATH: process.env.PATH, DATA_DIR: data, PORT: String(port), HOST: '127.0.0.1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (d) => (said += d));
      const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
      try {
        const health = /CMD (\[.*\])$/.exec(only(lines, 'HEALTHCHECK'))?.[1] as string;
        const [, ...check] = JSON.parse(health) as string[];
        const healthy = () => {
          if (child.exitCode !== null) throw new Error(`it ended:\n${said}`);
          try {
            execFileSync(process.execPath, check, { env: { PORT: String(port) }, stdio: 'ignore' });
            return true;
          } catch {
            return false;
          }
        };
        assert.not(healthy());
        await until(healthy, { what: 'the container’s own check to pass', every: 200 });
        assert.ok((await readdir(data)).includes('catalogue.db'));
        child.kill('SIGTERM');
        assert.is(await gone, 0, said);
      } finally {
        child.kill('SIGKILL');
      }
    }),
  { deadline: 60_000 },
);

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
