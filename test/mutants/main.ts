// npm run mutants -- [named | folder …] --seed N --most M --lanes L --only PATTERN
//
// Plants faults one at a time and runs the tests that are to see each: first those that have a name
// (named.ts), or such as any source may have (faults.ts), so many from each folder. What no test sees
// survives; survivors are explained in SURVIVORS.md, and one that is not ends this with 1.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seeded } from '../engine/seeded.js';
import { type Fault, faultsIn, planted } from './faults.js';
import { changesOf, NAMED } from './named.js';
import { type Bed, withBeds } from './planting.js';
import { explained, lookOf } from './survivors.js';
import { testsOf, testsWith } from './tests.js';

/** What is planted, and what came of it; null: it makes no other code, and is no fault. */
type Task = { group: string; judge: (bed: Bed) => Promise<Verdict | null> };
type Verdict = { is: 'killed' | 'explained' | 'survived'; says: string };

const FOLDERS = ['src/domain', 'src/service', 'src/engine/embedded', 'src/engine/redis'];

function namedTasks(only: string): Task[] {
  return NAMED.filter(({ name }) => new RegExp(only).test(name)).map((fault) => ({
    group: 'named',
    async judge(bed) {
      const tests = await testsWith(fault.seenBy, bed.tests);
      const changes = await changesOf(fault).catch((error: Error) => error);
      // Whoever changed its place is to say where it is now.
      if (changes instanceof Error) return { is: 'survived', says: changes.message };
      const seen = await bed.plant(changes, tests);
      if (seen === 'no fault') return { is: 'survived', says: `${fault.name}: changes nothing` };
      return seen.by === null
        ? { is: 'survived', says: fault.name }
        : { is: 'killed', says: `${fault.name}, seen by ${seen.by}` };
    },
  }));
}

async function tasksOf(folder: string, only: string): Promise<Task[]> {
  const names = (await readdir(folder, { recursive: true })).filter((f) => f.endsWith('.ts'));
  const files = names.sort().map((name) => join(folder, name));
  const tasks: Task[] = [];
  for (const file of files.filter((each) => new RegExp(only).test(each))) {
    const sound = await readFile(file, 'utf8');
    for (const fault of faultsIn(sound)) {
      const judge = (bed: Bed) => judgeFault(bed, { fault, file, sound });
      tasks.push({ group: folder, judge });
    }
  }
  return tasks;
}

async function judgeFault(
  bed: Bed,
  { fault, file, sound }: { fault: Fault; file: string; sound: string },
): Promise<Verdict | null> {
  const change = { file, sound, planted: planted(sound, fault) };
  const seen = await bed.plant([change], await testsOf(file, bed.tests));
  if (seen === 'no fault') return null;
  const { place, was, is } = lookOf(fault, change);
  const what = `${place}  ${fault.kind}`;
  if (seen.by !== null) return { is: 'killed', says: `${what}, seen by ${seen.by}` };
  const why = await explained({ place, was, is });
  if (why) return { is: 'explained', says: `${what}: ${why}` };
  return { is: 'survived', says: `${what}\n    ${was}\n    ${is}` };
}

/** Judges in so many lanes until there are as many as asked; returns how many were killed of which. */
async function judgeAll(tasks: Task[], most: number, beds: Bed[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  let under = 0;
  const lane = async (bed: Bed) => {
    while (verdicts.length + under < most) {
      const task = tasks.shift();
      if (!task) return;
      under += 1;
      const verdict = await task.judge(bed).finally(() => (under -= 1));
      if (!verdict) continue;
      verdicts.push(verdict);
      console.log(`${verdict.is.padEnd(9)} ${verdict.says}`);
    }
  };
  await Promise.all(beds.map(lane));
  return verdicts;
}

function report(what: string, verdicts: readonly Verdict[]): void {
  const count = (is: Verdict['is']) => verdicts.filter((each) => each.is === is).length;
  const killed = count('killed');
  const part = Math.round((100 * killed) / Math.max(1, verdicts.length));
  console.log(
    `${what}: ${killed} of ${verdicts.length} killed (${part} %), ` +
      `${count('explained')} explained, ${count('survived')} survived`,
  );
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      most: { type: 'string', default: '40' },
      lanes: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  });
  const { only } = values;
  const [seed, most, lanes] = [values.seed, values.most, values.lanes].map(Number) as [
    number,
    number,
    number,
  ];
  const groups = positionals.length > 0 ? positionals : ['named', ...FOLDERS];
  const all: Verdict[] = [];
  await withBeds(lanes, async (beds) => {
    for (const group of groups) {
      const tasks = group === 'named' ? namedTasks(only) : await tasksOf(group, only);
      const random = seeded(seed);
      const drawn = tasks
        .map((task) => ({ task, lot: group === 'named' ? 0 : random() }))
        .sort((a, b) => a.lot - b.lot)
        .map(({ task }) => task);
      const asked = group === 'named' ? drawn.length : most;
      console.log(`${group}: ${Math.min(asked, drawn.length)} of ${drawn.length}, seed ${seed}`);
      const verdicts = await judgeAll(drawn, asked, beds);
      report(group, verdicts);
      all.push(...verdicts);
    }
  });
  report('in all', all);
  process.exitCode = all.some(({ is }) => is === 'survived') ? 1 : 0;
}

await main();
