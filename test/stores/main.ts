// The contract's suite and some chaos on other stores that speak Redis' protocol, of Debian's packages:
//
//   npm run stores                        Valkey 8 and Redis 8, of Debian 13
//   npm run stores -- valkey --seconds 60 --suite forky
//
// Nothing is installed: packages are unpacked into a folder, which is gone afterwards. Exit 1 where
// anything failed on any of them; the last line says what was run on what.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { STORES, type StoreName, unpack } from './unpack.js';

/** Stories that every engine is told, alone, behind Sentinels and in a Cluster; what is stored, and put back. */
const SUITES = [
  'redis',
  'redis-sentinel',
  'redis-cluster',
  'redis-model',
  'redis-layouts',
  'redis-replay',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string', default: 'trixie' },
    seconds: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
  },
});

const at = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** Runs one of the tests' programs with that store in the place of the machine's own. */
function run(
  program: string,
  args: string[],
  bin: string,
): Promise<{ code: number; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--enable-source-maps', at(program), ...args], {
      env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (data) => {
      said += data;
      process.stdout.write(data);
    });
    child.once('close', (code) => resolve({ code: code ?? 1, said }));
  });
}

async function tried(store: StoreName): Promise<{ line: string; ok: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'noso-store-'));
  try {
    const bin = await unpack(folder, store, values.suite);
    const version = execFileSync(join(bin, 'redis-server'), ['--version'], { encoding: 'utf8' });
    const name = version.split(' ').slice(0, 3).join(' ');
    console.log(`== ${name}`);
    const suites = SUITES.map((each) => `engine/${each}.test`);
    const tests = await run('support/runner.js', suites, bin);
    const chaos = await run(
      'chaos/main.js',
      ['--seed', values.seed, '--seconds', values.seconds],
      bin,
    );
    const ok = tests.code === 0 && chaos.code === 0;
    const told = tests.said.trim().split('\n').at(-1);
    const kept = chaos.code === 0 ? 'nothing was lost' : 'a promise was broken';
    return { line: `${name}: ${told}; chaos of ${values.seconds} s: ${kept}`, ok };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const asked = positionals.length > 0 ? positionals : Object.keys(STORES);
const known = (name: string): name is StoreName => name in STORES;
if (!asked.every(known)) {
  console.error(`npm run stores -- ${Object.keys(STORES).join(' | ')}`);
  process.exit(64);
}
const all: { line: string; ok: boolean }[] = [];
for (const store of asked.filter(known)) all.push(await tried(store));
console.log(all.map(({ line }) => line).join('\n'));
process.exitCode = all.every(({ ok }) => ok) ? 0 : 1;
