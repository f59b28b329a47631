// What this console saw of a NoSo's count: not its record, which only the close brings. Where the
// line was cut there is a gap, and the curve shows the gap.

export type Point = { at: number; count: number };
export type Seen = {
  /** Stretches without a cut, oldest first; a count holds until the next point. */
  runs: {
    points: Point[] /** Up to when the last count is known to have held. */;
    until: number;
  }[];
  /** Whether the last run goes on. */
  going: boolean;
  peak: number;
  /** Null if the peak was before this console looked. */
  peakAt: number | null;
};

/** Changes closer together than this become one point: nobody can see them apart. */
const GRAIN = 2_000;
/** A cut no longer than this (a page read again) is no gap worth showing. */
const BLINK = 5_000;

export const newSeen = (): Seen => ({
  runs: [],
  going: false,
  peak: 0,
  peakAt: null,
});

/**
 * Notes that the count was `count` at `at` (ms, server's clock), and the record's peak so far, of a
 * NoSo that opened at `openedAt`.
 */
export function note(seen: Seen, at: number, count: number, peak: number, openedAt: number): void {
  const run = seen.runs[seen.runs.length - 1];
  const blink = seen.going || at - (run ? run.until : openedAt) <= BLINK;
  if (Math.max(count, peak) > seen.peak) {
    // Counts come coalesced: a peak a little above those seen belongs to this moment, but one that
    // was there when we first looked, or looked again, has an hour that nobody here knows.
    seen.peakAt = blink ? at : null;
    seen.peak = Math.max(count, peak);
  }
  if (!run || !blink) {
    seen.runs.push({ points: [{ at, count }], until: at });
    seen.going = true;
    return;
  }
  seen.going = true;
  run.until = Math.max(run.until, at);
  const last = run.points[run.points.length - 1];
  const before = run.points[run.points.length - 2];
  if (!last || last.count === count) return;
  // The first of a burst keeps its time, the last its count.
  if (before && at - last.at < GRAIN) last.count = count;
  else run.points.push({ at: Math.max(at, last.at), count });
}

/** The line was cut; what was last heard held until `at`. */
export function cut(seen: Seen, at: number): void {
  const run = seen.runs[seen.runs.length - 1];
  if (run && seen.going) run.until = Math.max(run.until, at);
  seen.going = false;
}

/** What is missing of what went on since `openedAt`: its beginning, something in between, nothing. */
export function missing(seen: Seen, openedAt: number): 'beginning' | 'between' | null {
  const begun = seen.runs[0]?.points[0]?.at;
  if (begun === undefined || begun - openedAt > BLINK) return 'beginning';
  return seen.runs.length > 1 ? 'between' : null;
}

const KEY = 'noso.seen.';

/** Kept for this tab only, so that a reload does not lose the curve. Counts and times, no numbers. */
export function keep(id: string, seen: Seen): void {
  try {
    sessionStorage.setItem(KEY + id, JSON.stringify({ ...seen, going: false }));
  } catch {
    // Full, or not allowed here: then a reload starts the curve anew, and says since when.
  }
}

export function kept(id: string): Seen | null {
  try {
    const text = sessionStorage.getItem(KEY + id);
    return text ? (JSON.parse(text) as Seen) : null;
  } catch {
    return null;
  }
}

export function drop(id: string): void {
  try {
    sessionStorage.removeItem(KEY + id);
  } catch {
    // Not allowed here: then nothing was kept either.
  }
}
