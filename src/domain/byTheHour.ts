import { inSeconds, Refusal } from './errors.js';
import { type Noso, type NosoCommand, opensAt } from './noso.js';

/** What the schedule asks of a NoSo at `now`, if anything (L3). */
export function due(noso: Noso, now: number): NosoCommand | null {
  if (noso.life.is === 'open' && now >= noso.endsAt) return { do: 'close', by: 'schedule' };
  if (noso.life.is !== 'scheduled') return null;
  if (now >= noso.endsAt) return { do: 'cancel', by: 'schedule' };
  if (noso.opens === 'schedule' && now >= opensAt(noso)) return { do: 'open', by: 'schedule' };
  return null;
}

/** Seconds after which a NoSo that waits for an organizer is worth another try. */
const OPENING_RETRY = 5;

/** Why nobody can sit: it is not open, yet or any more; or there is none. */
export function whyNotOpen(noso: Noso | null, now: number): Refusal {
  if (!noso) return new Refusal('not_found', 'no such NoSo');
  const { life, opens, startsAt } = noso;
  if (life.is === 'cancelled') return new Refusal('not_open.cancelled', 'the NoSo is cancelled');
  if (life.is !== 'scheduled') return new Refusal('not_open.closed', 'the NoSo is closed');
  const wait = (opens === 'schedule' ? opensAt(noso) : startsAt) - now;
  const bySchedule = opens === 'schedule' || wait > 0;
  const retryAfter = bySchedule ? inSeconds(wait) : OPENING_RETRY;
  return new Refusal('not_open.not_yet', 'the NoSo is not open yet', retryAfter);
}

const AFTER = 5 * 60_000;
const AHEAD = 24 * 60 * 60_000;

/**
 * Which of a venue's NoSos its walls show: the open one; else the one closed less than 5 minutes
 * ago; else the next that starts (or was due to start and still may) within 24 h; else none.
 */
export function shown(nosos: Iterable<Noso>, now: number): Noso | null {
  let closed: Noso | null = null;
  let closedAt = now - AFTER;
  let next: Noso | null = null;
  for (const noso of nosos) {
    const { life } = noso;
    if (life.is === 'open') return noso;
    if (life.is === 'closed' && life.closedAt > closedAt) {
      closed = noso;
      closedAt = life.closedAt;
    }
    if (life.is === 'scheduled' && noso.startsAt - now <= AHEAD && now < noso.endsAt) {
      if (!next || noso.startsAt < next.startsAt) next = noso;
    }
  }
  return closed ?? next;
}
