// What a server's memory holds while a NoSo is open, and after it: everything that can be reached in a
// heap snapshot, texts and numbers.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { apiOf } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { openPhone, openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('what memory holds');

const PEOPLE = 12;
/** Six digits may be something else by chance, now and then. */
const BY_CHANCE = 2;

/** Has a process write all that it can reach into a file, when it is told to. */
const SNAPSHOTS = `data:text/javascript,${encodeURIComponent(`
  import { writeHeapSnapshot } from 'node:v8';
  process.on('SIGUSR2', () => {
    writeHeapSnapshot(process.env.SNAPSHOT, { exposeNumericValues: true });
    process.stderr.write('snapshot written\\n');
  });
`)}`;

const written = (server: TestServer) => server.output().split('snapshot written').length;

/** Every text in a snapshot; numbers are among them, as texts of their own. */
async function textsOf(server: TestServer, file: string): Promise<string[]> {
  const before = written(server);
  server.child().kill('SIGUSR2');
  await until(() => written(server) > before, { what: 'a snapshot', deadline: 30_000 });
  const snapshot = await readFile(file, 'utf8');
  await rm(file);
  return JSON.parse(snapshot.slice(snapshot.indexOf('"strings":') + 10, -1)) as string[];
}

/** Which of these are there, by themselves or within a text that is no program. */
function foundIn(texts: string[], needles: string[]): string[] {
  const short = texts.filter((text) => text.length < 2000);
  const alone = new Set(short);
  const all = short.join('\n');
  return needles.filter(
    (needle) => alone.has(needle) || new RegExp(`(?<!\\d)${needle}(?!\\d)`).test(all),
  );
}

test(
  'L4 A5 after a close no number, pass or token is left in live memory',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'noso-test-'));
    const file = join(folder, 'one.heapsnapshot');
    const server = await startServer({ SNAPSHOT: file }, { nodeArgs: ['--import', SNAPSHOTS] });
    try {
      const api = apiOf(server.url, server.owner);
      const noso = await api.noso({ veil: 0 });
      const { token } = await api.wall(noso.venue.id);
      const wall = openWall(server.url, token);
      const people = await api.people(noso.id, PEOPLE);
      for (const [k, { token, pass }] of people.entries()) {
        if (k % 2 === 0) await openPhone(server.url, { token, pass });
        else assert.is((await api.sit(token, pass)).status, 200);
      }
      await wall.shows(PEOPLE);
      const numbers = people.map(({ number }) => number);
      const during = foundIn(await textsOf(server, file), numbers);
      assert.is(during.length, PEOPLE, 'while it is open they are there');

      await api.own('POST', `/api/nosos/${noso.id}/close`);
      const secrets = people.flatMap(({ token, pass }) => [token, pass]);
      let left: string[] = [];
      const clean = async () => {
        const texts = await textsOf(server, file);
        left = foundIn(texts, numbers);
        const held = secrets.filter((secret) => texts.some((text) => text.includes(secret)));
        return left.length <= BY_CHANCE && held.length === 0;
      };
      await until(clean, { what: 'memory to be clean', deadline: 60_000, every: 2000 }).catch(
        (error: unknown) => {
          throw new Error(`${error}: ${left.length} of ${PEOPLE} numbers are left`);
        },
      );
      wall.close();
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
  { deadline: 120_000 },
);
