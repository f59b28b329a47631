import type { Noso } from '../../src/protocol/wire.js';
import type { Desk } from './consoleDesk.js';
import type { Drawing } from './curve.js';
import { missing } from './seen.js';
import { hourIn } from './venueTime.js';

/** When an open NoSo opened. */
export const openedAt = (noso: Noso): number => Date.parse(noso.openedAt ?? noso.startsAt);

/** What to draw of an open NoSo: what was seen from here. */
export function liveDrawing(desk: Desk, noso: Noso): Drawing | null {
  const { w, t, store, figure } = desk;
  const seen = store.seen(noso.id);
  const begun = seen?.runs[0]?.points[0]?.at;
  if (!seen || begun === undefined) return null;
  const { live, heardAt } = store.countLink(noso.id);
  const from = Math.min(openedAt(noso), begun);
  return {
    zone: noso.venue.timeZone,
    from,
    to: Math.max(Date.parse(noso.endsAt), from + 60_000),
    capacity: noso.capacity,
    peak: seen.peak,
    runs: seen.runs,
    now: live ? store.now() : (heardAt ?? store.now()),
    live,
    says: t(w.seen.says, { count: figure(noso.count ?? 0), peak: figure(seen.peak) }),
  };
}

/** What to draw of a closed one: its record, minute by minute. Null until that is here. */
export function recordDrawing(desk: Desk, noso: Noso): Drawing | null {
  const { w, t, store, figure } = desk;
  const record = noso.state === 'closed' ? store.record(noso.id) : undefined;
  if (!record) return null;
  const points = record.series.map(({ at, count }) => ({ at: Date.parse(at), count }));
  const closedAt = Date.parse(record.closedAt);
  return {
    zone: noso.venue.timeZone,
    from: Date.parse(record.openedAt),
    to: closedAt,
    capacity: noso.capacity,
    peak: record.peak,
    runs: [{ points, until: closedAt }],
    now: null,
    live: false,
    says: t(w.records.says, { peak: figure(record.peak), total: figure(record.total) }),
  };
}

/** What the drawing lacks, said under it; nothing if it has everything. */
export function lacking(desk: Desk, noso: Noso): string {
  const { w, t, store } = desk;
  const seen = noso.state === 'open' ? store.seen(noso.id) : undefined;
  const begun = seen?.runs[0]?.points[0]?.at;
  if (!seen || begun === undefined) return '';
  switch (missing(seen, openedAt(noso))) {
    case 'beginning':
      return t(w.seen.since, { hour: hourIn(noso.venue, begun) });
    case 'between':
      return w.seen.gap;
    case null:
      return '';
  }
}
