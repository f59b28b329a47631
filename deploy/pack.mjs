// npm run pack                  noso-<version>.tgz here: what was built, and what it needs to run
//
//   --to FOLDER                 elsewhere
//   --as-built                  of dist/ as it is, whatever the sources are by now
//
// What is packed has no development packages, no scripts and no tests. The versions of what it asks
// for are the tested ones, to the digit; what those ask for in turn is npm's to choose.
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = process.env.NOSO_DIST ? resolve(process.env.NOSO_DIST) : join(root, 'dist');
const { values } = parseArgs({
  options: { to: { type: 'string', default: root }, 'as-built': { type: 'boolean' } },
});

const readJson = async (name) => JSON.parse(await readFile(join(root, name), 'utf8'));

/** What is in it beside package.json: built files first, then what people read. */
const BUILT = ['src', 'assets', join('client', 'words')];
const READ = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE', 'deploy', 'docs'];

async function stage(folder) {
  const { scripts, devDependencies, overrides, ...manifest } = await readJson('package.json');
  const { packages } = await readJson('package-lock.json');
  const dependencies = Object.fromEntries(
    Object.keys(manifest.dependencies).map((name) => [
      name,
      packages[`node_modules/${name}`].version,
    ]),
  );
  const files = ['dist', 'deploy', 'docs', 'CHANGELOG.md', 'SECURITY.md'];
  await writeFile(
    join(folder, 'package.json'),
    `${JSON.stringify({ ...manifest, dependencies, files }, null, 2)}\n`,
  );
  for (const each of BUILT) {
    await cp(join(dist, each), join(folder, 'dist', each), { recursive: true });
  }
  for (const each of READ) await cp(join(root, each), join(folder, each), { recursive: true });
}

if (!values['as-built']) {
  const build = join(root, 'client', 'build.mjs');
  execFileSync(process.execPath, [build, '--if-stale'], { stdio: 'inherit' });
}
const folder = await mkdtemp(join(tmpdir(), 'noso-pack-'));
try {
  await stage(folder);
  const packed = execFileSync(
    'npm',
    ['pack', folder, '--pack-destination', resolve(values.to), '--silent'],
    { encoding: 'utf8' },
  );
  console.log(join(resolve(values.to), packed.trim()));
} finally {
  await rm(folder, { recursive: true, force: true });
}
