// A real server in a process of its own, on a free port and an empty data folder, stopped by pid.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTokens } from '../../src/service/tokens.js';
import { freePort } from './ports.js';
import { until } from './wait.js';

const MAIN = fileURLToPath(new URL('../../src/programs/main.js', import.meta.url));
export const SECRET = 'a secret that is long enough for the tests to use';

export type TestServer = {
  url: string;
  port: number;
  dataDir: string;
  child: () => ChildProcess;
  /** What it printed so far. */
  output: () => string;
  /** An owner's bearer token. */
  owner: string;
  /** SIGKILL, and resolves once it is gone. */
  kill: () => Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  terminate: () => Promise<number | null>;
  /** Starts it again on the same port and data. */
  restart: (env?: Record<string, string>) => Promise<void>;
  /** Kills it and removes its data. */
  stop: () => Promise<void>;
};

export async function startServer(
  env: Record<string, string> = {},
  options: {
    nodeArgs?: string[];
    dataDir?: string;
    main?: () => string;
    port?: number;
    /** A program that runs it, and becomes it; with arguments. */
    under?: readonly string[];
    /** It is told things over IPC. */
    ipc?: boolean;
  } = {},
): Promise<TestServer> {
  const port = options.port ?? (await freePort());
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'noso-test-')));
  const url = `http://127.0.0.1:${port}`;
  const args = options.nodeArgs ?? ['--enable-source-maps'];
  let child: ChildProcess;
  let output = '';

  async function start(more: Record<string, string> = {}): Promise<void> {
    const node = [process.execPath, ...args, options.main?.() ?? MAIN];
    const [command, ...rest] = [...(options.under ?? []), ...node] as [string, ...string[]];
    child = spawn(command, rest, {
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        HOST: '127.0.0.1',
        PUBLIC_URL: url,
        DATA_DIR: dataDir,
        NOSO_SECRET: SECRET,
        ...env,
        ...more,
      },
      stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc ? (['ipc'] as const) : [])],
    });
    child.stdout?.on('data', (d) => (output += d));
    child.stderr?.on('data', (d) => (output += d));
    let answer = '';
    const isReady = async () => {
      if (child.exitCode !== null) throw new Error('the server ended');
      try {
        const response = await fetch(`${url}/readyz`);
        answer = `${response.status} ${await response.text()}`;
        return response.ok;
      } catch (error) {
        answer = String((error as Error).cause ?? error);
        return false;
      }
    };
    try {
      await until(isReady, { what: 'the server to be ready', deadline: 15_000 });
    } catch (error) {
      // Left behind, it would keep the test file from ending.
      child.kill('SIGKILL');
      throw new Error(`${(error as Error).message}; /readyz: ${answer}; printed:\n${output}`);
    }
  }

  const gone = (): Promise<number | null> =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve(child.exitCode)
      : new Promise((resolve) => child.once('exit', (code) => resolve(code)));

  const server: TestServer = {
    url,
    port,
    dataDir,
    child: () => child,
    output: () => output,
    owner: createTokens([env.NOSO_SECRET ?? SECRET], Date.now).owner(),
    async kill() {
      child.kill('SIGKILL');
      await gone();
    },
    async terminate() {
      child.kill('SIGTERM');
      return gone();
    },
    restart: start,
    async stop() {
      child.kill('SIGKILL');
      await gone();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  await start();
  return server;
}
