// One of the project's programs in a process of its own: what it says, and how it ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './wait.js';

export type Program = {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** Resolves with what matched on standard output; rejects if it ends first. */
  says: (what: RegExp, deadline?: number) => Promise<RegExpExecArray>;
  /** The exit code, once it has ended and everything it said was read; null: by a signal. */
  ended: Promise<number | null>;
  /** SIGKILL, and resolves once it is gone; what it had started may not be. */
  kill: () => Promise<void>;
};

const PROGRAMS = {
  main: 'main',
  cli: 'cli',
  demo: 'demo/demo',
  backup: 'backup',
  restore: 'restore',
};

/** Starts one of `src/programs/`, cold, with nothing in its environment but PATH and `env`. */
export function program(
  name: keyof typeof PROGRAMS,
  env: Record<string, string> = {},
  args: string[] = [],
): Program {
  const file = fileURLToPath(new URL(`../../src/programs/${PROGRAMS[name]}.js`, import.meta.url));
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  // A sign's bytes may come in two parts.
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8');
  child.stdout.on('data', (data) => (stdout += data));
  child.stderr.on('data', (data) => (stderr += data));
  let over = false;
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      over = true;
      resolve(code);
    });
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    says: (what, deadline = 15_000) =>
      until(
        () => {
          const found = what.exec(stdout);
          if (!found && over) throw new Error(`it ended:\n${stdout}${stderr}`);
          return found;
        },
        { what: `${name} to say ${what}`, deadline },
      ),
    ended,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/** Runs one of them to its end: its exit code, and what it said. */
export async function run(
  name: keyof typeof PROGRAMS,
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number | null; said: string }> {
  const ran = program(name, env, args);
  const code = await ran.ended;
  return { code, said: ran.stdout() + ran.stderr() };
}

/** Runs `work` with an empty folder, which is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'noso-test-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
