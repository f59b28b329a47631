import type { Outcome } from './run.js';

/** The table of a run: what was done to it, and what became of the seats. */
export function table(outcome: Outcome): string {
  const { history, faults } = outcome;
  const kinds = new Map<string, number>();
  for (const { kind } of faults) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const seats = history.sittings.filter((sitting) => sitting.said.length > 0);
  const said = seats.reduce((sum, sitting) => sum + sitting.said.length, 0);
  const unavailable = history.asked.filter((each) => each.answer === 'unavailable');
  const prompt = unavailable.filter(
    ({ from, to, node }) =>
      !history.stopped.some((s) => s.node === node && s.from <= to && s.to >= from),
  );
  const answered = history.asked.filter((each) => each.answer === 'yes').map((each) => each.to);
  const shown = history.shown.map((frame) => frame.at);
  const longest = Math.max(0, ...prompt.map(({ from, to }) => to - from));
  const rows: [string, string][] = [
    ['faults injected', `${faults.length}`],
    ...[...kinds].sort().map(([kind, n]): [string, string] => [`  ${kind}`, `${n}`]),
    ...(history.failovers > 0 ? [['failovers', `${history.failovers}`] as [string, string]] : []),
    ['requests', `${history.asked.length}`],
    ['seats acknowledged', `${seats.length} (${said} times)`],
    [
      'clicks at doors',
      `${history.hands.length} (${history.hands.filter((c) => c.result === 'ok').length} done)`,
    ],
    ['stays ended', `${seats.filter((s) => s.left).length}`],
    ['frames on walls', `${history.shown.length}`],
    ['lost', `${outcome.lost.size}`],
    ['lost with their node', `${outcome.lostWithNode.size}`],
    ['phantom', `${outcome.phantom.size}`],
    ['seated again by a failover', `${history.told.length}`],
    ['over capacity', `${outcome.overruns}`],
    ['longest stale wall', ms(outcome.stalest)],
    ['longest ghost', ms(outcome.ghost)],
    ['longest wall without a frame', ms(outcome.silentWall)],
    ['unavailable answers', `${unavailable.length}`],
    ['longest unavailable answer', ms(longest)],
    ['seats again after an outage', ms(healing(outcome, answered))],
    ['walls again after an outage', ms(healing(outcome, shown))],
    ['violations', `${outcome.violations.length}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

const ms = (time: number): string => `${Math.round(time)} ms`;

/** The longest from the end of an outage to the next of `times`, where nothing came between. */
function healing({ history }: Outcome, times: number[]): number {
  const { outages } = history;
  const each = outages.map(({ to }, k) => {
    const next = times.find((at) => at >= to) ?? to;
    const following = outages[k + 1];
    return following && following.from < next ? 0 : next - to;
  });
  return Math.max(0, ...each);
}
