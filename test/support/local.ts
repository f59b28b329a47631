// The server inside the test's own process, over the embedded engine: its clock, its chance and its
// engine are the test's to hold.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Clock, realClock } from '../../src/clock.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import type { Engine } from '../../src/engine/engine.js';
import { createLog, type LogFields } from '../../src/log.js';
import { createServer, type Running } from '../../src/server.js';
import { readWords } from '../../src/service/dictionary.js';
import { createTokens } from '../../src/service/tokens.js';
import { apiOf, type TestApi } from './api.js';
import { SECRET } from './server.js';

const BUILT = fileURLToPath(new URL('../..', import.meta.url));

export type Local = {
  url: string;
  port: number;
  api: TestApi;
  /** As the server uses it. */
  engine: Engine;
  server: Running;
  /** Lines of its log, faults among them. */
  logged: LogFields[];
  stop: () => Promise<void>;
};

export async function startLocal(
  options: {
    clock?: Clock;
    /** The engine; else the embedded one, on that folder. */
    open?: (dataDir: string) => Promise<Engine>;
    /** Puts something between the server and its engine. */
    wrap?: (engine: Engine) => Engine;
    random?: (n: number) => number;
    /** What links and codes say; its own address unless given. */
    publicUrl?: string | (() => string);
    control?: Parameters<typeof createServer>[0]['control'];
    /** Called over and over while the server closes; a clock that is held has to be moved. */
    closing?: () => Promise<void>;
  } = {},
): Promise<Local> {
  const { clock = realClock, wrap = (engine) => engine, random, closing } = options;
  const dataDir = await mkdtemp(join(tmpdir(), 'noso-test-'));
  const logged: LogFields[] = [];
  const keep = { write: (line: string) => void logged.push(JSON.parse(line)) };
  const real = await (options.open?.(dataDir) ?? openEmbedded({ dataDir, clock }));
  const engine = wrap(real);
  let url = '';
  const server = createServer({
    config: { host: '127.0.0.1', port: 0, trustProxy: null },
    tls: null,
    secrets: [SECRET],
    publicUrl: () =>
      (typeof options.publicUrl === 'function' ? options.publicUrl() : options.publicUrl) ?? url,
    engine,
    clock,
    log: createLog('debug', keep),
    words: await readWords(join(BUILT, 'client', 'words')),
    assets: join(BUILT, 'assets'),
    store: () => 'embedded',
    ...(random ? { random } : {}),
    ...(options.control ? { control: options.control } : {}),
  });
  const port = await server.listen();
  server.open();
  url = `http://127.0.0.1:${port}`;

  async function finish(work: Promise<void>): Promise<void> {
    let done = false;
    const watched = work.finally(() => {
      done = true;
    });
    while (closing && !done) {
      await closing();
      await new Promise(setImmediate);
    }
    await watched;
  }

  return {
    url,
    port,
    api: apiOf(url, createTokens([SECRET], () => real.now()).owner()),
    engine,
    server,
    logged,
    async stop() {
      await finish(server.close());
      await finish(real.close());
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A test body with a server in its own process, which is gone afterwards whatever happened. */
export const locally =
  (
    work: (local: Local) => Promise<void>,
    options: Parameters<typeof startLocal>[0] = {},
  ): (() => Promise<void>) =>
  async () => {
    const local = await startLocal(options);
    try {
      await work(local);
    } finally {
      await local.stop();
    }
  };
