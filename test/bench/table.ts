import { type Paired, type Summary, settled } from './summary.js';

const NONE = '–';
const of = (value: number | null | undefined, unit = ''): string =>
  value === null || value === undefined ? NONE : `${value}${unit}`;

type Column = { head: string; cell: (s: Summary) => string };

const COLUMNS: Column[] = [
  { head: 'key', cell: (s) => s.key },
  { head: 'N', cell: (s) => String(s.n) },
  { head: 'join µs', cell: (s) => `${s.join.median} (${s.join.min})` },
  { head: '× R', cell: (s) => ratio(s, 'join') },
  { head: 'first storm', cell: (s) => `${s.cold.median} (× ${s.coldToWarm})` },
  {
    head: 'reconnect µs',
    cell: (s) => (s.reconnect ? `${s.reconnect.median} (${s.reconnect.min})` : NONE),
  },
  { head: '× R', cell: (s) => ratio(s, 'reconnect') },
  { head: 'leave µs', cell: (s) => (s.leave ? `${s.leave.median} (${s.leave.min})` : NONE) },
  { head: '× R', cell: (s) => ratio(s, 'leave') },
  { head: 'lowest', cell: (s) => of(s.lowest) },
  { head: 'RSS KiB', cell: (s) => of(settled(s)) },
  { head: 'heap KiB', cell: (s) => of(s.heap) },
  { head: 'whole MiB', cell: (s) => `${s.base}: ${s.whole.cold}, ${s.whole.warm}` },
  { head: 'let go KiB', cell: (s) => of(s.letGo) },
  { head: 'idle s/min', cell: (s) => of(s.idle) },
  { head: 'wall fps', cell: (s) => of(s.walls?.framesPerSecond) },
  { head: 'B/join', cell: (s) => of(s.walls?.bytesPerJoin) },
  {
    head: 'right after ms',
    cell: (s) => (s.walls ? `${s.walls.delay.p50} / ${s.walls.delay.p99}` : NONE),
  },
  {
    head: 'Redis µs, scripts, reads',
    cell: (s) => (s.redis ? `${s.redis.cpu}, ${s.redis.scripts}, ${s.redis.reads}` : NONE),
  },
  { head: 'load', cell: (s) => `${percent(s.load.phones)}, ${percent(s.load.walls)}` },
  { head: 'others', cell: (s) => percent(s.others) },
];

/** The median, and in brackets the quartiles. */
function ratio({ ratio: all, quartiles }: Summary, what: Paired): string {
  const [low, high] = quartiles[what] ?? [];
  return low === undefined ? NONE : `${all[what]} (${low}–${high})`;
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** The table for people: figures to the right, columns as wide as they need. */
export function table(summaries: Summary[]): string {
  const rows = [
    COLUMNS.map((column) => column.head),
    ...summaries.map((summary) => COLUMNS.map((column) => column.cell(summary))),
  ];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) =>
          at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const LEGEND = `join, first storm, reconnect: the servers' CPU time per operation, median of the rounds (minimum);
  join is a process's storms from the third on. × R: the
  median of the ratios to good-practice in the same turn, and their quartiles. leave: all of a storm at
  once. lowest: the lowest count on any wall
  while all reconnected. RSS: per phone once N connected to a fresh process, against that process
  before. heap: live heap per phone, its seat included, in a process of its own. whole: the processes
  before the first phone: with all N, after the first storm and after the last. let go: per seat taken over HTTP. idle: CPU with all connected. wall fps: most count
  frames a wall got within 0.95 s. B/join: bytes a wall was sent, numbers included. right after: from
  the last acknowledgement until a wall is right, median / p99. load: the busiest that the load's two
  processes were. others: what else kept the machine busy, of a core: noise.`;
