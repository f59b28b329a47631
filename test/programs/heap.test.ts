import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createPasses } from '../../src/service/passes.js';
import { apiOf } from '../support/api.js';
import { SECRET, startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('what live memory holds');

const PEOPLE = 12;

/** Has a process write all that it can reach, texts and what lies in words of 32 bits, when it is told to. */
const DUMPS = `data:text/javascript,${encodeURIComponent(`
  import { writeFileSync } from 'node:fs';
  import { Session } from 'node:inspector/promises';
  import { writeHeapSnapshot } from 'node:v8';
  process.on('SIGUSR2', async () => {
    const session = new Session();
    session.connect();
    const { result } = await session.post('Runtime.evaluate', { expression: 'Uint32Array.prototype' });
    const { objects } = await session.post('Runtime.queryObjects', { prototypeObjectId: result.objectId });
    const asked = await session.post('Runtime.callFunctionOn', {
      objectId: objects.objectId,
      functionDeclaration: 'function () { return this.map((words) => words.join()) }',
      returnByValue: true,
    });
    session.disconnect();
    writeHeapSnapshot(process.env.DUMP);
    writeFileSync(process.env.DUMP + '.words', asked.result.value.join(' '));
    process.stderr.write('all is written\\n');
  });
`)}`;

const written = (server: TestServer) => server.output().split('all is written').length;

/** All texts in a server's memory, and all that lies there in words; what is garbage aside. */
async function memoryOf(server: TestServer, file: string): Promise<string> {
  const before = written(server);
  server.child().kill('SIGUSR2');
  await until(() => written(server) > before, { what: 'a snapshot', deadline: 30_000 });
  const { strings } = JSON.parse(await readFile(file, 'utf8')) as { strings: string[] };
  return [...strings, await readFile(`${file}.words`, 'utf8')].join('\n');
}

/** The first 128 bits of what is spelled in base64url, as words of 32 bits. */
function wordsOf(key: string): string {
  const bytes = Buffer.from(key, 'base64url');
  return [0, 4, 8, 12].map((from) => bytes.readUInt32BE(from)).join();
}

test(
  'L4 A8 after a close no pass, no digest of one and no token of it is in live memory',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'noso-heap-'));
    const file = join(folder, 'one.heapsnapshot');
    const server = await startServer({ DUMP: file }, { nodeArgs: ['--import', DUMPS] });
    try {
      const api = apiOf(server.url, server.owner);
      const passes = createPasses([SECRET], Date.now);
      const noso = await api.noso({ veil: 0 });
      const canaries: string[] = [];
      for (let k = 0; k < PEOPLE; k += 1) {
        const pass = await api.pass(noso.id);
        const { token } = await api.number(pass);
        assert.is((await api.sit(token, pass)).status, 200);
        const key = passes.read(pass)?.key as string;
        canaries.push(key, wordsOf(key), token, pass);
        if (k % 3 === 0) await api.leave(token, noso.id);
      }
      const found = (memory: string) => canaries.filter((canary) => memory.includes(canary));
      const during = found(await memoryOf(server, file));
      assert.ok(during.length >= PEOPLE, `while it is open ${during.length} are to be seen`);

      await api.own('POST', `/api/nosos/${noso.id}/close`);
      // What a connection was last asked may be there until it is asked again, or ends.
      let left: string[] = [];
      const isGone = async () => {
        left = found(await memoryOf(server, file));
        return left.length === 0;
      };
      await until(isGone, { what: 'all to be forgotten', every: 2000, deadline: 60_000 }).catch(
        (error: unknown) => {
          throw new Error(
            `${error}: ${left.length} of ${canaries.length} are left: ${left.join(' ')}`,
          );
        },
      );
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
  { deadline: 120_000 },
);
