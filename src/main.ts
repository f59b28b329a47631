import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { addressOf } from './address.js';
import { realClock } from './clock.js';
import { type Config, readConfig } from './config.js';
import { DataDirError } from './engine/embedded.js';
import { createLog } from './log.js';
import { readSecrets } from './secret.js';
import { createServer } from './server.js';
import { type OpenStore, openStore } from './store.js';
import { newId } from './transport/identity.js';
import { createTokens } from './transport/tokens.js';
import { readWords } from './transport/words.js';

/** `EX_CONFIG` of sysexits.h. */
const BAD_CONFIG = 78;
/** A process that was told to stop is gone this long after, come what may (F2). */
const LAST_CALL = 9500;

const log = createLog(process.env.LOG_LEVEL ?? 'info', pino.destination(2));

function fail(lines: string[], code: number): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(code);
}

async function readTls(config: Config): Promise<{ cert: Buffer; key: Buffer } | null> {
  if (!config.tls) return null;
  const read = async (name: string, file: string) => {
    try {
      return await readFile(file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return fail([`${name}: cannot be read (${code})`], BAD_CONFIG);
    }
  };
  return {
    cert: await read('TLS_CERT', config.tls.cert),
    key: await read('TLS_KEY', config.tls.key),
  };
}

async function openOrFail(config: Config): Promise<OpenStore> {
  try {
    return await openStore(config, log);
  } catch (error) {
    if (error instanceof DataDirError) return fail([error.message], 1);
    throw error;
  }
}

async function main(): Promise<void> {
  const read = readConfig(process.env);
  if ('faults' in read) fail(read.faults, BAD_CONFIG);
  const { config } = read;
  const tls = await readTls(config);
  const secrets = await readSecrets(config.secrets, config.dataDir);
  const store = await openOrFail(config);
  const { engine } = store;

  let publicUrl = addressOf(config);
  const client = fileURLToPath(new URL('../client', import.meta.url));
  const server = createServer({
    config,
    tls,
    secrets,
    publicUrl: () => publicUrl,
    engine,
    clock: realClock,
    log,
    words: await readWords(`${client}/words`),
    assets: client,
    store: store.is,
    ...(store.control ? { control: store.control } : {}),
  });

  let stopping = false;
  const stop = async (signal: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ event: 'stopping', signal });
    setTimeout(() => process.exit(1), LAST_CALL).unref();
    await server.close();
    await store.close();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('unhandledRejection', (error) => log.error({ event: 'unhandled', error }));

  const port = await server.listen();
  publicUrl = addressOf(config, port);
  log.info({ event: 'listening', port, engine: config.redisUrl ? 'redis' : 'embedded' });
  greet(publicUrl, createTokens(secrets, () => engine.now()).link(newId()));
}

function greet(url: string, link: string): void {
  process.stdout.write(`
  Console      ${url}/organize#${link}
               (signs an owner in; good once, for 15 minutes)
  Wall         ${url}/wall
  What is on   ${url}/

`);
}

main().catch((error: NodeJS.ErrnoException) => {
  if (error.code === 'EADDRINUSE') fail(['PORT: another program listens there'], 1);
  log.error({ event: 'start', error });
  fail([String(error)], 1);
});
