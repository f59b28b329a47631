// Attacks of hours, in minutes: `npm run attack` runs all of them and prints what was got; words
// after it choose. What is printed is what SECURITY.md rests on; slices of it run with the tests.
import { attackWith, FLOODS } from './floods.js';
import type { Way } from './guesser.js';
import { attackCodes, LANES, perHour, type Shown } from './guessing.js';
import { attackEveryCode, attackWithOnePass } from './onePass.js';
import { type Signal, signalWithEveryCode, signalWithOnePass } from './signals.js';

/** An attack prints what came of it, and returns whether that is within its bound. */
type Attack = () => Promise<boolean>;

const quantile = (all: number[], p: number): number =>
  [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * p))] ?? 0;

/** Look-ups of an address that may fail each second, as test/service/guesses.test.ts has it. */
const LOOK_UPS = 10;

/** Guessers of different kinds: in every way, three times as many, and each kind by itself. */
const GUESSERS: Record<string, Partial<Record<Way, number>>> = {
  guessing: LANES,
  'guessing-thrice': Object.fromEntries(Object.entries(LANES).map(([way, k]) => [way, 3 * k])),
  'guessing-pipelined': { 'passes, pipelined': 60 },
  'guessing-loops': { ...LANES, 'passes, pipelined': 0, 'passes, impatient': 0 },
  'guessing-impatient': { 'passes, impatient': 60 },
  'guessing-flood': { 'passes, ever more': 500 },
  'guessing-held': { passes: 5500, sockets: 20 },
};

async function guessing(lanes: Partial<Record<Way, number>>): Promise<boolean> {
  const nosos = Number(process.env.NOSO_OPEN ?? 1000);
  const { answered, seconds, right, elsewhere, busy, odd } = await attackCodes({
    ...{ nosos, seconds: 60, guests: 200, lanes },
  });
  const guesses = [...answered.values()].reduce((sum, each) => sum + each, 0);
  // Who goes unanswered may have been looked up: of those no more than LOOK_UPS a second are.
  const p = perHour(Math.max(guesses / seconds, LOOK_UPS), nosos);
  console.log(`guessing: ${nosos} NoSos open, one address, connections ${JSON.stringify(lanes)}`);
  const by = [...answered].map(([way, count]) => `${way} ${count}`).join(', ');
  console.log(`  answered in ${seconds.toFixed(0)} s: ${by}`);
  console.log(
    `  ${(guesses / seconds).toFixed(1)} answers/s, at most ${LOOK_UPS} look-ups/s: p = ${p.toExponential(1)} an hour`,
  );
  const same = said('right codes of the same address', right);
  const other = said('of another', elsewhere);
  console.log(`  the server used ${(100 * busy).toFixed(0)} % of a processor`);
  if (odd.length > 0) console.log(`  odd answers: ${odd.length}, the first: ${odd[0]}`);
  // Who has ever more connections wait keeps guests of the same address waiting: SECURITY.md says so.
  const endured = same || 'passes, ever more' in lanes;
  return p <= 1e-4 && endured && other && odd.length === 0;
}

/** Prints how right codes fared, and returns whether that is well. */
function said(whose: string, shown: Shown[]): boolean {
  const refused = shown.filter(({ status }) => status !== 201).length;
  const waits = shown.map(({ ms }) => ms);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((p) => quantile(waits, p).toFixed(0));
  console.log(
    `  ${whose}: ${shown.length}, refused ${refused}, p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms`,
  );
  if (refused > 0) console.log(`    ${shown.map(({ status }) => status).join(' ')}`);
  return refused === 0 && quantile(waits, 0.99) <= 2000;
}

/** Connections of a flood, how long it goes on (s), and guests meanwhile from either address. */
const FLOOD = { lanes: 100, seconds: 20, guests: 60 };

async function floods(): Promise<boolean> {
  let held = true;
  for (const [name, flood] of Object.entries(FLOODS)) {
    const { seconds, asked, same, elsewhere } = await attackWith(flood, FLOOD);
    const rate = (asked / seconds).toFixed(0);
    console.log(`flood: ${name}, ${FLOOD.lanes} connections of one address, ${rate} answers/s`);
    held = said('seats taken from the same address', same) && held;
    held = said('from another', elsewhere) && held;
  }
  return held;
}

async function pass(): Promise<boolean> {
  const deeds = Number(process.env.NOSO_DEEDS ?? 1000);
  const got = await attackWithOnePass(deeds, Number(process.env.NOSO_SEED ?? 1));
  const perSecond = got.changes / (got.minutes * 60);
  console.log(
    `one pass: ${got.deeds} tries in ${got.minutes.toFixed(0)} minutes, ${got.granted} granted`,
  );
  console.log(
    `  numbers seated ${got.numbers}, at once ${got.atOnce}, burnt ${Math.max(0, got.burnt)}`,
  );
  console.log(`  changes on walls ${got.changes}: ${perSecond.toFixed(4)} a second`);
  return got.numbers === 1 && got.atOnce === 1 && got.burnt <= 0 && got.changes <= 8;
}

async function codes(): Promise<boolean> {
  const got = await attackEveryCode(8, Number(process.env.NOSO_CAPACITY ?? 30));
  const { bound, opened, seats, capacity, afterVoid, others } = got;
  console.log(`every new code, exchanged as fast as it can be, in a room for ${capacity}`);
  console.log(`  ways in that were opened, each 15 s: ${opened.join(', ')}; the bound is ${bound}`);
  console.log(`  seats ${seats}; after the organizer's one step ${afterVoid}`);
  console.log(`  others were refused so often before they were let in: ${others.join(', ')}`);
  const waits = others.slice(1);
  console.log(`  after the first 15 s: p95 ${quantile(waits, 0.95)} refusals, half a second each`);
  return opened.every((each) => each <= bound) && afterVoid === 0 && quantile(waits, 0.95) <= 2;
}

const bitsOf = ({ bits, seconds, perSecond, sent, read }: Signal) =>
  `${bits} bits in ${seconds} s: ${perSecond.toFixed(3)} bit/s (${read} of ${sent} read rightly)`;

async function signals(): Promise<boolean> {
  const seed = Number(process.env.NOSO_SEED ?? 1);
  const one = await signalWithOnePass(seed);
  console.log(`told at the wall by one pass: ${bitsOf(one)}`);
  for (const most of [1, 15, 127]) {
    const told = await signalWithEveryCode(12, most, seed);
    console.log(`told with every new code, up to ${most} at once: ${bitsOf(told)}`);
  }
  return one.perSecond < 0.1;
}

const ATTACKS: Record<string, Attack> = {
  ...Object.fromEntries(
    Object.entries(GUESSERS).map(([name, lanes]) => [name, () => guessing(lanes)]),
  ),
  ...{ floods, pass, codes, signals },
};

const words = process.argv.slice(2);
/** `guessing` is one of them; any other word chooses all that it is a part of. */
const isMeant = (name: string) => (word: string) =>
  word in ATTACKS ? word === name : name.includes(word);
const chosen = Object.entries(ATTACKS).filter(
  ([name]) => words.length === 0 || words.some(isMeant(name)),
);
let held = true;
for (const [, attack] of chosen) held = (await attack()) && held;
console.log(held ? 'every bound held' : 'a bound did not hold');
process.exitCode = held ? 0 : 1;
