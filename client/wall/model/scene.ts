/** What a wall shows at an instant: one of a few scenes, from what it holds and the server's clock. */
import type { Noso } from '../../../src/protocol/wire.js';
import { type Held, type Seen, STALE_AFTER, settled, type View } from './held.js';

/** Pictures without a venue: nothing was heard yet. */
export type Waiting =
  | { kind: 'connecting' }
  /** No token: an organizer types the code, or scans it. */
  | { kind: 'pairing'; offer: Offer; address: string }
  /** And no code: the server does not pair, or does not answer. */
  | { kind: 'unpaired'; address: string }
  /** This page is under an address (`here`) that the server, which goes by `own`, takes for another's. */
  | { kind: 'foreign'; here: string; own: string }
  /** The token opens nothing: it worked once (`wall` is what it was), or it never did. */
  | { kind: 'refused'; wall: Known | null; offer: Offer | null; address: string };

/** A code that pairs this screen, where a scan of it leads, and how long it is good (ms). */
export type Offer = { code: string; url: string; left: number; lasts: number };

/** A wall that this screen was. `since`: when it was refused, ms. */
export type Known = { name: string; timeZone: string; utcOffset?: number; since: number };

type Next = { title: string; startsAt: string; endsAt: string };

/** How large the code is while the silence lasts: it shrinks twice, and never grows. */
export type CodeStage = 'first' | 'middle' | 'last';

/** `cut`: when the last beat was, if that is too long ago; null on a live wall. Times in ms. */
type Lasting = { view: View; noso: Noso; cut: number | null; left: number };

export type Scene =
  | Waiting
  | { kind: 'nothing'; view: View; cut: number | null; next: Next | null }
  /**
   * Planned. `left`: until the start; 0 once it has passed. `soon`: people should be let in by now,
   * and nobody opened. `late`: the start has passed as well.
   */
  | (Lasting & { kind: 'before'; doors: number; soon: boolean; late: boolean })
  /** Open, and the silence has not begun. */
  | (Lasting & { kind: 'gathering'; full: boolean })
  /** `lasts`: the whole silence. `unheard`: it began by the schedule alone, and no count is known. */
  | (Lasting & {
      kind: 'during';
      lasts: number;
      full: boolean;
      stage: CodeStage;
      unheard: boolean;
    })
  /** `began`, `ended`: of the silence. `asOf`: the count's own time, where it was not seen to the end. */
  | {
      kind: 'after';
      view: View;
      noso: Noso;
      began: number;
      ended: number;
      seen: Seen | null;
      asOf: number | null;
    };

/** After the end: thanks are held so long, and then fade so long (ms). */
export const THANKS_HELD = 60_000;
export const THANKS_FADE = 15_000;

/** So long after the start (ms) a wall waits for the opening before it says that it is overdue. */
const GRACE = 2000;
/** The code stays large so long into the silence (ms), and a little smaller until its last third. */
const FIRST = 5 * 60_000;
const LAST = 1 / 3;

export function sceneAt(before: Held, now: number, next: Next | null = null): Scene {
  const held = settled(before, now);
  const view = held.now;
  if (!view) return { kind: 'connecting' };
  const cut = now - held.beatAt > STALE_AFTER ? held.beatAt : null;
  const { noso } = view;
  if (!noso) return { kind: 'nothing', view, cut, next };
  const startsAt = Date.parse(noso.startsAt);
  const endsAt = Date.parse(noso.endsAt);
  const left = Math.max(0, startsAt - now);
  switch (noso.state) {
    case 'cancelled':
      return { kind: 'nothing', view, cut, next };
    case 'scheduled': {
      // Cut off, it acts on the schedule that it knows (W9); on a live wall nobody has opened.
      if (cut !== null && now >= endsAt) return after(held, view, noso, endsAt);
      if (cut !== null && now >= startsAt) return during(view, noso, cut, now, true);
      const doors = startsAt - (noso.gather ?? 0) * 60_000;
      const [soon, late] = [now > doors + GRACE, now > startsAt + GRACE];
      return { kind: 'before', view, noso, cut, left, doors, soon, late };
    }
    case 'open': {
      // A wall that opens in the second before the opening.
      if (now < view.effectiveAt)
        return { kind: 'before', view, noso, cut, left, doors: now, soon: false, late: false };
      if (now >= endsAt) return after(held, view, noso, endsAt);
      if (now < startsAt) return { kind: 'gathering', view, noso, cut, left, full: isFull(view) };
      return during(view, noso, cut, now, false);
    }
    case 'closed':
      return after(held, view, noso, Math.min(view.effectiveAt, endsAt));
  }
}

const isFull = ({ noso, count }: View) =>
  noso !== null && noso.capacity !== null && count >= noso.capacity;

/** When the silence began: at its hour, or when it was opened if that is later. */
const beganOf = (view: View, noso: Noso) => {
  const opened = noso.state === 'scheduled' ? 0 : Date.parse(noso.openedAt ?? '') || 0;
  const effective = noso.state === 'open' ? view.effectiveAt : 0;
  return Math.max(Date.parse(noso.startsAt), opened, effective);
};

function during(view: View, noso: Noso, cut: number | null, now: number, unheard: boolean): Scene {
  const began = beganOf(view, noso);
  const endsAt = Date.parse(noso.endsAt);
  const [lasts, left] = [endsAt - began, endsAt - now];
  // Where the times overlap, the larger code wins.
  const stage = now - began < FIRST ? 'first' : left > LAST * lasts ? 'middle' : 'last';
  return { kind: 'during', view, noso, cut, left, lasts, full: isFull(view), stage, unheard };
}

function after(held: Held, view: View, noso: Noso, ended: number): Scene {
  const seen = held.seen?.noso === noso.id ? held.seen : null;
  const asOf = seen && ended - seen.at > STALE_AFTER ? seen.at : null;
  const began = Math.min(beganOf(view, noso), ended);
  return { kind: 'after', view, noso, began, ended, seen, asOf };
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

/** A wall takes a new version only when nothing is planned for so long (ms). */
const QUIET = 10 * 60_000;

/** Whether the page may be loaded anew without anybody's seeing it: in the black, or long before. */
export function isIdle(scene: Scene, now: number): boolean {
  switch (scene.kind) {
    case 'after':
      return darkness(scene, now) === 1;
    case 'nothing':
      return !scene.next || !(Date.parse(scene.next.startsAt) - now < QUIET);
    case 'before':
      return scene.doors - now > QUIET;
    default:
      return false;
  }
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
  // A date that is none has no hour either.
  if (!(seconds <= 12 * 3600)) return null;
  const h = Math.floor(seconds / 3600);
  const m = Math.floor((seconds % 3600) / 60);
  const s = seconds % 60;
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
