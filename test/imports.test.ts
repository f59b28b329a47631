import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { transform } from 'esbuild';
import * as assert from 'uvu/assert';
import { suite } from './support/suite.js';

const test = suite('who may import what');

type Import = {
  /** A file from the project's folder on, or the name of a package. */
  what: string;
  /** For its types alone: nothing of it runs. */
  type: boolean;
  /** When it is asked for, not at a start. */
  late?: boolean;
};
type Source = { file: string; text: string; imports: Import[] };

const STATEMENT = /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm;
const DYNAMIC = /\bimport\(\s*'([^']+)'/g;

async function sources(folder: string): Promise<Source[]> {
  const names = await readdir(folder, { recursive: true });
  const files = names.filter((name) => /\.tsx?$/.test(name)).map((name) => join(folder, name));
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
    late: true,
  }));
  return { file, text, imports: [...statements, ...dynamic] };
}

/** Pages are bundled, and may leave the ending out; the server may not. */
function named(file: string, what: string): string {
  if (!what.startsWith('.')) return what;
  const path = relative('.', resolve(dirname(file), what)).replace(/\.js$/, '.ts');
  return /\.(ts|json|css|mjs|mp4|webm)$/.test(path) ? path : `${path}.ts`;
}

/** A package or a builtin: whatever is not a file of ours. */
const PACKAGE = /^(?!src\/|client\/)/;
const ERRORS = /^src\/domain\/errors\.ts$/;
const ENGINE = /^src\/engine\/(engine|company|deadline)\.ts$/;
/** What both engines know of how things are stored, and nobody else. */
const STORED = /^src\/engine\/(documents|layouts|shapes)\.ts$/;
const CLOCK = /^src\/clock\.ts$/;
const LOG = /^src\/log\.ts$/;
const DOMAIN = /^src\/domain\//;
const PROTOCOL = /^src\/protocol\//;
const SERVICE = /^src\/service\//;
const LIVE = /^src\/live\//;
/** Words are no protocol, and yet both sides say an hour the same way. */
const WORDS = /^src\/service\/words\.ts$/;
/** What server and pages may have from packages: an engine's driver is the engine's alone. */
const HOUSEHOLD =
  /^(?!src\/|client\/|libsql|ioredis|@socket\.io\/redis-adapter|socket\.io$|express$)/;

