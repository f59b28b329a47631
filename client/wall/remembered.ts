/** The schedule that this screen knows, so that it goes on by it after a cold start without a server. */
import { type Held, STALE_AFTER, type View } from './model/held.js';
import { keep, recallJson } from './token.js';

const SCHEDULE = 'noso.wall.schedule';
/** No more often than this, in ms: some screens wear out what they write to. */
const APART = 60_000;
/** So long after the end there is nothing left to show, in ms. */
const OVER = 75_000;

type Kept = { view: Omit<View, 'numbers' | 'code'>; beatAt: number };

/** Writes down what is held, without numbers or a code. */
export function createMemory(): (held: Held, now: number) => void {
  let last: { noso: string; at: number } | null = null;
  return (held, now) => {
    const view = held.next ?? held.now;
    if (!view || held.beatAt === 0) return;
    const noso = JSON.stringify(view.noso);
    if (last !== null && last.noso === noso && now - last.at < APART) return;
    last = { noso, at: now };
    const { numbers: _, code: __, ...rest } = view;
    keep(SCHEDULE, JSON.stringify({ view: rest, beatAt: held.beatAt } satisfies Kept));
  };
}

/** What was held, if it is not over by this clock; null otherwise. */
export function rememberedSchedule(now: number): Held | null {
  const kept = recallJson<Kept>(SCHEDULE);
  const noso = kept?.view?.noso;
  if (!kept || !noso || !(Date.parse(noso.endsAt) + OVER > now)) return null;
  if (noso.state !== 'open' && noso.state !== 'scheduled') return null;
  const view: View = { ...kept.view, numbers: null, code: null };
  // It is as of then, however this screen's clock and the server's differ.
  const beatAt = Math.min(kept.beatAt, now - STALE_AFTER - 1);
  const seen = noso.state === 'open' ? { noso: noso.id, count: view.count, at: beatAt } : null;
  return { now: view, next: null, seen, beatAt };
}
