import './quiet.js';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { realClock } from '../clock.js';
import { type Config, readConfig } from '../config.js';
import { makeFolder } from '../engine/embedded/dataFolder.js';
import { createLog, type Log } from '../log.js';
import { createServer } from '../server.js';
import { readWords } from '../service/dictionary.js';
import { belongHere } from '../service/secretMark.js';
import { collectOnce, collectWhenCalm } from './collected.js';
import { type Greeting, plainGreeting, terminalGreeting } from './greeting.js';
import { judgeNode } from './nodeSupport.js';
import { plainLine } from './plainLines.js';
import {
  addressCauses,
  addressHere,
  addressNotes,
  addressOf,
  watchAddress,
} from './publicAddress.js';
import { readSecrets } from './secret.js';
import { BAD_CONFIG, StartFault, startFault } from './startFault.js';
import { openStore } from './store.js';
import { terminalQr } from './terminalQr.js';
import { waitForRoom } from './waitForRoom.js';
import { keepYoungSmall } from './young.js';

/** A process that was told to stop is gone this long after, come what may (F2). */
const LAST_CALL = 9500;

function fail(lines: string[], code: number): never {
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(code);
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown';

async function readTls(config: Config): Promise<{ cert: Buffer; key: Buffer } | null> {
  if (!config.tls) return null;
  const faults: string[] = [];
  const read = (name: string, file: string) =>
    readFile(file).catch((error) => {
      faults.push(`${name}: cannot be read (${codeOf(error)})`);
      return Buffer.alloc(0);
    });
  const cert = await read('TLS_CERT', config.tls.cert);
  const key = await read('TLS_KEY', config.tls.key);
  if (faults.length > 0) fail(faults, BAD_CONFIG);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    fail([`TLS_CERT, TLS_KEY: not a certificate and its key (${codeOf(error)})`], BAD_CONFIG);
  }
  return { cert, key };
}

let stopping = false;
/** Whoever has not begun to serve just goes: what is written by then is whole. */
let stop: (signal: string) => Promise<void> = async () => {};

/** From the first moment on: for the first process of a container a signal does nothing by itself. */
async function onSignal(signal: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), LAST_CALL).unref();
  await stop(signal);
  process.exit(0);
}

async function main(): Promise<void> {
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const node = judgeNode(process.versions.node, realClock.now());
  if (node && !node.runs) fail([node.line], BAD_CONFIG);
  const read = readConfig(process.env);
  if ('faults' in read) fail(read.faults, BAD_CONFIG);
  const { config } = read;
  const log = newLog(config);
  const tls = await readTls(config);
  const [secrets, store] = await waitForRoom(config, tls, log, async () => {
    if (!config.redisUrl || !config.secrets) {
      makeFolder(config.dataDir);
    }
    const read = await readSecrets(config.secrets, config.dataDir);
    return [read, await openStore(config, log)] as const;
  });
  const { engine } = store;

  const foreign = new StartFault(
    'NOSO_SECRET: nodes on this Redis have another; a rotation is new,old on one after the other',
  );
  const belongs = () => belongHere(engine, secrets);
  /** Only nodes that share a store can differ; one that does not answer is asked until it does. */
  const assertSecrets = (): Promise<void> =>
    belongs().then(
      (here) => (here ? undefined : Promise.reject(foreign)),
      () =>
        void setTimeout(
          () => assertSecrets().catch(() => fail([foreign.message], BAD_CONFIG)),
          500,
        ),
    );
  if (config.redisUrl) await assertSecrets();

  let publicUrl = addressOf(config);
  const built = fileURLToPath(new URL('../..', import.meta.url));
  const server = createServer({
    config,
    tls,
    secrets,
    publicUrl: () => publicUrl,
    engine,
    clock: realClock,
    log,
    words: await readWords(join(built, 'client', 'words')),
    assets: join(built, 'assets'),
    store: store.is,
    ...(store.control ? { control: store.control } : {}),
  });

  stop = async (signal) => {
    log.info({ event: 'stopping', signal });
    await server.close();
    await store.close();
  };
  process.on('unhandledRejection', (error) => log.error({ event: 'unhandled', error }));

  const port = await server.listen();
  publicUrl = addressOf(config, port);
  const notes = [...(node ? [node.line] : []), ...addressNotes(config, publicUrl)];
  const here = addressHere(config, port);
  greet({ url: publicUrl, here, link: `/organize#${server.link()}`, notes });
  watchAddress(config, port, realClock, (url) => {
    publicUrl = url;
    server.addressIs(addressCauses(config, url));
    server.moved();
  });
  server.addressIs(addressCauses(config, publicUrl));
  await collectOnce();
  if (stopping) return;
  keepYoungSmall();
  collectWhenCalm(realClock, (error) => log.error({ event: 'fault', error }));
  log.info({ event: 'listening', port, engine: config.redisUrl ? 'redis' : 'embedded' });
  server.open();
}

/** Whoever sits at a terminal is told in words, and of trouble alone; a service's log is for programs. */
function newLog({ logLevel }: Config): Log {
  if (!process.stderr.isTTY) return createLog(logLevel, pino.destination(2));
  const write = (line: string) => void process.stderr.write(plainLine(line));
  return createLog(process.env.LOG_LEVEL ? logLevel : 'warn', { write });
}

function greet(greeting: Greeting): void {
  const { isTTY, columns } = process.stdout;
  const text = isTTY
    ? terminalGreeting(greeting, terminalQr(greeting.url + greeting.link), columns)
    : plainGreeting(greeting);
  process.stdout.write(text);
}

main().catch((error: unknown) => {
  if (stopping) return; // told to stop in the middle of its start: not a fault
  const fault = startFault(error, { dataDir: process.env.DATA_DIR?.trim() || './data' });
  if (fault) fail([fault], BAD_CONFIG);
  fail([error instanceof Error ? (error.stack ?? error.message) : String(error)], 1);
});
