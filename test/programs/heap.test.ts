import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createPasses } from '../../src/service/passes.js';
import { apiOf } from '../support/api.js';
import { SECRET, startServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('what live memory holds');

const PEOPLE = 12;

/** All texts in the memory of a process that writes its snapshots into `folder`, what is garbage aside. */
async function memoryOf(pid: number, folder: string): Promise<string> {
  const before = new Set(await readdir(folder));
  process.kill(pid, 'SIGUSR2');
  let size = 0;
  const file = await until(
    async () => {
      const name = (await readdir(folder)).find((each) => !before.has(each));
      if (!name) return null;
      const path = join(folder, name);
      const now = (await stat(path)).size;
      const tail = now === size && now > 0 ? (await readFile(path, 'latin1')).slice(-3) : '';
      size = now;
      return /\]\s*\}$/.test(tail.trim()) ? path : null;
    },
    { what: 'a snapshot', every: 200, deadline: 30_000 },
  );
  const { strings } = JSON.parse(await readFile(file, 'utf8')) as { strings: string[] };
  await rm(file);
  return strings.join('\n');
}

test(
  'L4 A8 after a close no pass, no digest of one and no token of it is in live memory',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'noso-heap-'));
    const nodeArgs = ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${folder}`];
    const server = await startServer({}, { nodeArgs });
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
        canaries.push(key, token, pass);
        if (k % 3 === 0) await api.leave(token, noso.id);
      }
      const pid = server.child().pid as number;
      const found = (memory: string) => canaries.filter((canary) => memory.includes(canary));
      const during = found(await memoryOf(pid, folder));
      assert.ok(during.length >= PEOPLE, `while it is open ${during.length} are to be seen`);

      await api.own('POST', `/api/nosos/${noso.id}/close`);
      // What a connection was last asked may be there until it is asked again, or ends.
      const isGone = async () => found(await memoryOf(pid, folder)).length === 0;
      await until(isGone, { what: 'all to be forgotten', every: 2000, deadline: 60_000 });
    } finally {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
  { deadline: 120_000 },
);
