// The proxies of deploy/, each with the real program.
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../support/ports.js';
import { until } from '../support/wait.js';

export type Balancer = {
  url: string;
  /** Everything that it logged so far. */
  log: () => Promise<string>;
  stop: () => Promise<void>;
};

export type Kind = keyof typeof KINDS;

/**
 * How each is started: its file under deploy/, what of it is another here than where it is used
 * (where it listens, where it logs), what of it keeps /metrics from the outside, and the command.
 * `folder` is empty, and its own.
 */
const KINDS = {
  haproxy: {
    file: 'haproxy.cfg',
    here: (text: string, address: string) => text.replace('bind :80', `bind ${address}`),
    figures: / *http-request deny .* \/metrics \}\n/,
    command: (file: string) => ['haproxy', '-db', '-f', file],
  },
  nginx: {
    file: 'nginx.conf',
    here: (text: string, address: string, folder: string) =>
      text
        .replace('listen 80', `listen ${address}`)
        .replace('/var/log/nginx/noso.log', join(folder, 'access.log')),
    figures: / *location ~\* \^\/metrics \{[^}]*\}\n/,
    command: (file: string, folder: string) => {
      const global = `daemon off; pid ${join(folder, 'nginx.pid')};`;
      return ['nginx', '-e', 'stderr', '-p', folder, '-c', file, '-g', global];
    },
  },
  caddy: {
    file: 'Caddyfile',
    // Without a port of its own for administration, which two at once would share.
    here: (text: string, address: string) =>
      text.replace('{$SITE:noso.example}', `http://${address}`).replace('{\n', '{\n\tadmin off\n'),
    figures: /\t@figures .*\n\trespond @figures 403\n/,
    command: (file: string) => ['caddy', 'run', '--adapter', 'caddyfile', '--config', file],
  },
};

/** A free port to be put before nodes that have to know it at their start. */
export const reserve = (): Promise<number> => freePort();

/**
 * The proxy on `port` of 127.0.0.1 before nodes on `ports`, as deploy/ has it but for these; with
 * `passesFigures`, without what keeps /metrics from the outside: a file of somebody's own.
 */
export async function startBalancer(
  kind: Kind,
  port: number,
  ports: readonly number[],
  { passesFigures = false } = {},
): Promise<Balancer> {
  const { file: name, here, figures, command } = KINDS[kind];
  const folder = await mkdtemp(join(tmpdir(), 'noso-proxy-'));
  const address = `127.0.0.1:${port}`;
  const text = here(await readFile(join('deploy', name), 'utf8'), address, folder).replace(
    /127\.0\.0\.1:300(\d)/g,
    (_, digit: string) => `127.0.0.1:${ports[Number(digit) - 1]}`,
  );
  if (!text.includes(address)) throw new Error(`${name} does not listen where it is expected to`);
  if (!figures.test(text)) throw new Error(`${name} does not keep figures from the outside`);
  const file = join(folder, name);
  await writeFile(file, passesFigures ? text.replace(figures, '') : text);
  await mkdir(join(folder, 'home'));
  const [program, ...args] = command(file, folder) as [string, ...string[]];
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: join(folder, 'home') },
  });
  let said = '';
  child.stdout.on('data', (data) => (said += data));
  child.stderr.on('data', (data) => (said += data));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://${address}`;
  const ready = async () => {
    if (child.exitCode !== null) throw new Error(`${program} ended:\n${said}`);
    return (await fetch(`${url}/readyz`).catch(() => null))?.ok === true;
  };
  await until(ready, { what: `${program} to find a node` });
  return {
    url,
    log: async () => said + (await readFile(join(folder, 'access.log'), 'utf8').catch(() => '')),
    async stop() {
      // nginx' workers go with it only where it is asked.
      child.kill(kind === 'nginx' ? 'SIGTERM' : 'SIGKILL');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
