// Builds everything into dist/, silently: the server and the tests file by file, each page's script
// and style bundled for old screens. Types are `npm run check`'s business, not this script's.
//
//   node client/build.mjs              build
//   node client/build.mjs --if-stale   build only when what was built is of other sources than these
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** NOSO_DIST builds elsewhere, so that a second build does not pull the files from under a first. */
const elsewhere = process.env.NOSO_DIST;
const dist = elsewhere ? resolve(elsewhere) : join(root, 'dist');
const stamp = join(dist, '.built');
/** Phones from Safari 14 and Chrome 80, consoles as well. */
export const BROWSERS = ['chrome80', 'safari14'];
/** Walls from Chromium 68: televisions of 2020 are never updated. */
export const WALLS = ['chrome68'];

const isWall = (file) => /[\\/]client[\\/]wall[\\/]/.test(file);

/**
 * What carries a page's library with it, because an installation has none: the demo's phones their
 * client, the greeting its code.
 */
const CARRYING = [join('demo', 'crowd.ts'), 'terminalQr.ts'].map((f) => join('src', 'programs', f));

/**
 * What carries of an installation's package what the server uses: the source of each file that is
 * loaded stays in memory for as long as a process runs.
 */
const CARRIED = join('src', 'service', 'carried');

/** Rooms of pages that are pure functions. */
const PURE = ['client/wall/model', 'client/wall/layout', 'client/organizer/model'];

/**
 * Pages speak WebSocket alone (contract): the library's other ways of carrying, which it would never
 * choose, stay out of their bundles. `bundles.test` fails should the library move them.
 */
const webSocketAlone = {
  name: 'WebSocket alone',
  setup: ({ onLoad }) =>
    onLoad({ filter: /engine\.io-client\/build\/esm\/transports\/index\.js$/ }, () => ({
      contents: `import { WS } from './websocket.js'; export const transports = { websocket: WS };`,
    })),
};

async function files(folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath ?? e.path, e.name));
}

/** What a build is of. A copy may lack some of it: what is not there has not changed. */
const SOURCES = ['src', 'client', 'test', 'package-lock.json'];

/** A digest of names and contents for each source that is there: times say nothing of a copy. */
async function digests() {
  const all = await Promise.all(SOURCES.map(async (source) => [source, await digestOf(source)]));
  return Object.fromEntries(all.filter(([, digest]) => digest !== null));
}

async function digestOf(source) {
  const names = await files(source).catch((error) => {
    if (error.code === 'ENOTDIR') return [join(root, source)];
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (names === null) return null;
  const sum = createHash('sha256');
  const texts = await Promise.all(names.sort().map((name) => readFile(name)));
  for (const [k, name] of names.entries()) {
    sum.update(`${relative(root, name)}\0${texts[k].length}\0`).update(texts[k]);
  }
  return sum.digest('base64url');
}

async function fresh() {
  try {
    const built = JSON.parse(await readFile(stamp, 'utf8'));
    return Object.entries(await digests()).every(([source, digest]) => built[source] === digest);
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return false;
    throw error;
  }
}

/** `EX_CONFIG` of sysexits.h. */
const BAD_CONFIG = 78;

/** What builds is a development package: where there is none, that is said, and no stack. */
async function bundler() {
  try {
    return (await import('esbuild')).build;
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    console.error(
      'dist/ is not built from these sources, and npm left out what builds it: npm ci && npm run build',
    );
    process.exit(BAD_CONFIG);
  }
}

/** What runs in node: file by file, as it is written. */
const server = {
  outdir: dist,
  outbase: root,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
};

async function build() {
  const esbuild = await bundler();
  const made = await digests();
  // What a page computes without a document is tested without one, so it is built by itself too.
  const sources = (await Promise.all(['src', 'test', ...PURE].map(files))).flat();
  const pages = (await files('client')).filter((f) =>
    /[\\/](page\.(tsx?|css)|[a-z]+\.page\.ts)$/.test(f),
  );
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  if (elsewhere) {
    await symlink(join(root, 'node_modules'), join(dist, 'node_modules'), 'dir');
    await cp(join(root, 'package.json'), join(dist, 'package.json'));
  }
  await Promise.all([
    esbuild({
      ...server,
      entryPoints: sources.filter(
        (f) => f.endsWith('.ts') && !f.includes(CARRIED) && !CARRYING.some((c) => f.endsWith(c)),
      ),
    }),
    esbuild({
      ...server,
      entryPoints: sources.filter((f) => f.includes(CARRIED)),
      bundle: true,
      minify: true,
    }),
    esbuild({
      entryPoints: CARRYING.map((f) => join(root, f)),
      outdir: dist,
      outbase: root,
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'node20',
      plugins: [webSocketAlone],
      logLevel: 'warning',
    }),
    ...[
      { entryPoints: pages.filter(isWall), target: WALLS },
      { entryPoints: pages.filter((file) => !isWall(file)), target: BROWSERS },
    ].map((given) =>
      esbuild({
        ...given,
        outdir: join(dist, 'assets'),
        outbase: join(root, 'client'),
        bundle: true,
        minify: true,
        format: 'iife',
        platform: 'browser',
        jsx: 'automatic',
        jsxImportSource: 'preact',
        // Safari 14.0 is listed as without it for one bug, and esbuild cannot rewrite it.
        supported: { destructuring: true },
        charset: 'utf8',
        plugins: [webSocketAlone],
        loader: { '.mp4': 'dataurl', '.webm': 'dataurl' },
        logLevel: 'warning',
      }),
    ),
    cp(join(root, 'client', 'words'), join(dist, 'client', 'words'), { recursive: true }),
  ]);
  await writeFile(stamp, JSON.stringify(made));
}

if (!(process.argv.includes('--if-stale') && (await fresh()))) await build();
