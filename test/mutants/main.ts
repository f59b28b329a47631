// npm run mutants -- [folder] --seed N --most M
//
// Plants faults in the sources of a folder (src/domain unless told), one at a time, and runs the tests
// that are to see it. What no test sees survives; survivors are explained in SURVIVORS.md, and one that
// is not ends this with 1.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { transform } from 'esbuild';
import { seeded } from '../engine/seeded.js';
import { runFile } from '../support/outcome.js';
import { type Fault, faultsIn, planted } from './faults.js';
import { explained } from './survivors.js';
import { testsOf } from './tests.js';

/** Of the machine's time: what has not ended by then has gone round in circles, which is seen. */
const LIMIT = 120_000;

type Mutant = Fault & { file: string; source: string };

async function mutantsOf(folder: string): Promise<Mutant[]> {
  const names = (await readdir(folder, { recursive: true }))
    .filter((f) => f.endsWith('.ts'))
    .sort();
  const all = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const source = await readFile(file, 'utf8');
      return faultsIn(source).map((fault) => ({ ...fault, file, source }));
    }),
  );
  return all.flat();
}

/** What it looks like: the place, and the line before and after. */
function lookOf({ file, source, ...fault }: Mutant): { place: string; was: string; is: string } {
  const line = source.slice(0, fault.from).split('\n').length;
  const lineOf = (text: string) => text.split('\n')[line - 1]?.trim() ?? '';
  return { place: `${file}:${line}`, was: lineOf(source), is: lineOf(planted(source, fault)) };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      most: { type: 'string', default: '50' },
    },
  });
  const [folder = 'src/domain'] = positionals;
  const seed = Number(values.seed);
  const random = seeded(seed);
  const all = await mutantsOf(folder);
  const most = Number(values.most);
  const inOrder = all
    .map((mutant) => ({ mutant, lot: random() }))
    .sort((a, b) => a.lot - b.lot)
    .map(({ mutant }) => mutant);
  console.log(`at most ${most} of ${all.length} places in ${folder}, seed ${seed}`);

  // A build of its own, so that nobody else runs a fault.
  const dist = await mkdtemp(join(tmpdir(), 'noso-mutants-'));
  const tally = { killed: 0, explained: 0, survived: 0 };
  const judged = () => tally.killed + tally.explained + tally.survived;
  try {
    const env = { ...process.env, NOSO_DIST: dist };
    execFileSync(process.execPath, ['client/build.mjs'], { env, stdio: 'inherit' });
    for (const mutant of inOrder) {
      if (judged() >= most) break;
      const verdict = await judge(mutant, dist);
      if (!verdict) continue;
      tally[verdict.is] += 1;
      const { place, was, is } = lookOf(mutant);
      console.log(`${verdict.is.padEnd(9)} ${place}  ${mutant.kind}${verdict.by}`);
      if (verdict.is === 'survived') console.log(`    ${was}\n    ${is}`);
    }
  } finally {
    await rm(dist, { recursive: true, force: true });
  }
  console.log(
    `${tally.killed} of ${judged()} killed (${Math.round((100 * tally.killed) / judged())} %), ` +
      `${tally.explained} explained, ${tally.survived} survived`,
  );
  process.exitCode = tally.survived > 0 ? 1 : 0;
}

type Verdict = { is: 'killed' | 'explained' | 'survived'; by: string };

/** Null for what makes no other code: a fault in a type. */
async function judge(mutant: Mutant, dist: string): Promise<Verdict | null> {
  const built = join(dist, mutant.file.replace(/\.ts$/, '.js'));
  const options = { loader: 'ts', format: 'esm', target: 'node20' } as const;
  const sound = await transform(mutant.source, options);
  const code = await transform(planted(mutant.source, mutant), options).then(
    (made) => made.code,
    () => null,
  );
  if (code === null || code === sound.code) return null;
  await writeFile(built, code);
  try {
    for (const test of await testsOf(mutant.file, join(dist, 'test'))) {
      const { failed } = await runFile(test, join(dist, 'test', test), LIMIT);
      if (failed > 0) return { is: 'killed', by: `, seen by ${test}` };
    }
  } finally {
    await writeFile(built, sound.code);
  }
  const why = await explained(lookOf(mutant));
  return why ? { is: 'explained', by: `: ${why}` } : { is: 'survived', by: '' };
}

await main();
