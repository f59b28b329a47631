// The programs that the tests start besides Node. Where this may install them it does; else it says
// the one command that does.
import { execFileSync, spawnSync } from 'node:child_process';

const PACKAGES = {
  'redis-server': 'redis-server',
  chromium: 'chromium',
  haproxy: 'haproxy',
  nginx: 'nginx-light',
  caddy: 'caddy',
  'systemd-analyze': 'systemd',
  shellcheck: 'shellcheck',
  zbarimg: 'zbar-tools',
  strace: 'strace',
};
/** Without it chaos leaves clocks alone, and says so: installed along with the rest. */
const OPTIONAL = { faketime: 'faketime' };

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

/** Sees to it that every program is there, or exits with the command to run. */
export async function provide(): Promise<void> {
  const absent = (packages: Record<string, string>) =>
    Object.entries(packages)
      .filter(([program]) => !has(program))
      .map(([, name]) => name);
  const missing = absent(PACKAGES);
  if (missing.length === 0) return;
  missing.push(...absent(OPTIONAL));
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  const mayInstall = process.getuid?.() === 0 && has('apt-get');
  if (!mayInstall) {
    console.error(
      `The tests need ${missing.join(', ')}. This installs what is missing:\n  sudo ${command}`,
    );
    process.exit(1);
  }
  console.log(`installing ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
  // policy-rc.d is left alone: a packaged redis that starts by itself stays on its own port.
  execFileSync('apt-get', command.split(' ').slice(1).concat('-qq'), {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
}
