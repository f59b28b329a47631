// The benchmark: contestants take turns under the same load, and their servers' CPU time is what
// counts, since wall time on shared cores means little. The last line of output is one JSON object.
import { judge } from './bounds.js';
import { chosen } from './contestants/all.js';
import { runAmong } from './curves/among.js';
import { ON_WALLS, runOnWalls } from './curves/on-walls.js';
import { runCurves } from './curves/run.js';
import { machine } from './machine.js';
import { type Options, readOptions, USAGE } from './options.js';
import { runProfiles } from './profile/run.js';
import { newReport, type Report } from './report.js';
import { runRounds } from './rounds.js';
import { runSimulation } from './simulate/run.js';
import { round } from './summary.js';
import { LEGEND, table } from './table.js';

const say = (line: string) => console.log(line);
/** One line, without digits that are only noise. */
const asLine = (report: object) =>
  JSON.stringify(report, (_, value: unknown) => (typeof value === 'number' ? round(value) : value));

async function compare(options: Options): Promise<Report> {
  const contestants = chosen(options.only, options.quick);
  const before = await machine();
  say(`${before.cpu}, node ${before.node}, load ${before.load}, seed ${options.seed}`);
  const { summaries, faults } = await runRounds(contestants, options, say);
  const after = await machine();
  say(
    `\n${table(summaries)}\n\n${LEGEND}\nload average ${before.load} before, ${after.load} after`,
  );
  for (const fault of faults) say(`\nWRONG: ${fault}`);
  const verdicts = judge(summaries);
  if (options.check) {
    for (const { key, what, most, is, holds } of verdicts) {
      say(`${holds ? 'holds' : 'FELL '}  ${key}: ${what} ${is}, bound ${most}`);
    }
  }
  return newReport({
    options,
    machine: before,
    loadAfter: after.load,
    summaries,
    faults,
    verdicts,
  });
}

async function main(): Promise<void> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
    chosen(options.only);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exitCode = 78;
    return;
  }
  if (options.curves) say(asLine(await runCurves(options.quick, options.charts, say)));
  else if (options.nosos !== null) {
    say(asLine(await runAmong(options.nosos, options, say)));
  } else if (options.frames !== null) {
    const contestants = chosen(options.only.length > 0 ? options.only : ON_WALLS);
    say(asLine(await runOnWalls(contestants, options.frames, options, say)));
  } else if (options.profile !== null) {
    say(asLine(await runProfiles(options.only, options.n, options.profile, say)));
  } else if (options.simulate) say(asLine(await runSimulation(options.quick, say)));
  else {
    const report = await compare(options);
    const fell = options.check && report.verdicts.some((verdict) => !verdict.holds);
    if (fell || report.faults.length > 0) process.exitCode = 1;
    say(asLine(report));
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
await main();
