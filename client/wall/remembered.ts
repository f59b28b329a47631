/** The schedule that this screen knows, so that it goes on by it after a cold start without a server. */
import { type Held, STALE_AFTER, type View } from './model/held.js';
import { keep, recallJson } from './token.js';

const SCHEDULE = 'noso.wall.schedule';
/** No more often than this, in ms: some screens wear out what they write to. */
const APART = 60_000;
/** So long after the end there is nothing left to show, in ms. */
const OVER = 75_000;

/** `at`, `local`: the server's time and the screen's own, as it was written (ms). */
type Kept = {
  view: Omit<View, 'numbers' | 'code'>;
  beatAt: number;
  at?: number;
  local?: number;
};

/** Writes down what is held at `now` (server's clock, ms), without numbers or a code. */
export function createMemory(): (held: Held, now: number) => void {
  let last: { noso: string; at: number } | null = null;
  return (held, now) => {
    const view = held.next ?? held.now;
    if (!view || held.beatAt === 0) return;
    const noso = JSON.stringify(view.noso);
    if (last !== null && last.noso === noso && now - last.at < APART) return;
    last = { noso, at: now };
    const { numbers: _, code: __, ...rest } = view;
    const kept: Kept = { view: rest, beatAt: held.beatAt, at: now, local: Date.now() };
    keep(SCHEDULE, JSON.stringify(kept));
  };
}

/**
 * What was held, if it is not over, and how far the server's clock is before this screen's (ms): as
 * far as it was, since a screen whose clock is wrong stays wrong by as much; and not before what is
 * known to have passed, since one without a battery begins again somewhere. `local`: its clock.
 */
export function rememberedSchedule(local: number): { held: Held | null; ahead: number } {
  const kept = recallJson<Kept>(SCHEDULE);
  const { at = local, local: then = local } = kept ?? {};
  const ahead = Math.max(at - then, at - local);
  return { held: kept && heldOf(kept, local + ahead), ahead };
}

function heldOf(kept: Kept, now: number): Held | null {
  const noso = kept.view?.noso;
  if (!noso || !(Date.parse(noso.endsAt) + OVER > now)) return null;
  if (noso.state !== 'open' && noso.state !== 'scheduled') return null;
  const view: View = { ...kept.view, numbers: null, code: null };
  // It is as of then, however this screen's clock and the server's differ.
  const beatAt = Math.min(kept.beatAt, now - STALE_AFTER - 1);
  const seen = noso.state === 'open' ? { noso: noso.id, count: view.count, at: beatAt } : null;
  return { now: view, next: null, seen, beatAt };
}
