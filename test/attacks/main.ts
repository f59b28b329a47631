// Attacks of hours, in minutes: `npm run attack` runs all of them and prints what was got; words
// after it choose. What is printed is what SECURITY.md rests on; slices of it run with the tests.
import { attackCodes, LANES, perHour } from './guessing.js';
import { attackEveryCode, attackWithOnePass } from './onePass.js';
import { type Signal, signalWithEveryCode, signalWithOnePass } from './signals.js';

/** An attack prints what came of it, and returns whether that is within its bound. */
type Attack = () => Promise<boolean>;

const quantile = (all: number[], p: number): number =>
  [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * p))] ?? 0;

async function guessing(): Promise<boolean> {
  const nosos = Number(process.env.NOSO_OPEN ?? 1000);
  const { answered, seconds, right, odd } = await attackCodes({
    ...{ nosos, seconds: 60, guests: 200, lanes: LANES },
  });
  const guesses = [...answered.values()].reduce((sum, each) => sum + each, 0);
  const p = perHour(guesses / seconds, nosos);
  const refused = right.filter(({ status }) => status !== 201).length;
  const waits = right.map(({ ms }) => ms);
  console.log(`guessing: ${nosos} NoSos open, one address, ${JSON.stringify(LANES)}`);
  for (const [way, count] of answered) console.log(`  ${way}: ${count}`);
  console.log(`  ${(guesses / seconds).toFixed(1)} guesses/s, p = ${p.toExponential(1)} an hour`);
  console.log(
    `  right codes: ${right.length}, refused ${refused}, p50 ${quantile(waits, 0.5).toFixed(0)} ms, p99 ${quantile(waits, 0.99).toFixed(0)} ms`,
  );
  if (odd.length > 0) console.log(`  odd answers: ${odd.length}, the first: ${odd[0]}`);
  const inTime = quantile(waits, 0.99) <= 2000;
  return p <= 1e-4 && refused === 0 && inTime && odd.length === 0;
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

const said = ({ bits, seconds, perSecond, sent, read }: Signal) =>
  `${bits} bits in ${seconds} s: ${perSecond.toFixed(3)} bit/s (${read} of ${sent} read rightly)`;

async function signals(): Promise<boolean> {
  const seed = Number(process.env.NOSO_SEED ?? 1);
  const one = await signalWithOnePass(seed);
  console.log(`told at the wall by one pass: ${said(one)}`);
  for (const most of [1, 15, 127]) {
    const told = await signalWithEveryCode(12, most, seed);
    console.log(`told with every new code, up to ${most} at once: ${said(told)}`);
  }
  return one.perSecond < 0.1;
}

const ATTACKS: Record<string, Attack> = { guessing, pass, codes, signals };

const words = process.argv.slice(2);
const chosen = Object.entries(ATTACKS).filter(
  ([name]) => words.length === 0 || words.some((word) => name.includes(word)),
);
let held = true;
for (const [, attack] of chosen) held = (await attack()) && held;
console.log(held ? 'every bound held' : 'a bound did not hold');
process.exitCode = held ? 0 : 1;
