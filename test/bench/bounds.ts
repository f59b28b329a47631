import { type Paired, type Summary, settled } from './summary.js';

/**
 * The figures that must not be lost. Ratios are to good-practice Socket.IO in the same run, so that
 * a slow or busy machine changes nothing.
 */
export type Bound = {
  key: string;
  what: string;
  most: number;
  /** Judged only with so many phones: with fewer, what a process takes anyway is most of it. */
  from?: number;
  figure: (summary: Summary) => number | null;
};

const ratio = (key: string, what: Paired, most: number): Bound => ({
  key,
  what: `${what}, × R`,
  most,
  figure: (summary) => summary.ratio[what],
});

export const BOUNDS: readonly Bound[] = [
  ratio('ours', 'join', 1.0),
  ratio('ours', 'reconnect', 1.2),
  ratio('ours', 'leave', 1.2),
  ratio('ours-http', 'join', 0.6),
  ratio('ours-redis-2', 'join', 1.15),
  { key: 'ours-redis-2', what: 'Redis µs', most: 10, figure: (s) => s.redis?.cpu ?? null },
  { key: 'ours-redis-2', what: 'scripts', most: 1, figure: (s) => s.redis?.scripts ?? null },
  { key: 'ours', what: 'first storm, × warm', most: 1.6, figure: (s) => s.coldToWarm },
  { key: 'ours', what: 'RSS, KiB per phone', most: 12, from: 5000, figure: settled },
  { key: 'ours', what: 'heap, KiB per phone', most: 8, from: 5000, figure: (s) => s.heap },
  { key: 'ours-http', what: 'let go, KiB per seat', most: 0.15, figure: (s) => s.letGo },
  { key: 'ours', what: 'idle, CPU s/min', most: 0.6, figure: (s) => s.idle },
  {
    key: 'ours',
    what: 'count frames a second',
    most: 10,
    figure: (s) => s.walls?.framesPerSecond ?? null,
  },
  { key: 'ours', what: 'bytes per join', most: 12, figure: (s) => s.walls?.bytesPerJoin ?? null },
  {
    key: 'ours',
    what: 'walls right, p99 ms',
    most: 150,
    figure: (s) => s.walls?.delay.p99 ?? null,
  },
];

export type Verdict = { key: string; what: string; most: number; is: number; holds: boolean };

/** Holds the run against the bounds; what was not measured is not judged. */
export function judge(summaries: Summary[]): Verdict[] {
  return BOUNDS.flatMap(({ key, what, most, from = 0, figure }) => {
    const summary = summaries.find((each) => each.key === key);
    const is = summary && summary.n >= from ? figure(summary) : null;
    return is === null ? [] : [{ key, what, most, is, holds: is <= most }];
  });
}
