import type { Noso } from '../../src/protocol/wire.js';
import type { Drawing } from './curve.js';
import type { Desk } from './desk.js';
import { complete } from './seen.js';

/** What to draw of an open NoSo: what was seen from here. `since`: where that begins, if late. */
export function liveDrawing(desk: Desk, noso: Noso): (Drawing & { since: number | null }) | null {
  const { w, t, store, figure } = desk;
  const seen = store.seen(noso.id);
  const begun = seen?.runs[0]?.points[0]?.at;
  if (!seen || begun === undefined) return null;
  const { live, heardAt } = store.countLink(noso.id);
  const openedAt = noso.openedAt ? Date.parse(noso.openedAt) : seen.openedAt;
  const from = Math.min(openedAt ?? Date.parse(noso.startsAt), begun);
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
    since: complete(seen) ? null : begun,
  };
}

/** What to draw of a closed one: its record, minute by minute. Null until that is here. */
export function recordDrawing(desk: Desk, noso: Noso): (Drawing & { since: null }) | null {
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
    since: null,
  };
}
