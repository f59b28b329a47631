// Programs of another release of Debian, unpacked into a folder with the libraries that they were built
// against: nothing is installed, and the machine's own release does not matter.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The packages of Debian that a server is in, and the file that is started. */
export const STORES = {
  valkey: { packages: ['valkey-server', 'valkey-tools'], program: 'usr/bin/valkey-server' },
  redis: { packages: ['redis-server', 'redis-tools'], program: 'usr/bin/redis-server' },
} as const;
export type StoreName = keyof typeof STORES;

const run = (command: string, args: readonly string[], cwd?: string): string =>
  execFileSync(command, args, {
    ...{ encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'inherit'] },
    ...(cwd === undefined ? {} : { cwd }),
  });

/** Where this machine has Debian from. */
export function mirror(): string {
  const lines = run('apt-get', ['indextargets', '--format', '$(LABEL) $(REPO_URI)']).split('\n');
  const [, uri] = lines.find((line) => line.startsWith('Debian '))?.split(' ') ?? [];
  if (!uri) throw new Error('this machine has no packages of Debian: apt-get update');
  return uri;
}

/** A view of apt's on one release, apart from the machine's own; the options that every call takes. */
async function release(folder: string, suite: string): Promise<string[]> {
  const etc = join(folder, 'etc', 'apt');
  const lists = join(folder, 'var', 'lib', 'apt', 'lists', 'partial');
  const archives = join(folder, 'var', 'cache', 'apt', 'archives', 'partial');
  for (const each of [etc, lists, archives]) await mkdir(each, { recursive: true });
  await writeFile(join(folder, 'status'), '');
  const source = [
    ...['Types: deb', `URIs: ${mirror()}`, `Suites: ${suite}`, 'Components: main'],
    'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg',
  ];
  await writeFile(join(etc, 'debian.sources'), `${source.join('\n')}\n`);
  const options = [
    ...[`Dir::Etc::SourceList=${join(etc, 'none')}`, `Dir::Etc::SourceParts=${etc}`],
    ...[
      `Dir::State=${join(folder, 'var', 'lib', 'apt')}`,
      `Dir::State::status=${join(folder, 'status')}`,
    ],
    ...[`Dir::Cache=${join(folder, 'var', 'cache', 'apt')}`, 'APT::Sandbox::User=root'],
  ].flatMap((option) => ['-o', option]);
  run('apt-get', [...options, '-qq', 'update']);
  return options;
}

/** Their packages, and the libraries that these need in turn; nothing of what a service needs besides. */
function closure(options: readonly string[], packages: readonly string[]): string[] {
  const but = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'];
  const args = ['depends', '--recurse', ...but.map((what) => `--no-${what}`), ...packages];
  const all = run('apt-cache', [...options, ...args]).match(/^\w\S*$/gm) ?? [];
  return [...new Set(all)].filter((name) => /^(lib|zlib)/.test(name) || packages.includes(name));
}

/** Puts a folder `bin` there, whose `redis-server` is that store's; resolves with it. */
export async function unpack(folder: string, store: StoreName, suite: string): Promise<string> {
  const { packages, program } = STORES[store];
  const options = await release(folder, suite);
  const [root, bin, debs] = ['root', 'bin', 'debs'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [root, bin, debs]) await mkdir(each);
  run('apt-get', [...options, '-qq', 'download', ...closure(options, packages)], debs);
  for (const deb of await readdir(debs)) run('dpkg', ['-x', join(debs, deb), root]);
  const found = await readdir(join(root, 'usr', 'lib'), { recursive: true });
  const loader = found.find((name) => /(^|\/)ld-linux[\w-]*\.so\.\d$/.test(name));
  const libraries = found.find((name) => /(^|\/)libc\.so\.6$/.test(name));
  if (!loader || !libraries) throw new Error('the release has no C library');
  const at = (name: string) => join(root, 'usr', 'lib', name);
  const path = join(at(libraries), '..');
  const script = `#!/bin/sh
exec '${at(loader)}' --library-path '${path}' --argv0 redis-server '${join(root, program)}' "$@"
`;
  await writeFile(join(bin, 'redis-server'), script, { mode: 0o755 });
  return bin;
}
