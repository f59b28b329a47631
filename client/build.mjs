// Builds everything into dist/, silently: the server and the tests file by file, each page's script
// and style bundled for old screens. Types are `npm run check`'s business, not this script's.
//
//   node client/build.mjs              build
//   node client/build.mjs --if-stale   build only when a source is newer than the last build
import { cp, mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** NOSO_DIST builds elsewhere, so that a second build does not pull the files from under a first. */
const elsewhere = process.env.NOSO_DIST;
const dist = elsewhere ? resolve(elsewhere) : join(root, 'dist');
const stamp = join(dist, '.built');
/** Walls from Chromium 79 (TV sticks are old), phones from Safari 14 and Chrome 80. */
export const BROWSERS = ['chrome79', 'safari14'];

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

async function newest() {
  const all = (await Promise.all(['src', 'client', 'test'].map(files))).flat();
  const times = await Promise.all(
    [...all, join(root, 'package-lock.json')].map(async (f) => (await stat(f)).mtimeMs),
  );
  return Math.max(...times);
}

async function fresh() {
  try {
    return (await stat(stamp)).mtimeMs > (await newest());
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

async function build() {
  const { build: esbuild } = await import('esbuild');
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
      entryPoints: sources.filter((f) => f.endsWith('.ts')),
      outdir: dist,
      outbase: root,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      sourcemap: true,
      logLevel: 'warning',
    }),
    esbuild({
      entryPoints: pages,
      outdir: join(dist, 'assets'),
      outbase: join(root, 'client'),
      bundle: true,
      minify: true,
      format: 'iife',
      platform: 'browser',
      target: BROWSERS,
      jsx: 'automatic',
      jsxImportSource: 'preact',
      // Safari 14.0 is listed as without it for one bug, and esbuild cannot rewrite it.
      supported: { destructuring: true },
      charset: 'utf8',
      plugins: [webSocketAlone],
      loader: { '.mp4': 'dataurl', '.webm': 'dataurl' },
      logLevel: 'warning',
    }),
    cp(join(root, 'client', 'words'), join(dist, 'client', 'words'), { recursive: true }),
  ]);
  await writeFile(stamp, '');
}

if (!(process.argv.includes('--if-stale') && (await fresh()))) await build();
