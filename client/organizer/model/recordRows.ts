import type { Cell } from './spreadsheet.js';
import type { Past } from './yearSums.js';
import { localIn } from './zoneTime.js';

/** A row a minute, then the closing; and a row for each time that somebody counted by eye. */
export function minutesOf({ noso, record }: Past): Cell[][] {
  const row = (at: string, count: Cell, byEye: Cell): Cell[] => {
    const { date, clock } = localIn(noso.venue, Date.parse(at));
    return [at, `${date} ${clock}`, count, byEye];
  };
  const rows = [
    ...record.series.map(({ at, count }) => row(at, count, '')),
    ...record.headcounts.map(({ at, count }) => row(at, '', count)),
  ];
  // Stable: of one instant, what was counted by seats comes first.
  rows.sort(([a = ''], [b = '']) => (a < b ? -1 : a > b ? 1 : 0));
  return [['time_utc', 'time_local', 'count', 'counted_by_eye'], ...rows];
}
