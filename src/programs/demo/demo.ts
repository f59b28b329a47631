// npm run demo     the same server, with one live NoSo and 200 simulated phones
//
//   --phones N     how many (200)
//   --within S     they arrive within so many seconds (40)
//
// The server is `npm start`'s, with the same settings; only its data folder is a temporary one,
// unless DATA_DIR is set, and it serves plain HTTP. The phones live in a process of their own
// and know nothing but the contract. The build puts the client that they speak with into crowd.js.
import './webSocket.js';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { realClock } from '../../clock.js';
import { readConfig } from '../../config.js';
import { newId } from '../../service/identity.js';
import { createTokens } from '../../service/tokens.js';
import { readSecrets } from '../secret.js';
import { type CrowdPlan, gather } from './crowd.js';
import { furnish } from './house.js';

const HERE = fileURLToPath(import.meta.url);
const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
/** How this file is told that it is the phones' process. */
const PHONES = '--as-phones';

class Ended extends Error {
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}

/** Starts the server; resolves with the address that it greets with. */
function startServer(env: NodeJS.ProcessEnv): { server: ChildProcess; greeted: Promise<string> } {
  const server = spawn(process.execPath, ['--enable-source-maps', MAIN], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const greeted = new Promise<string>((resolve, reject) => {
    let said = '';
    server.stdout?.setEncoding('utf8').on('data', (data) => {
      said += data;
      const url = /(\S+)\/wall\s/.exec(said)?.[1];
      if (url) resolve(url);
    });
    server.once('error', reject);
    server.once('exit', (code) => reject(new Ended('', code ?? 1)));
  });
  return { server, greeted };
}

const gone = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise<void>((resolve) => child.once('exit', () => resolve()));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      phones: { type: 'string', default: '200' },
      within: { type: 'string', default: '40' },
    },
  });
  const read = readConfig(process.env);
  if ('faults' in read) throw new Ended(read.faults.join('\n'), 78);
  const { config } = read;
  const temporary = process.env.DATA_DIR ? null : await mkdtemp(join(tmpdir(), 'noso-demo-'));
  const dataDir = temporary ?? config.dataDir;
  const children: ChildProcess[] = [];

  let stopping: Promise<void> | null = null;
  async function stop(): Promise<void> {
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map(gone));
    if (temporary) await rm(temporary, { recursive: true, force: true });
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopping ??= stop().then(() => process.exit(0));
    });
  }

  try {
    const secrets = await readSecrets(config.secrets, dataDir);
    if (stopping) return; // else it would be left behind what stopped before it was there
    const { TLS_CERT: _, TLS_KEY: __, ...env } = process.env;
    const { server, greeted } = startServer({ LOG_LEVEL: 'warn', ...env, DATA_DIR: dataDir });
    children.push(server);
    const publicUrl = await greeted;
    const host = /^(0\.0\.0\.0|::)$/.test(config.host) ? '127.0.0.1' : config.host;
    const url = `http://${host}:${config.port || new URL(publicUrl).port}`;

    const tokens = createTokens(secrets, Date.now);
    const french = /^fr/i.test(process.env.LC_ALL || process.env.LANG || '');
    const house = await furnish(url, tokens.owner(), {
      now: Date.now(),
      language: french ? 'fr' : 'en',
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
    const plan: CrowdPlan = {
      url,
      wall: house.eyes,
      phones: Number(values.phones),
      within: Number(values.within) * 1000,
    };
    const phones = fork(HERE, [PHONES, String(server.pid)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    children.push(phones);
    phones.send(plan);
    greet(publicUrl, plan, house, tokens.link(newId()));
    await gone(server);
    if (!stopping) throw new Ended('The server ended.', server.exitCode ?? 1);
  } catch (error) {
    if (stopping) return; // told to stop in the middle of something: not a fault
    await stop();
    throw error;
  }
}

function greet(
  url: string,
  { phones, within }: CrowdPlan,
  house: { wall: string; join: string },
  link: string,
): void {
  process.stdout.write(`
  One NoSo is open; ${phones} simulated phones arrive within ${within / 1000} seconds.

  Wall         ${house.wall}
  Your phone   ${house.join}
               (this code is good for a minute; after that, ${url}/j and the code on the wall)
  Console      ${url}/organize#${link}
               (signs an owner in; good once, for 15 minutes)

  Ctrl-C ends it all.

`);
}

/**
 * The phones' process: told what to do by the demo. A demo that is killed cannot stop its server:
 * then the phones do, and go too.
 */
function beThePhones(server: number): void {
  const follow = () => {
    try {
      process.kill(server, 'SIGTERM');
    } catch {
      // It went before the demo did.
    }
    process.exit(0);
  };
  process.once('disconnect', follow);
  if (!process.connected) follow(); // it was killed while this file was read
  process.once('message', (plan: CrowdPlan) => {
    gather(plan, realClock, Math.random).then(() =>
      console.log('  It is over. Ctrl-C ends it all.'),
    );
  });
}

if (process.argv[2] === PHONES) beThePhones(Number(process.argv[3]));
else {
  main().catch((error: unknown) => {
    const message = error instanceof Ended ? error.message : String(error);
    if (message) process.stderr.write(`${message}\n`);
    process.exitCode = error instanceof Ended ? error.code : 1;
  });
}
