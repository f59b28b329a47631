import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { FRAMES } from '../support/shapes.js';
import { suite } from '../support/suite.js';

const test = suite('frames: no field is renamed on one side alone');

/** What is said, by name. */
const EVENTS = {
  PhoneEvents: 'seated closed',
  FromPhone: 'leave',
  WallEvents: 'snapshot count numbers code identify',
  FromWall: 'sync',
  OrganizerEvents: 'nosos count notes',
  DoorEvents: 'count closed',
};

/** In the contract, and not said by this server yet. Only to be shortened. */
const UNSAID = new Set<string>();
/** What no page of ours reads, or says. */
const UNREAD = new Set([
  ...'Seat.noso Seat.since Closed.noso Noso.about Refused.detail PhoneAuth.code'.split(' '),
  ...'FromPhone.leave Done.ok Failure.ok DoorClosed.noso DoorClosed.reason DoorCount.noso'.split(
    ' ',
  ),
]);

const WIRE = 'src/protocol/wire.ts';
type Field = { type: string; name: string };
const fields = (table: Record<string, string>): Field[] =>
  Object.entries(table).flatMap(([type, all]) => all.split(' ').map((name) => ({ type, name })));
const called = ({ type, name }: Field) => `${type}.${name}`;
const renamed = ({ type, name }: Field) => `zz_${type}_${name}`;

/** Where a type's declaration begins and ends. */
function spanOf(wire: string, type: string): [number, number] {
  const begin = wire.search(new RegExp(`^export (type|interface) ${type}\\b`, 'm'));
  assert.ok(begin >= 0, `wire.ts knows no ${type}`);
  const end = wire.slice(begin + 1).search(/^export /m);
  return [begin, end < 0 ? wire.length : begin + 1 + end];
}

/** The fields that a type is declared with; the names of parameters are none. */
function declared(wire: string, type: string): string[] {
  const text = wire.slice(...spanOf(wire, type)).replace(/\/\*.*?\*\//gs, '');
  return [...new Set([...text.matchAll(/[{;]\s*(\w+)\??:/g)].map(([, name]) => name as string))];
}

function rename(wire: string, field: Field): string {
  const [begin, end] = spanOf(wire, field.type);
  const name = new RegExp(`(?<=[{;]\\s*(?:/\\*.*?\\*/\\s*)*)${field.name}(?=\\??: )`, 'gs');
  return (
    wire.slice(0, begin) + wire.slice(begin, end).replace(name, renamed(field)) + wire.slice(end)
  );
}

/**
 * What the compiler also calls those that have a type's fields. Who lacks here is renamed alone, which
 * takes longer.
 */
const ALSO: Record<string, string> = {
  Grounds: 'Refused|Failure',
  TokenAuth: 'WallAuth',
  Snapshot: 'View',
};

/**
 * Whether an error is about that field while others are renamed too: it quotes the new name, or lists
 * it as missing, or quotes the old one beside the type (one that is written out has its new names).
 */
function about(field: Field): (error: string) => boolean {
  const now = renamed(field);
  const types = [field.type, ALSO[field.type]].filter(Boolean).join('|');
  const anew = new RegExp(`['"]${now}['"]|following properties from type .*: [\\w, ]*\\b${now}\\b`);
  const old = new RegExp(`['"]${field.name}['"]`);
  const there = new RegExp(`\\btype '[^']*\\b(${types})\\b|\\b${now}\\b`);
  return (error) => anew.test(error) || (old.test(error) && there.test(error));
}

/**
 * Those of a table that can be renamed on a side with no error. All together first, then those that
 * no error was about, as long as there are errors about more (one hides others): whoever is left says
 * it alone, or not at all. Those of `expected` that are left go together once more: no error at all
 * is none for any of them.
 */
async function unnoticed(
  errorsOf: (some: Field[]) => Promise<string[]>,
  table: Field[],
  expected: Set<string>,
): Promise<Field[]> {
  let left = table;
  for (let named = 1; named > 0 && left.length > 0; ) {
    const errors = await errorsOf(left);
    const still = left.filter((field) => !errors.some(about(field)));
    named = left.length - still.length;
    left = still;
  }
  const silent = left.filter((field) => expected.has(called(field)));
  const allSilent = silent.length > 0 && (await errorsOf(silent)).length === 0;
  const unheard: Field[] = [];
  for (const field of left) {
    const known = allSilent && silent.includes(field);
    if (known || (await errorsOf([field])).length === 0) unheard.push(field);
  }
  return unheard;
}

/** A copy of both sides, whose wire can be changed. */
async function copy() {
  const folder = await mkdtemp(join(tmpdir(), 'noso-test-'));
  for (const part of ['src', 'client', 'package.json', 'tsconfig.json']) {
    await cp(part, join(folder, part), { recursive: true });
  }
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const server = { extends: './tsconfig.json', include: ['src/sockets'] };
  await writeFile(join(folder, 'server.json'), JSON.stringify(server));

  /** What the compiler has against a side, wire.ts itself aside: an entry for each error. */
  const compile = (project: string, side: RegExp): Promise<string[]> =>
    new Promise((done) => {
      // Several threads make it sooner, and take half as much again of all processors.
      const args = ['-p', project, '--pretty', 'false', '--singleThreaded'];
      const env = { ...process.env, GOGC: '400' };
      execFile(
        resolve('node_modules/.bin/tsc'),
        args,
        { cwd: folder, env, maxBuffer: 2 ** 26 },
        (_, out) =>
          done(
            out.split(/\n(?=\S)/).filter((entry) => side.test(entry) && !entry.startsWith(WIRE)),
          ),
      );
    });
  return {
    change: (wire: string) => writeFile(join(folder, WIRE), wire),
    server: () => compile('server.json', /^src\//),
    pages: () => compile('client/tsconfig.json', /^client\//),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

test(
  'a renamed field of any frame, acknowledgement or refusal stops the check, on the server and in the pages',
  async () => {
    const wire = await readFile(WIRE, 'utf8');
    for (const [type, all] of Object.entries({ ...FRAMES, ...EVENTS })) {
      assert.equal(
        declared(wire, type).sort(),
        all.split(' ').sort(),
        `${type}, as in the contract`,
      );
    }
    const both = await copy();
    const sides = { server: UNSAID, pages: UNREAD };
    try {
      for (const side of ['server', 'pages'] as const) {
        const errorsOf = async (some: Field[]) => {
          await both.change(some.reduce(rename, wire));
          return both[side]();
        };
        assert.equal(await errorsOf([]), [], 'unchanged');
        // What is said apart from what it consists of: of a frame that nobody knows the compiler
        // does not ask what it holds.
        const silent = [
          ...(await unnoticed(errorsOf, fields(FRAMES), sides[side])),
          ...(await unnoticed(errorsOf, fields(EVENTS), sides[side])),
        ];
        const names = silent.map(called).sort();
        const expected = [...sides[side]].sort();
        assert.equal(names, expected, `${side}: can be renamed, and nothing notices`);
      }
    } finally {
      await both.remove();
    }
  },
  { deadline: 300_000 },
);
