// Faults against three nodes, a Redis, people and walls; the last thing printed is a table.
//
//   npm run chaos -- [--seed N] [--seconds 60] [--faults N] [--sentinel | --cluster] [--only a,b]
//                     [--every MS] [--history file]
//
// --every has faults come so often on average, without leaving room for all to heal in between.
// --history keeps what was asked and shown, as JSON, for a look at what went wrong.
//
// Exit 1 where a promise was broken. The same seed gives the same schedule of faults.
import { randomInt } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { run } from './run.js';
import { BY_NAME, type FaultKind, KINDS } from './schedule.js';
import { table } from './table.js';

/** An entry pass is good for ten minutes, and a run gets by with one. */
const LONGEST = 540;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    seconds: { type: 'string', default: '60' },
    faults: { type: 'string', default: '1000' },
    only: { type: 'string' },
    every: { type: 'string' },
    history: { type: 'string' },
    sentinel: { type: 'boolean', default: false },
    cluster: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const seconds = Number(values.seconds);
const store = values.cluster ? 'cluster' : values.sentinel ? 'sentinel' : 'standalone';
const only = values.only?.split(',') ?? null;
const known = (kind: string): kind is FaultKind =>
  ([...KINDS[store], ...BY_NAME] as string[]).includes(kind);

if (!Number.isInteger(seed) || !(seconds > 0 && seconds <= LONGEST)) {
  console.error(`--seed is a whole number, --seconds is from 1 to ${LONGEST}`);
  process.exit(2);
}
const every = values.every === undefined ? null : Number(values.every);
if (every !== null && !(every >= 50)) {
  console.error('--every is in ms, from 50');
  process.exit(2);
}
if (only && !only.every(known)) {
  console.error(`--only takes ${[...KINDS[store], ...BY_NAME].join(',')}`);
  process.exit(2);
}
console.log(`seed ${seed}, ${store}, ${seconds} s`);
const outcome = await run({
  seed,
  seconds,
  store,
  most: Number(values.faults),
  every,
  only: only?.filter(known) ?? null,
  say: (line) => console.log(line),
});
if (values.history) await writeFile(values.history, JSON.stringify(outcome.history));
for (const kind of outcome.skipped) console.log(`skipped: ${kind} (needs Debian's faketime)`);
for (const violation of outcome.violations.slice(0, 40)) console.log(`  ${violation}`);
console.log(`seed                          ${seed}, ${store}`);
console.log(table(outcome));
process.exit(outcome.violations.length > 0 ? 1 : 0);
