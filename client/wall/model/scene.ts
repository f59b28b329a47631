/** What a wall shows at an instant: one of a few scenes, from what it holds and the server's clock. */
import type { Noso } from '../../../src/protocol/wire.js';
import { type Held, type Seen, STALE_AFTER, settled, type View } from './held.js';

/** Pictures without a venue: nothing was heard yet. */
export type Waiting =
  | { kind: 'connecting' }
  /** No token: an organizer types the code, or brings the link from `address`. */
  | { kind: 'pairing'; code: string; address: string }
  | { kind: 'unpaired'; address: string };

type Next = { title: string; startsAt: string; endsAt: string };

export type Scene =
  | Waiting
  /** `cut`: when the last beat was, if that is too long ago; null on a live wall. */
  | { kind: 'nothing'; view: View; cut: number | null; next: Next | null }
  /** `left`: ms until the start; 0 once it has passed. `late`: it passed and nobody opened. */
  | { kind: 'before'; view: View; noso: Noso; cut: number | null; left: number; late: boolean }
  | { kind: 'during'; view: View; noso: Noso; cut: number | null; left: number; full: boolean }
  /** `ended`: when, ms. `asOf`: the count's own time, where the wall did not see it to the end. */
  | {
      kind: 'after';
      view: View;
      noso: Noso;
      ended: number;
      seen: Seen | null;
      asOf: number | null;
    };

/** After the end: thanks are held so long, and then fade so long (ms). */
export const THANKS_HELD = 60_000;
export const THANKS_FADE = 15_000;

/** So long after the start (ms) a wall waits for the opening before its countdown becomes a dash. */
const GRACE = 2000;

export function sceneAt(before: Held, now: number, next: Next | null = null): Scene {
  const held = settled(before, now);
  const view = held.now;
  if (!view) return { kind: 'connecting' };
  const cut = now - held.beatAt > STALE_AFTER ? held.beatAt : null;
  const { noso } = view;
  if (!noso) return { kind: 'nothing', view, cut, next };
  const startsAt = Date.parse(noso.startsAt);
  const endsAt = Date.parse(noso.endsAt);
  switch (noso.state) {
    case 'cancelled':
      return { kind: 'nothing', view, cut, next };
    case 'scheduled': {
      const left = Math.max(0, startsAt - now);
      return { kind: 'before', view, noso, cut, left, late: now > startsAt + GRACE };
    }
    case 'open': {
      // A wall that opens in the second before the start.
      if (now < view.effectiveAt) return { kind: 'before', view, noso, cut, left: 0, late: false };
      if (now >= endsAt) return after(held, view, noso, endsAt);
      const full = noso.capacity !== null && view.count >= noso.capacity;
      return { kind: 'during', view, noso, cut, left: endsAt - now, full };
    }
    case 'closed':
      return after(held, view, noso, Math.min(view.effectiveAt, endsAt));
  }
}

function after(held: Held, view: View, noso: Noso, ended: number): Scene {
  const seen = held.seen?.noso === noso.id ? held.seen : null;
  const asOf = seen && ended - seen.at > STALE_AFTER ? seen.at : null;
  return { kind: 'after', view, noso, ended, seen, asOf };
}

/**
 * The instants (server's clock, ms) after `now` at which the scene may change by itself, soonest
 * first. Seconds and minutes that pass are not among them.
 */
export function instants(held: Held, now: number): number[] {
  const all = [held.next?.effectiveAt, held.now?.effectiveAt, held.beatAt + STALE_AFTER + 1];
  for (const noso of [held.now?.noso, held.next?.noso])
    if (noso) all.push(Date.parse(noso.startsAt), Date.parse(noso.endsAt));
  return all.filter((at): at is number => at !== undefined && at > now).sort((a, b) => a - b);
}

/** How black the screen is: 0 until a minute after the end, 1 a quarter of a minute later. */
export function darkness(scene: Scene, now: number): number {
  if (scene.kind !== 'after') return 0;
  return Math.min(1, Math.max(0, (now - scene.ended - THANKS_HELD) / THANKS_FADE));
}

const two = (n: number) => String(n).padStart(2, '0');

/** Time left as m:ss, h:mm:ss from an hour on; null above 12 h, where the hour alone is shown. */
export function countdown(left: number): string | null {
  const seconds = Math.ceil(left / 1000);
  if (seconds > 12 * 3600) return null;
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  const s = seconds % 60;
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
