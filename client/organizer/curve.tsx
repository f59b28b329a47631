import type { Zone } from '../../src/service/words.js';
import { useDesk } from './consoleDesk.js';
import { type Point, steps } from './model/curvePath.js';
import { hourIn } from './model/zoneTime.js';

export type Drawing = {
  zone: Zone;
  /** The ends of the time axis; ms. */
  from: number;
  to: number;
  /** When the silence begins; before it people gather. */
  silence: number;
  /** The dotted line, if there is a limit. */
  capacity: number | null;
  peak: number;
  /** In the order of time. */
  points: readonly Point[];
  /** The present, while there is one: where the curve ends, in a square. */
  now: number | null;
  /** Whether that end is live. */
  live: boolean;
  /** The curve in a sentence, for those who do not see it. */
  says: string;
};

const W = 1000;
const H = 100;
/** Closer together than this (in % of the width), two hours of the axis would touch. */
const ROOM = 14;

const thousandth = (n: number) => Math.round(n * 1000) / 1000;

/** A count over time as a flight of steps, gathering thin and silence firm; exact in width. */
export function Curve({ of: d }: { of: Drawing }) {
  const span = Math.max(1, d.to - d.from);
  const top = Math.max(d.capacity ?? 0, d.peak * (d.capacity === null ? 1.1 : 1), 1);
  const share = (at: number) => Math.min(1, Math.max(0, (at - d.from) / span));
  const x = (at: number) => thousandth(share(at) * W);
  const y = (count: number) => thousandth(H - (Math.min(count, top) / top) * H);
  const end = d.now ?? d.to;
  const last = d.points[d.points.length - 1];
  const begins = Math.min(d.silence, end);
  const path = (from: number, until: number) => steps(d.points, [from, until], x, y);
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
          {d.silence > d.from && d.silence < d.to && (
            <line x1={x(d.silence)} x2={x(d.silence)} y1="0" y2={H} />
          )}
          <path class="steps gathering" d={path(d.from, begins)} />
          <path class="steps" d={path(begins, end)} />
        </svg>
        {d.now !== null && last && (
          <span
            class="end"
            aria-hidden="true"
            style={{ left: `${share(last.at) * 100}%`, top: `${y(last.count)}%` }}
          />
        )}
      </div>
      <Axis of={d} share={(at) => share(at) * 100} />
    </div>
  );
}

/** The hours of the ends, of the present, and of the silence where there is room for it. */
function Axis({ of: d, share }: { of: Drawing; share(at: number): number }) {
  const { w, t } = useDesk();
  const hour = (when: number) => hourIn(d.zone, when);
  const now = d.now === null ? null : share(d.now);
  const silence = share(d.silence);
  const clear = (at: number) => now === null || Math.abs(now - at) >= ROOM;
  const apart = silence >= ROOM && silence <= 100 - 2 * ROOM && clear(silence + ROOM / 2);
  return (
    <p class="axis" aria-hidden="true">
      <span>{clear(0) && hour(d.from)}</span>
      {apart && (
        <span class="begins" style={{ left: `${silence}%` }}>
          {t(w.curve.silence, { hour: hour(d.silence) })}
        </span>
      )}
      {d.now !== null && now !== null && (
        <span
          class="present"
          style={{
            left: `${now}%`,
            transform: `translateX(-${now < 4 ? 0 : now > 96 ? 100 : 50}%)`,
          }}
        >
          {hour(d.now)}
        </span>
      )}
      <span>{clear(100) && hour(d.to)}</span>
    </p>
  );
}
