import type { Noso, NosoRecord } from '../../src/protocol/wire.js';
import type { Desk } from './consoleDesk.js';
import type { Drawing } from './curve.js';

const pointsOf = ({ series }: NosoRecord) =>
  series.map(({ at, count }) => ({ at: Date.parse(at), count }));

/** What to draw of a NoSo: the server's minutes, and what is live of it. Null until they are here. */
export function drawingOf(desk: Desk, noso: Noso): Drawing | null {
  const record = desk.store.record(noso.id);
  if (!record) return null;
  if (noso.state === 'open') return liveDrawing(desk, noso, record);
  return noso.state === 'closed' ? pastDrawing(desk, noso, record) : null;
}

/** To where the count was last heard; the axis goes on to the end. */
function liveDrawing(desk: Desk, noso: Noso, record: NosoRecord): Drawing {
  const { w, t, store, figure } = desk;
  const { live, heardAt } = store.countLink(noso.id);
  const points = pointsOf(record);
  const last = points[points.length - 1];
  const heard = live ? store.now() : (heardAt ?? last?.at ?? store.now());
  const from = Date.parse(record.openedAt);
  const count = noso.count ?? last?.count ?? 0;
  const peak = Math.max(store.peak(noso.id), count);
  return {
    zone: noso.venue,
    from,
    to: Math.max(Date.parse(noso.endsAt), from + 60_000),
    silence: Date.parse(record.beganAt),
    capacity: noso.capacity,
    peak,
    points: [...points.filter(({ at }) => at < heard), { at: heard, count }],
    now: heard,
    live,
    says: t(w.curve.says, { count: figure(count), peak: figure(peak) }),
  };
}

function pastDrawing(desk: Desk, noso: Noso, record: NosoRecord): Drawing {
  const { w, t, figure } = desk;
  const points = pointsOf(record);
  return {
    zone: noso.venue,
    from: Date.parse(record.openedAt),
    to: Date.parse(record.closedAt ?? noso.endsAt),
    silence: Date.parse(record.beganAt),
    capacity: noso.capacity,
    peak: record.peak,
    points,
    now: null,
    live: false,
    says: t(w.records.says, { peak: figure(record.peak), total: figure(record.total) }),
  };
}

/** When the highest count was reached (ms), to the minute; null where no minute shows it. */
export function peakedAt(desk: Desk, noso: Noso): number | null {
  const drawing = drawingOf(desk, noso);
  const first = drawing?.points.find(({ count }) => count > 0 && count >= drawing.peak);
  return first?.at ?? null;
}
