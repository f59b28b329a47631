/** What a wall holds: frames reduced to a state, by (epoch, seq), with time as an argument. */
import type { Code, Count, Numbers, Snapshot } from '../../../src/protocol/wire.js';

/** A snapshot brought up to date by the frames that followed it. */
export type View = Omit<Snapshot, 'numbers' | 'serverTime'> & {
  numbers: ReadonlySet<string> | null;
};

/** The last count of an open NoSo that was live, and when (server's clock, ms). */
export type Seen = { noso: string; count: number; at: number };

export type Held = {
  /** On screen now. */
  now: View | null;
  /** Takes its place at its `effectiveAt`. */
  next: View | null;
  seen: Seen | null;
  /** When the server sent the last beat (its clock, ms); 0 before the first. */
  beatAt: number;
};

export const NOTHING_HELD: Held = { now: null, next: null, seen: null, beatAt: 0 };

/** A wall without a beat for so long is stale (W4). */
export const STALE_AFTER = 5000;

/** Nothing follows on numbers that are as of this position. */
const OF_ANOTHER_LOG = -1;

/** What to hold after a frame, and whether the wall should ask for a snapshot. */
export type Step = { held: Held; sync: boolean };

const viewOf = ({ numbers, serverTime: _, ...rest }: Snapshot): View => ({
  ...rest,
  numbers: numbers && new Set(numbers),
});

/** Is that the same act of the same NoSo? A change of it takes effect at `effectiveAt`. */
const sameAct = (a: View, b: View) =>
  a.noso?.id === b.noso?.id && a.noso?.state === b.noso?.state && a.venue.id === b.venue.id;

const seenIn = (view: View, at: number): Seen | null =>
  view.noso?.state === 'open' ? { noso: view.noso.id, count: view.count, at } : null;

/** The pending change, once its time has come. */
export function settled(held: Held, now: number): Held {
  if (!held.next || now < held.next.effectiveAt) return held;
  return { ...held, now: held.next, next: null };
}

export function onSnapshot(before: Held, snapshot: Snapshot, now: number): Held {
  const held = settled(before, now);
  const view = viewOf(snapshot);
  const beatAt = Math.max(held.beatAt, snapshot.serverTime);
  const pending = held.now !== null && !sameAct(held.now, view) && now < view.effectiveAt;
  const seen = seenIn(view, snapshot.serverTime) ?? held.seen;
  return pending ? { ...held, next: view, seen, beatAt } : { now: view, next: null, seen, beatAt };
}

/** Replaces the newest view: the pending one if there is one. */
const withNewest = (held: Held, view: View): Held =>
  held.next ? { ...held, next: view } : { ...held, now: view };

export function onCount(before: Held, frame: Count, now: number): Step {
  const held = settled(before, now);
  const view = held.next ?? held.now;
  if (!view) return { held, sync: true };
  if (frame.epoch < view.epoch || (frame.epoch === view.epoch && frame.seq < view.seq))
    return { held, sync: false };
  const anew = frame.epoch > view.epoch;
  const { epoch, seq, count } = frame;
  const after = { ...view, epoch, seq, count, ...(anew ? { numbersSeq: OF_ANOTHER_LOG } : {}) };
  return {
    held: {
      ...withNewest(held, after),
      seen: seenIn(after, frame.serverTime) ?? held.seen,
      beatAt: Math.max(held.beatAt, frame.serverTime),
    },
    // A higher epoch: the store lost data, and the numbers held are of another log.
    sync: anew,
  };
}

export function onNumbers(before: Held, frame: Numbers, now: number): Step {
  const held = settled(before, now);
  const view = held.next ?? held.now;
  if (!view) return { held, sync: true };
  const old =
    frame.epoch < view.epoch || (frame.epoch === view.epoch && frame.seq <= view.numbersSeq);
  if (old || view.numbers === null) return { held, sync: false };
  if (frame.epoch !== view.epoch || frame.from !== view.numbersSeq) return { held, sync: true };
  const numbers = new Set(view.numbers);
  for (const number of frame.gone) numbers.delete(number);
  for (const number of frame.seated) numbers.add(number);
  return { held: withNewest(held, { ...view, numbers, numbersSeq: frame.seq }), sync: false };
}

export function onCode(before: Held, code: Code, now: number): Held {
  const held = settled(before, now);
  const view = held.next ?? held.now;
  return view ? withNewest(held, { ...view, code }) : held;
}
