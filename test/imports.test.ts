import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { transform } from 'esbuild';
import * as assert from 'uvu/assert';
import { suite } from './support/suite.js';

const test = suite('who may import what');

type Import = {
  /** A file from the project's folder on, or the name of a package. */
  what: string;
  /** For its types alone: nothing of it runs. */
  type: boolean;
};
type Source = { file: string; text: string; imports: Import[] };

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'/g;

async function sources(folder: string): Promise<Source[]> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => join(folder, name));
  return Promise.all(files.map(read));
}

async function read(file: string): Promise<Source> {
  const text = await readFile(file, 'utf8');
  const statements = [...text.matchAll(STATEMENT)].map(([, type, what]) => ({
    what: named(file, what as string),
    type: type !== undefined,
  }));
  const dynamic = [...text.matchAll(DYNAMIC)].map(([, what]) => ({
    what: named(file, what as string),
    type: false,
  }));
  return { file, text, imports: [...statements, ...dynamic] };
}

/** Pages are bundled, and may leave the ending out; the server may not. */
function named(file: string, what: string): string {
  if (!what.startsWith('.')) return what;
  const path = relative('.', resolve(dirname(file), what)).replace(/\.js$/, '.ts');
  return /\.(ts|json|css|mjs|mp4|webm)$/.test(path) ? path : `${path}.ts`;
}

/** What each room may import; the first that fits a file counts. Patterns are of whole names. */
const ROOMS: [room: RegExp, may: RegExp[], types?: RegExp[]][] = [
  [/^src\/domain\//, [/^src\/domain\//]],
  [/^src\/protocol\//, [/^src\/protocol\//, /^zod$/], [/^src\/domain\//, /^client\/words\//]],
  [/^src\/engine\/engine\.ts$/, [/^src\/domain\//, /^src\/clock\.ts$/]],
  [
    /^src\/engine\/redis\//,
    [
      /^src\/(domain|engine\/redis)\//,
      /^src\/(clock|engine\/(engine|company))\.ts$/,
      /^ioredis$/,
      /^node:/,
    ],
  ],
  [
    /^src\/engine\/embedded/,
    [
      /^src\/(domain\/|engine\/embedded)/,
      /^src\/(clock|engine\/(engine|company))\.ts$/,
      /^libsql$/,
      /^node:/,
    ],
  ],
  [
    /^src\/transport\/adapter\.ts$/,
    [
      /^src\/(transport|protocol|domain)\//,
      /^src\/(clock|engine\/(engine|company))\.ts$/,
      /^(?!src\/|client\/|libsql).+$/,
    ],
  ],
  [
    /^src\/transport\//,
    [
      /^src\/(transport|protocol|domain)\//,
      /^src\/(clock|engine\/(engine|company))\.ts$/,
      /^(?!src\/|client\/|libsql|ioredis|@socket\.io\/redis-adapter).+$/,
    ],
  ],
  [/^client\//, [/^client\//, /^src\/protocol\//, /^(?!src\/|node:).+$/]],
];

/** Where the pieces are put together: all but the server choose or start an engine. */
const CONCRETE = /^src\/engine\/(embedded|redis\/(?!address\.ts))/;
const CHOOSERS = /^src\/(main|store|warmup|migrate|cli|demo)\.ts$/;

/** Environment, signals, exit: the programs' own business. */
const PROGRAMS = /^src\/(main|quiet|cli|demo|migrate)\.ts$/;

test('each room imports what it may, and nothing else', async () => {
  const all = [...(await sources('src')), ...(await sources('client'))];
  assert.ok(all.length > 50, `only ${all.length} files`);
  const wrong: string[] = [];
  for (const { file, imports } of all) {
    const room = ROOMS.find(([pattern]) => pattern.test(file));
    if (!room) continue;
    const [, may, types = []] = room;
    for (const { what, type } of imports) {
      const allowed = type ? [...may, ...types] : may;
      if (!allowed.some((pattern) => pattern.test(what))) wrong.push(`${file} imports ${what}`);
    }
  }
  assert.equal(wrong, []);
});

test('the rooms that are named are there', async () => {
  const files = [...(await sources('src')), ...(await sources('client'))].map((s) => s.file);
  for (const [room] of ROOMS)
    assert.ok(
      files.some((file) => room.test(file)),
      String(room),
    );
});

test('one engine knows nothing of the other, and the server of neither', async () => {
  const wrong: string[] = [];
  for (const { file, imports } of await sources('src')) {
    if (CHOOSERS.test(file) || /^src\/engine\//.test(file)) continue;
    for (const { what } of imports) if (CONCRETE.test(what)) wrong.push(`${file} imports ${what}`);
  }
  assert.equal(wrong, []);
});

test('only the programs touch the process', async () => {
  const wrong: string[] = [];
  for (const { file, text, imports } of await sources('src')) {
    if (PROGRAMS.test(file)) continue;
    const { code } = await transform(text, { loader: 'ts', legalComments: 'none' });
    const bare = code.replace(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, '""');
    if (/(?<![\w.$])process\s*(\?\.|[.[])|[=(,]\s*process\b/.test(bare))
      wrong.push(`${file} uses process`);
    if (imports.some(({ what }) => /^(node:)?process$/.test(what)))
      wrong.push(`${file} imports it`);
  }
  assert.equal(wrong, []);
});

test('the domain reads no clock and draws no lots', async () => {
  const wrong: string[] = [];
  for (const { file, text } of await sources('src/domain')) {
    const { code } = await transform(text, { loader: 'ts', legalComments: 'none' });
    for (const what of [
      /\bDate\b/,
      /\bMath\.random\b/,
      /\bperformance\b/,
      /\bset(Timeout|Interval)\b/,
    ]) {
      if (what.test(code)) wrong.push(`${file}: ${what}`);
    }
  }
  assert.equal(wrong, []);
});

test('nothing imports itself by a detour, types aside', async () => {
  const graph = new Map<string, string[]>();
  for (const { file, text, imports } of await sources('src')) {
    // An import of types with values beside them is gone from the code if only types were used.
    const { code } = await transform(text, { loader: 'ts' });
    const kept = new Set(
      [...code.matchAll(/from "([^"]+)"/g)].map(([, w]) => named(file, w as string)),
    );
    graph.set(
      file,
      imports.filter((i) => !i.type && kept.has(i.what)).map((i) => i.what),
    );
  }
  const done = new Set<string>();
  const walk = (file: string, path: string[]): void => {
    if (path.includes(file))
      assert.unreachable([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file)) return;
    for (const next of graph.get(file) ?? []) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) walk(file, []);
});
