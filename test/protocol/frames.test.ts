import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';

const test = suite('frames: no field is renamed on one side alone');

/** What the contract's frames consist of, written from PROTOCOL.md. */
const FRAMES = {
  Venue: 'id name city country timeZone address language utcOffset',
  Noso: 'id venue title startsAt endsAt state capacity entry show pocket veil opens count openedAt about gather intents series',
  Seat: 'noso number pass since endsAt serverTime returnCode',
  Code: 'code url validUntil',
  Grounds: 'code reason retryAfter',
  Refused: 'detail',
  Failure: 'ok',
  Done: 'ok',
  TokenAuth: 'token',
  PhoneAuth: 'pass back code',
  WallAuth: 'screen',
  ScreenSize: 'version width height zoom',
  ScreenShows: 'shows',
  Closed: 'noso reason',
  Snapshot:
    'venue noso epoch seq count numbersSeq numbers code effectiveAt serverTime version wall page',
  ShownWall: 'name diagonal distance walls',
  Identify: 'until',
  Count: 'epoch seq count serverTime',
  Numbers: 'epoch from seq seated gone',
  Programme: 'nosos serverTime',
  OperatorNotes: 'notes',
  OperatorNote: 'cause url',
  ConsoleCount: 'noso epoch seq count peak strained',
  DoorCount: 'noso epoch seq count capacity here',
  DoorClosed: 'noso reason',
};
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
  ...'Seat.noso Seat.since Closed.noso Noso.about Refused.detail'.split(' '),
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
 * Who is renamed together: one field of a type, no name twice, so that an error tells by its words
 * which of them it is about; and what is said apart from what it consists of, since of a frame that
 * nobody knows the compiler does not ask what it holds.
 */
function rounds(): Field[][] {
  const all: Field[][] = [];
  for (const table of [fields(FRAMES), fields(EVENTS)]) {
    const some: Field[][] = [];
    for (const field of table) {
      const free = some.find(
        (r) => !r.some(({ type, name }) => type === field.type || name === field.name),
      );
      if (free) free.push(field);
      else some.push([field]);
    }
    all.push(...some);
  }
  return all;
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
      const args = ['-p', project, '--pretty', 'false'];
      execFile(
        resolve('node_modules/.bin/tsc'),
        args,
        { cwd: folder, maxBuffer: 2 ** 26 },
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
    const missed = { server: [] as Field[], pages: [] as Field[] };
    const sides = ['server', 'pages'] as const;
    try {
      for (const side of sides) assert.equal(await both[side](), [], 'unchanged');
      for (const round of rounds()) {
        await both.change(round.reduce(rename, wire));
        for (const side of sides) {
          const errors = await both[side]();
          const about = ({ name }: Field) => new RegExp(`['"_.]${name}\\b`);
          const silent = round.filter((f) => !errors.some((error) => about(f).test(error)));
          missed[side].push(...silent);
        }
      }
      // Where the compiler says it in other words, whoever is renamed alone is to blame.
      const expected = { server: UNSAID, pages: UNREAD };
      for (const side of sides) {
        const still: string[] = [];
        for (const field of missed[side]) {
          if (expected[side].has(called(field))) continue;
          await both.change(rename(wire, field));
          if ((await both[side]()).length === 0) still.push(called(field));
        }
        assert.equal(still, [], `${side}: these can be renamed, and nothing notices`);
        // In a round another's error may have been taken for theirs: alone they say it themselves.
        const known = new Set(missed[side].map(called));
        const heard: string[] = [];
        for (const field of [...fields(FRAMES), ...fields(EVENTS)]) {
          if (!expected[side].has(called(field)) || known.has(called(field))) continue;
          await both.change(rename(wire, field));
          if ((await both[side]()).length > 0) heard.push(called(field));
        }
        assert.equal(heard, [], `${side}: take it off`);
      }
    } finally {
      await both.remove();
    }
  },
  { deadline: 300_000 },
);
