import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { runFile } from '../support/outcome.js';

/** A source with a fault in it. */
export type Change = { file: string; sound: string; planted: string };

/** What came of a fault: which test saw it; null: none; or it makes no other code. */
export type Seen = { by: string | null } | 'no fault';

/** A copy of what is built, where faults are planted so that nobody else runs them. */
export type Bed = {
  /** Where its tests are. */
  tests: string;
  /** Plants the changes, runs those tests until one fails, and takes the changes back. */
  plant: (changes: readonly Change[], tests: readonly string[]) => Promise<Seen>;
};

/** Of the machine's time: what has not ended by then has gone round in circles, which is seen. */
const LIMIT = 90_000;
const BUILT = fileURLToPath(new URL('../..', import.meta.url));
const SINGLE = { loader: 'ts', format: 'esm', target: 'node20' } as const;

/** Does `work` with so many beds, which are gone afterwards, as is whatever tests left in `TMPDIR`. */
export async function withBeds<T>(count: number, work: (beds: Bed[]) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'noso-mutants-'));
  const { TMPDIR: before } = process.env;
  try {
    const left = join(folder, 'left');
    await mkdir(left);
    Object.assign(process.env, { TMPDIR: left, NOSO_FIRST_FAILURE: 'yes' });
    const roots = Array.from({ length: count }, (_, k) => join(folder, `${k}`));
    return await work(await Promise.all(roots.map(makeBed)));
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    delete process.env.NOSO_FIRST_FAILURE;
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Planted in sources as well, for tests that read them. */
const SOURCES = ['src', 'client'];

/** Looks like the repository, with a `dist` and sources of its own. */
async function makeBed(root: string): Promise<Bed> {
  const dist = join(root, 'dist');
  await mkdir(root);
  for (const name of await readdir('.')) {
    if (name === 'dist' || name.startsWith('.')) continue;
    if (SOURCES.includes(name)) await cp(name, join(root, name), { recursive: true });
    else await symlink(resolve(name), join(root, name));
  }
  await cp(BUILT, dist, { recursive: true, verbatimSymlinks: true });
  const tests = join(dist, 'test');
  /** Tests that are known to pass where nothing is planted: any other sees nothing. */
  const sound = new Map<string, boolean>();
  const run = async (test: string) =>
    (await runFile(test, join(tests, test), LIMIT, root)).failed === 0;
  const isSound = async (test: string) => {
    const known = sound.get(test) ?? (await run(test));
    sound.set(test, known);
    return known;
  };

  return {
    tests,
    async plant(changes, among) {
      const made = await Promise.all(changes.map((change) => makeFiles(change, root)));
      if (made.every((files) => files.length === 0)) return 'no fault';
      const files = made.flat();
      const put = (which: 'sound' | 'planted') =>
        Promise.all(files.map((file) => writeFile(file.path, file[which])));
      for (const test of among) {
        await put('planted');
        const passed = await run(test).finally(() => put('sound'));
        if (!passed && (await isSound(test))) return { by: test };
      }
      return { by: null };
    },
  };
}

type Built = { path: string; sound: string; planted: string };

/** What a change is in the build; nothing where it makes no other code, or none at all. */
async function makeFiles({ file, sound, planted }: Change, root: string): Promise<Built[]> {
  const dist = join(root, 'dist');
  const codes = await Promise.all(
    [sound, planted].map((source) => transform(source, { ...SINGLE, loader: loaderOf(file) })),
  ).catch(() => null);
  const [was, is] = codes ?? [];
  if (!was || !is || was.code === is.code) return [];
  const single = join(dist, file.replace(/\.tsx?$/, '.js'));
  const source = { path: join(root, file), sound, planted };
  const files = [source, { path: single, sound: was.code, planted: is.code }];
  if (!file.startsWith('client/')) return files;
  // A page of its own, and whatever is tested without one.
  const page = file.split('/')[1] as string;
  const bundles = [await bundle(page, null), await bundle(page, { file, text: planted })];
  const path = join(dist, 'assets', page, 'page.js');
  return [
    { path, sound: bundles[0] as string, planted: bundles[1] as string },
    ...((await isThere(single)) ? files : [source]),
  ];
}

const loaderOf = (file: string) => (file.endsWith('x') ? 'tsx' : 'ts');
const isThere = async (path: string): Promise<boolean> =>
  (await readdir(dirname(path)).catch(() => [] as string[])).some((name) => path.endsWith(name));

/** A page's script, near enough to what is built, with one source in another's place. */
async function bundle(page: string, instead: { file: string; text: string } | null) {
  const folder = join('client', page);
  const entry = (await readdir(folder)).find((name) => /^page\.tsx?$/.test(name));
  if (!entry) throw new Error(`${folder} has no page`);
  const { outputFiles } = await build({
    entryPoints: [join(folder, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: ['chrome80'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    outfile: 'page.js',
    loader: { '.mp4': 'dataurl', '.webm': 'dataurl' },
    plugins: [
      {
        name: 'a fault',
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.tsx?$/ }, ({ path }) =>
            instead && resolve(instead.file) === path
              ? { contents: instead.text, loader: loaderOf(path) }
              : undefined,
          ),
      },
    ],
  });
  return outputFiles.find(({ path }) => path.endsWith('.js'))?.text ?? '';
}
