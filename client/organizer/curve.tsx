import { steps } from './curvePath.js';
import type { Point } from './seen.js';
import { hourIn } from './venueTime.js';

export type Drawing = {
  zone: string;
  /** The ends of the time axis; ms. */
  from: number;
  to: number;
  /** The dotted line, if there is a limit. */
  capacity: number | null;
  peak: number;
  runs: readonly { points: readonly Point[]; until: number }[];
  /** The present, while there is one: where the curve ends, in a square. */
  now: number | null;
  /** Whether that end is live. */
  live: boolean;
  /** The curve in a sentence, for those who do not see it. */
  says: string;
};

const W = 1000;
const H = 100;
/** Closer than this to an end (in % of the width), the hour of now takes the end's place. */
const ROOM = 14;

const thousandth = (n: number) => Math.round(n * 1000) / 1000;

/** A count over time as a flight of steps; exact in width. */
export function Curve({ of: d }: { of: Drawing }) {
  const span = Math.max(1, d.to - d.from);
  const top = Math.max(d.capacity ?? 0, d.peak * (d.capacity === null ? 1.1 : 1), 1);
  const share = (at: number) => Math.min(1, Math.max(0, (at - d.from) / span));
  const x = (at: number) => thousandth(share(at) * W);
  const y = (count: number) => thousandth(H - (Math.min(count, top) / top) * H);
  const last = d.runs[d.runs.length - 1];
  const count = last?.points[last.points.length - 1]?.count;
  const at = d.now === null ? null : share(d.now) * 100;
  const hour = (when: number) => hourIn(d.zone, when);
  return (
    <div class={d.live || d.now === null ? 'curve' : 'curve was'}>
      <div class="plot" role="img" aria-label={d.says}>
        <svg
          viewBox={`0 0 ${W} ${H}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          focusable="false"
        >
          {d.capacity !== null && <line class="limit" x1="0" x2={W} y1="0" y2="0" />}
          <line class="ground" x1="0" x2={W} y1={H} y2={H} />
          <path class="steps" d={d.runs.map((r) => steps(r.points, r.until, x, y)).join('')} />
        </svg>
        {d.now !== null && last && count !== undefined && (
          <span
            class="end"
            aria-hidden="true"
            style={{ left: `${share(last.until) * 100}%`, top: `${y(count)}%` }}
          />
        )}
      </div>
      <p class="axis" aria-hidden="true">
        <span>{at !== null && at < ROOM ? '' : hour(d.from)}</span>
        {d.now !== null && at !== null && (
          <span
            class="present"
            style={{
              left: `${at}%`,
              transform: `translateX(-${at < 4 ? 0 : at > 96 ? 100 : 50}%)`,
            }}
          >
            {hour(d.now)}
          </span>
        )}
        <span>{at !== null && at > 100 - ROOM ? '' : hour(d.to)}</span>
      </p>
    </div>
  );
}
