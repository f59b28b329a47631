import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, until } from '../support/wait.js';

export type Balancer = {
  url: string;
  /** What it logged so far. */
  log: () => string;
  stop: () => Promise<void>;
};

const BEGIN = '<!-- haproxy: the test reads from here -->';
const END = '<!-- haproxy: to here -->';

/** The configuration that the README gives. */
async function documented(): Promise<string> {
  for (const up of ['../../..', '../../../..']) {
    const readme = fileURLToPath(new URL(`${up}/README.md`, import.meta.url));
    const text = await readFile(readme, 'utf8').catch(() => readFile('README.md', 'utf8'));
    const between = text.slice(text.indexOf(BEGIN) + BEGIN.length, text.indexOf(END));
    const block = /```\n([\s\S]*?)```/.exec(between)?.[1];
    if (block) return block;
  }
  throw new Error('no HAProxy configuration in README.md');
}

/** A free port to be put before nodes that have to know it at their start. */
export const reserve = (): Promise<number> => freePort();

/** HAProxy on `port` of 127.0.0.1 before nodes on `ports`, as documented but for the ports. */
export async function startBalancer(port: number, ports: readonly number[]): Promise<Balancer> {
  const config = (await documented())
    .replace('bind :80', `bind 127.0.0.1:${port}`)
    .replace(
      /127\.0\.0\.1:300(\d)/g,
      (_, digit: string) => `127.0.0.1:${ports[Number(digit) - 1]}`,
    );
  const folder = await mkdtemp(join(tmpdir(), 'noso-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, config);
  const child = spawn('haproxy', ['-db', '-f', file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stdout.on('data', (data) => (log += data));
  child.stderr.on('data', (data) => (log += data));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  const ready = async () => {
    if (child.exitCode !== null) throw new Error(`HAProxy ended:\n${log}`);
    return (await fetch(`${url}/readyz`).catch(() => null))?.ok === true;
  };
  await until(ready, { what: 'HAProxy to find a node' });
  return {
    url,
    log: () => log,
    async stop() {
      child.kill('SIGKILL');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
