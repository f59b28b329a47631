import type { Totals } from '../../src/domain/record.js';
import type { SeatChange } from '../../src/engine/engine.js';

const MINUTE = 60_000;

/** The record that a log makes, counted anew: by eye, as it were, and not by the rules that it judges. */
export function recordOf(
  changes: SeatChange[],
  life: { openedAt: number; closedAt: number },
): Totals {
  const { openedAt, closedAt } = life;
  const countAt = (at: number) =>
    changes.reduce((n, change) => (change.at > at ? n : n + (change.seated ? 1 : -1)), 0);
  const counts = changes.map((_, k) =>
    changes.slice(0, k + 1).reduce((n, { seated }) => n + (seated ? 1 : -1), 0),
  );
  const stays = changes.map(({ at, seated }) => (seated ? 1 : -1) * (closedAt - at));
  const minutes = Array.from({ length: Math.ceil((closedAt - openedAt) / MINUTE) }, (_, k) => ({
    at: openedAt + k * MINUTE,
    count: countAt(openedAt + k * MINUTE),
  }));
  return {
    total: new Set(changes.map(({ number }) => number)).size,
    peak: Math.max(0, ...counts),
    personMinutes: Math.round(stays.reduce((sum, ms) => sum + ms, 0) / MINUTE),
    series: [...minutes, { at: closedAt, count: countAt(closedAt) }],
  };
}
