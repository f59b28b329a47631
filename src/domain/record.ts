/** A NoSo's running totals, from which its record is made. All times in milliseconds. */
export type Tally = {
  readonly openedAt: number;
  /** When the silence begins, as far as is planned; person-minutes are those of the silence. */
  beganAt: number;
  count: number;
  /** Distinct numbers that were ever seated, and were not taken back. */
  total: number;
  /** How many of them were seated by hand. */
  byHand: number;
  peak: number;
  /** Seated milliseconds of the silence up to `lastAt`. */
  seated: number;
  lastAt: number;
  /** Counts at openedAt + k·60 s, for every k that has passed. */
  minutes: number[];
};

/** What remains of a closed NoSo: exact, and without a number in it (L5). */
export type Totals = {
  peak: number;
  total: number;
  /** How many of them were seated by hand; absent: none. */
  byHand?: number;
  /** Rounded once, at the end. */
  personMinutes: number;
  series: { at: number; count: number }[];
};

const MINUTE = 60_000;

export const newTally = (openedAt: number, beganAt = openedAt): Tally => ({
  openedAt,
  beganAt,
  count: 0,
  total: 0,
  byHand: 0,
  peak: 0,
  seated: 0,
  lastAt: openedAt,
  minutes: [],
});

/** Moves time on to `at`. A minute's sample counts every change dated that instant or before. */
function advance(tally: Tally, at: number): void {
  for (;;) {
    const sample = tally.openedAt + tally.minutes.length * MINUTE;
    if (sample >= at) break;
    tally.minutes.push(tally.count);
  }
  tally.seated += tally.count * Math.max(0, at - Math.max(tally.lastAt, tally.beganAt));
  tally.lastAt = at;
}

/** One seat taken (+1) or given back (-1) at `at`, which never goes back. */
export function tallyChange(
  tally: Tally,
  at: number,
  by: 1 | -1,
  firstTime: boolean,
  byHand = false,
): void {
  advance(tally, at);
  tally.count += by;
  if (firstTime) tally.total += 1;
  if (firstTime && byHand) tally.byHand += 1;
  if (tally.count > tally.peak) tally.peak = tally.count;
}

/**
 * A sitting that is on is taken back at `at`, as if it had never been: it is in no total and in no
 * person-minute. What walls showed, the peak and the series, stays.
 */
export function tallyVoid(
  tally: Tally,
  at: number,
  seat: { since: number; first: boolean; byHand: boolean },
): void {
  advance(tally, at);
  tally.count -= 1;
  if (seat.first) tally.total -= 1;
  if (seat.first && seat.byHand) tally.byHand -= 1;
  tally.seated -= Math.max(0, at - Math.max(seat.since, tally.beganAt));
}

/** The totals if the NoSo closed at `closedAt`; the tally itself is left as it is. */
export function totalsAt(tally: Tally, closedAt: number): Totals {
  const end: Tally = { ...tally, minutes: [...tally.minutes] };
  advance(end, Math.max(closedAt, tally.lastAt));
  const series = end.minutes.map((count, k) => ({ at: tally.openedAt + k * MINUTE, count }));
  series.push({ at: end.lastAt, count: tally.count });
  return {
    peak: tally.peak,
    total: tally.total,
    ...(tally.byHand > 0 ? { byHand: tally.byHand } : {}),
    personMinutes: Math.round(end.seated / MINUTE),
    series,
  };
}

/** A public figure of a past NoSo (A6): null stands for "fewer than 10", else rounded to 10. */
export const publicFigure = (total: number): number | null =>
  total < 10 ? null : Math.round(total / 10) * 10;
