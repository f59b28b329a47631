import type { Clock, Stop } from '../clock.js';
import type { Noso } from '../domain/noso.js';
import { lastTick, net, nextTick, shuffle } from '../domain/veil.js';
import type { Engine, SeatChange } from '../engine/engine.js';
import { MOST_NUMBERS } from '../protocol/wire.js';

/**
 * At least this long between two reads, in ms, so that a wall gets at most 10 count frames in any
 * second, also where the engine or a timer is late by as much again.
 */
const PACE = 120;

/** A net change of the numbers shown. */
export type NumbersChange = { from: number; seq: number; seated: number[]; gone: number[] };

/** What a feed tells whoever shows it. */
export type FeedListener = {
  /** The count may have changed, or was read again and stands (a beat). */
  count: (feed: Feed) => void;
  /** A veil tick changed the numbers. */
  numbers: (feed: Feed, change: NumbersChange) => void;
  /** What was shown no longer follows: show all of it anew. */
  reset: (feed: Feed) => void;
};

export type Feed = {
  readonly noso: string;
  /** Resolves once there is something to show; rejects if the engine does not answer now. */
  ready: () => Promise<void>;
  state: () => FeedState;
  /** Reads the log again now: bells may be lost. Rejects as the engine does. */
  read: () => Promise<void>;
  /** Follows a change of the NoSo's terms. */
  amend: (noso: Noso) => void;
  stop: Stop;
};

export type FeedState = {
  epoch: number;
  seq: number;
  count: number;
  peak: number;
  /** The numbers as of the last veil tick, in no order; null where they are not shown. */
  numbers: ReadonlySet<number> | null;
  numbersSeq: number;
  /** Engine time at which the last successful read began, and the same on a clock nobody sets. */
  readAt: number;
  readTick: number;
};

/**
 * Follows the log of one open NoSo, for all walls and consoles of this node. A cursor over the
 * log: the count at once and coalesced (leading edge at once, trailing edge always, W3), the
 * numbers at veil ticks, net and shuffled (W6).
 *
 *     bells   |  | |||||||||||            |
 *     reads   R  --R---R---R---R          R      one per PACE while there is news
 *     ticks   ^                ^               ^ numbers
 */
export function createFeed(deps: {
  engine: Engine;
  clock: Clock;
  noso: Noso;
  random: (n: number) => number;
  listener: FeedListener;
  onError: (error: unknown) => void;
}): Feed {
  const { engine, clock, listener } = deps;
  let noso = deps.noso;
  let epoch = 0;
  let seq = 0;
  let count = 0;
  let peak = 0;
  let held: Set<number> | null = null;
  let numbersSeq = 0;
  let readAt = 0;
  let readTick = 0;
  /** Changes after `numbersSeq`, up to `seq`, that no tick has shown yet. */
  let pending: SeatChange[] = [];

  let stopped = false;
  let reading: Promise<void> | null = null;
  let failed = false;
  let rung = false;
  let startedAt = Number.NEGATIVE_INFINITY;
  let stopTimer: Stop = () => {};
  let stopTick: Stop = () => {};

  /** Takes the set anew, as of the last tick, and whatever happened since as pending. */
  async function reseat(): Promise<void> {
    pending = [];
    const tail = await engine.tail(noso.id, null);
    ({ epoch, seq, count, peak } = tail);
    if (noso.show === 'count' || count > MOST_NUMBERS) {
      held = null;
      numbersSeq = seq;
      return;
    }
    const now = engine.now();
    const seats = await engine.seats(noso.id, lastTick(noso.veil, now));
    held = new Set(seats.numbers);
    numbersSeq = seats.seq;
    const since = await engine.tail(noso.id, numbersSeq);
    if (since.changes === null || seats.epoch !== since.epoch) {
      throw new Error('feed: the log moved on faster than it could be read');
    }
    ({ epoch, seq, count, peak } = since);
    pending = since.changes;
  }

  async function readOnce(): Promise<void> {
    const began = engine.now();
    const tick = clock.steady();
    const fresh = readAt === 0;
    if (fresh) {
      await reseat();
    } else {
      const tail = await engine.tail(noso.id, held ? seq : null);
      if (tail.epoch !== epoch || tail.seq < seq || (held && tail.changes === null)) {
        await reseat();
        listener.reset(feed);
      } else {
        ({ seq, count, peak } = tail);
        for (const change of tail.changes ?? []) pending.push(change);
      }
    }
    readAt = began;
    readTick = tick;
    if (stopped) return;
    if (!fresh) {
      if (noso.veil === 0) show();
      listener.count(feed);
    }
  }

  /** One read at a time: whoever asks while one is under way shares it. */
  function start(): Promise<void> {
    if (!reading) {
      startedAt = clock.now();
      failed = true;
      reading = readOnce()
        .then(() => {
          failed = false;
        })
        .finally(() => {
          reading = null;
        });
    }
    return reading;
  }

  /** How long the pace asks to wait. Where the clock was set back nobody knows, and it is over. */
  function untilPace(): number {
    const since = clock.now() - startedAt;
    return since < 0 || since >= PACE ? 0 : PACE - since;
  }

  /**
   * A read that began within the pace, and was answered, is as good as a new one, and costs walls
   * no frame more.
   */
  function read(): Promise<void> {
    const recent = !failed && !reading && untilPace() > 0;
    return recent ? Promise.resolve() : start();
  }

  /** A bell: reads at once if it has been quiet for a while, else at the end of the pace. */
  function ring(): void {
    if (stopped || rung) return;
    rung = true;
    const wait = untilPace();
    const go = () => {
      rung = false;
      if (stopped) return;
      // A read under way may have looked before this bell: there must be one that begins after it.
      if (reading) reading.finally(ring).catch(deps.onError);
      else start().catch(deps.onError);
    };
    if (wait === 0) go();
    else stopTimer = clock.after(wait, go);
  }

  /** Lets what is pending be seen. */
  function show(): void {
    if (readAt === 0) return;
    if (held === null) {
      if (noso.show === 'numbers' && count <= MOST_NUMBERS) again();
      return;
    }
    if (pending.length === 0) return;
    const { seated, gone } = net(held, pending);
    pending = [];
    const from = numbersSeq;
    numbersSeq = seq;
    for (const number of gone) held.delete(number);
    for (const number of seated) held.add(number);
    if (held.size > MOST_NUMBERS) {
      held = null;
      listener.reset(feed);
      return;
    }
    shuffle(seated, deps.random);
    shuffle(gone, deps.random);
    listener.numbers(feed, { from, seq, seated, gone });
  }

  function again(): void {
    reseat().then(
      () => !stopped && listener.reset(feed),
      (error) => {
        readAt = 0; // what is held cannot be trusted: the next read starts over
        deps.onError(error);
      },
    );
  }

  function tickLater(): void {
    if (noso.veil === 0) return;
    const now = engine.now();
    stopTick = clock.after(Math.max(1, nextTick(noso.veil, now) - now), () => {
      read()
        .then(() => !stopped && show())
        .catch(deps.onError)
        .finally(() => !stopped && tickLater());
    });
  }

  const unwatch = engine.watch(noso.id, ring);
  const feed: Feed = {
    noso: noso.id,
    ready: () => (readAt > 0 ? Promise.resolve() : read()),
    state: () => ({ epoch, seq, count, peak, numbers: held, numbersSeq, readAt, readTick }),
    read,
    amend(changed) {
      noso = changed;
    },
    stop() {
      stopped = true;
      unwatch();
      stopTimer();
      stopTick();
    },
  };
  read().catch(deps.onError);
  tickLater();
  return feed;
}
