import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { realClock } from '../src/clock.js';
import { openEmbedded } from '../src/engine/embedded/openEmbedded.js';
import { createLog, type LogFields } from '../src/log.js';
import { createServer } from '../src/server.js';
import { readWords } from '../src/service/dictionary.js';
import { refused } from './engine/contract/cast.js';
import { freePort } from './support/ports.js';
import { SECRET } from './support/server.js';
import { suite } from './support/suite.js';

const BUILT = fileURLToPath(new URL('..', import.meta.url));
const test = suite('a server that starts and is told to stop');

test('F2 F8 a start that is told to stop ends there: it serves nobody, and nothing of it is told', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'noso-test-'));
  const engine = await openEmbedded({ dataDir, clock: realClock });
  const port = await freePort();
  try {
    for (const where of ['reserve', 'changesSince', 'rehearse'] as const) {
      const logged: LogFields[] = [];
      let goOn = () => {};
      const held = new Promise<void>((go) => {
        goOn = go;
      });
      const asked = new Promise<void>((come) => {
        const real = engine[where].bind(engine) as (...all: unknown[]) => Promise<unknown>;
        Object.assign(engine, {
          async [where](...all: unknown[]) {
            come();
            await held;
            return real(...all);
          },
        });
      });
      const server = createServer({
        config: { host: '127.0.0.1', port, trustProxy: null },
        tls: null,
        secrets: [SECRET],
        publicUrl: () => `http://127.0.0.1:${port}`,
        engine,
        clock: realClock,
        log: createLog('info', { write: (line) => void logged.push(JSON.parse(line)) }),
        words: await readWords(join(BUILT, 'client', 'words')),
        assets: join(BUILT, 'assets'),
        store: () => 'embedded',
      });
      const listening = server.listen();
      await asked;
      const closing = server.close();
      goOn();
      // It may be tried whether anybody can sit before that is waited for: on a disk that is slow.
      if (where === 'rehearse')
        await listening.catch((error) => assert.is(error.code, 'unavailable'));
      else await refused(listening, 'unavailable');
      server.open();
      await closing;
      await fetch(`http://127.0.0.1:${port}/healthz`).then(
        () => assert.unreachable(`it serves, stopped at ${where}`),
        () => {},
      );
      assert.equal(logged, [], where);
    }
  } finally {
    await engine.close();
    await rm(dataDir, { recursive: true, force: true });
  }
});