/** What each room may import; the first that fits a file counts. Patterns are of whole names. */
const ROOMS: [room: RegExp, may: RegExp[], types?: RegExp[]][] = [
  [/^src\/domain\//, [DOMAIN]],
  [/^src\/protocol\//, [PROTOCOL], [DOMAIN, WORDS]],
  [/^src\/engine\/engine\.ts$/, [DOMAIN, CLOCK]],
  [/^src\/engine\/company\.ts$/, [/^node:/]],
  [/^src\/engine\/deadline\.ts$/, [DOMAIN, CLOCK]],
  [STORED, [DOMAIN, ENGINE, STORED]],
  [
    /^src\/engine\/redis\//,
    [/^src\/engine\/redis\//, DOMAIN, CLOCK, ENGINE, STORED, /^ioredis$/, /^node:/],
  ],
  [
    /^src\/engine\/embedded\//,
    [/^src\/engine\/embedded\//, DOMAIN, CLOCK, ENGINE, STORED, /^libsql$/, /^node:/],
  ],
  [
    /^src\/service\//,
    [SERVICE, ENGINE, DOMAIN, PROTOCOL, CLOCK, LOG, HOUSEHOLD],
    [/^client\/words\//],
  ],
  [/^src\/live\//, [LIVE, SERVICE, ENGINE, DOMAIN, PROTOCOL, CLOCK]],
  [/^src\/http\//, [/^src\/http\//, SERVICE, PROTOCOL, ERRORS, HOUSEHOLD, /^express$/]],
  [/^src\/sockets\/control\.ts$/, [/^src\/sockets\//, /^@socket\.io\/redis-adapter$/, /^ioredis$/]],
  [
    /^src\/sockets\//,
    [/^src\/sockets\//, LIVE, SERVICE, PROTOCOL, ERRORS, HOUSEHOLD, /^socket\.io$/],
  ],
  [
    /^src\/server(\.ts$|\/)/,
    [
      /^src\/(server|http|sockets|live|service|protocol)\//,
      /^src\/(config|log)\.ts$/,
      CLOCK,
      ENGINE,
      ERRORS,
      HOUSEHOLD,
    ],
  ],
  [/^src\/programs\//, [/^src\//, PACKAGE]],
  [/^src\/config\.ts$/, [LOG, /^src\/engine\/redis\/redisUrl\.ts$/, /^node:/]],
  [/^src\/(clock|log)\.ts$/, [PACKAGE]],
  [/^client\//, [/^client\//, PROTOCOL, WORDS, /^(?!src\/|node:)/]],
];

/** Where the pieces are put together: programs alone choose or start an engine. */
const CONCRETE = /^src\/engine\/(embedded|redis\/(?!redisUrl\.ts))/;

/** Environment, signals, exit: the programs' own business. */
const PROGRAMS = /^src\/programs\//;

test('each room imports what it may, and nothing else', async () => {
  const all = [...(await sources('src')), ...(await sources('client'))];
  assert.ok(all.length > 50, `only ${all.length} files`);
  const wrong: string[] = [];
  for (const { file, imports } of all) {
    const room = ROOMS.find(([pattern]) => pattern.test(file));
    if (!room) {
      wrong.push(`${file} is in no room`);
      continue;
    }
    const [, may, types = []] = room;
    for (const { what, type } of imports) {
      const allowed = type ? [...may, ...types] : may;
      if (allowed.some((pattern) => pattern.test(what))) continue;
      wrong.push(`${file} imports ${what}`);
    }
  }
  assert.equal(wrong, []);
});

/** The entry of a page's bundle has the same name in each, and means the same in each. */
const ENTRY = /^page\.(ts|tsx)$/;

test('no name of a file stands for two things', async () => {
  const places = new Map<string, string[]>();
  for (const { file } of [...(await sources('src')), ...(await sources('client'))]) {
    const name = basename(file).replace(/x$/, '');
    if (ENTRY.test(name)) continue;
    places.set(name, [...(places.get(name) ?? []), file]);
  }
  assert.equal(
    [...places.values()].filter((files) => files.length > 1),
    [],
  );
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
    if (PROGRAMS.test(file) || /^src\/engine\//.test(file)) continue;
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

test('nothing imports itself by a detour, not even for a type', async () => {
  const graph = new Map<string, string[]>();
  for (const { file, imports } of await sources('src')) {
    graph.set(
      file,
      imports.map(({ what }) => what),
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

/** Carried: the build takes from the package what is used, and the package itself is not loaded. */
const CARRIED = /^src\/service\/carried\//;

/** What a process over its own files holds for nobody, until somebody asks for it. */
const LATE = [
  'zod',
  'ical.js',
  'ioredis',
  '@socket.io/redis-adapter',
  'src/engine/redis/openRedis.ts',
  'src/sockets/control.ts',
  'src/service/openapi.ts',
  'src/service/asyncapi.ts',
  'src/service/contract.ts',
  'src/service/answers.ts',
  'src/service/told.ts',
];

test('F3 a start loads what people who come, leave and look need, and nothing of what few ask for', async () => {
  const all = new Map((await sources('src')).map((source) => [source.file, source]));
  const loaded = new Set<string>();
  const load = (what: string): void => {
    if (loaded.has(what)) return;
    loaded.add(what);
    const { imports = [] } = all.get(what) ?? {};
    if (CARRIED.test(what)) return;
    for (const { what: next, type, late } of imports) if (!type && !late) load(next);
  };
  load('src/programs/main.ts');
  load('src/engine/embedded/writer.ts');
  assert.ok(loaded.has('src/sockets/phone.ts') && loaded.has('express') && loaded.has('libsql'));
  assert.equal(
    LATE.filter((what) => loaded.has(what)),
    [],
  );
  const named = new Set([...all.values()].flatMap(({ imports }) => imports.map((i) => i.what)));
  assert.equal(
    LATE.filter((what) => !named.has(what)),
    [],
    'who imports that?',
  );
});
