import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { suite } from './support/suite.js';

const test = suite('the lock file');

type Package = {
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  hasInstallScript?: boolean;
  license?: string;
  dev?: boolean;
};

/** The lock file beside the packages that are installed. */
async function readLock(): Promise<{ text: string; packages: Record<string, Package> }> {
  const [root] = import.meta.resolve('uvu').split('node_modules/');
  const text = await readFile(new URL('package-lock.json', root), 'utf8');
  return { text, packages: JSON.parse(text).packages };
}

test('holds no download addresses', async () => {
  const { text } = await readLock();
  assert.not.match(text, '"resolved"');
  assert.not.match(text, /"(?:version|integrity)": "https?:/);
});

test('no package of production runs anything, or loads anything, when it is installed', async () => {
  const { packages } = await readLock();
  const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  assert.ok(shipped.length > 50);
  assert.equal(
    shipped.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path),
    [],
  );
});

test('the tree of production packages grows by nobody’s mistake: README says how many there are', async () => {
  const { packages } = await readLock();
  const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  const [, said] = /they are (\d+) packages/.exec(await readFile('README.md', 'utf8')) ?? [];
  assert.is(Number(said), shipped.length);
  assert.ok(shipped.length <= 160, 'what is new should take the place of something');
});

/** A table of every type of file is half a MiB in a process, and is three packages' favourite. */
test('F3 the types of files are known to production once', async () => {
  const { packages } = await readLock();
  const tables = Object.entries(packages).filter(
    ([path, { dev }]) => !dev && /\/mime-db$/.test(path),
  );
  assert.equal(
    tables.map(([path]) => path),
    ['node_modules/mime-db'],
  );
});

/** What NoSo is built on was decided with whoever wanted it, and is nobody's to replace. */
const GIVEN = {
  'src/sockets/sockets.ts': 'socket.io',
  'src/http/http.ts': 'express',
  'src/sockets/control.ts': '@socket.io/redis-adapter',
  'src/engine/redis/connect.ts': 'ioredis',
  'src/service/tokens.ts': 'jsonwebtoken',
  'test/support/suite.ts': 'uvu',
  'test/support/sockets.ts': 'socket.io-client',
};

test('it stands on the libraries that were given', async () => {
  for (const [file, name] of Object.entries(GIVEN)) {
    assert.match(await readFile(file, 'utf8'), `from '${name}'`, file);
  }
});

test('to build it one package wants a script at its installation, and does without', async () => {
  const { packages } = await readLock();
  const wants = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
  // It looks whether its binary, a package of its own, is there.
  assert.equal(
    wants.map(([path]) => path),
    ['node_modules/esbuild'],
  );
  const binaries = Object.keys(packages['node_modules/esbuild']?.optionalDependencies ?? {});
  assert.ok(binaries.includes('@esbuild/linux-x64') && binaries.length > 10);
});

test('every licence is in the page that lists them', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['deploy/licences.mjs']);
  const page = await readFile('docs/licences.md', 'utf8');
  assert.is(page, stdout, 'npm run --silent licences > docs/licences.md');
  const { packages } = await readLock();
  const shipped = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  for (const [path] of shipped) {
    assert.ok(page.includes(`\n- ${path.split('node_modules/').at(-1)}\n`), path);
  }
});

/** Licences that oblige to nothing but naming. */
const FREE = /^\(?(MIT|ISC|BSD-[23]-Clause|0BSD|Apache-2\.0|MPL-2\.0|BlueOak-1\.0\.0)\b/;

test('every package of production has a licence that lets it be passed on', async () => {
  const { packages } = await readLock();
  const odd = Object.entries(packages)
    .filter(([path, { dev, license }]) => path !== '' && !dev && !FREE.test(license ?? ''))
    .map(([path, { license }]) => `${path}: ${license}`);
  assert.equal(odd, []);
});

/**
 * `npm ci` refuses a lock file that lacks any, those of other platforms included; and npm leaves
 * out what the registry at hand does not have.
 */
test('has every dependency of every package, those of other platforms too', async () => {
  const { packages } = await readLock();
  const found = (from: string, name: string): boolean => {
    for (let at = from; ; at = at.slice(0, at.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
      if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
      if (at === '') return false;
    }
  };
  const missing = Object.entries(packages).flatMap(([from, each]) =>
    Object.keys({ ...each.dependencies, ...each.optionalDependencies })
      .filter((name) => !found(from, name))
      .map((name) => `${name} of ${from}`),
  );
  assert.equal(missing, []);
});
