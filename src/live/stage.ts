import type { Clock, Stop } from '../clock.js';
import { shown } from '../domain/byTheHour.js';
import { STEP } from '../domain/code.js';
import { Refusal } from '../domain/errors.js';
import type { Noso } from '../domain/noso.js';
import { spell } from '../domain/numbers.js';
import { shuffle } from '../domain/veil.js';
import type { Engine } from '../engine/engine.js';
import type { Count, Snapshot, WallEvents } from '../protocol/wire.js';
import type { Codes } from '../service/codes.js';
import type { Catalogue } from '../service/mirror.js';
import { effectiveAt, viewNoso, viewVenue } from '../service/present.js';
import type { Broadcast } from './broadcast.js';
import type { Feed, Follower } from './feed.js';

/** A beat is sent only after this long without a count, in ms. */
const QUIET = 500;

/** Where no NoSo is open, nobody sits. */
const NOTHING = { epoch: 0, seq: 0, count: 0, numbersSeq: 0, numbers: null };

/** How a stage reaches its walls. */
export type Show = {
  /** To all walls of the venue, encoded once. */
  all: <E extends 'count' | 'numbers' | 'code'>(
    event: E,
    ...frame: Parameters<WallEvents[E]>
  ) => void;
  /** Each wall is sent a snapshot of its own. */
  snapshot: () => void;
};

export type Stage = {
  /**
   * Calls `use` with a snapshot as soon as there is something to show, in one turn with its making:
   * a frame sent in between would be taken back by it. Rejects if the engine does not answer now.
   */
  snapshot: (use: (snapshot: Snapshot) => void) => Promise<void>;
  /** After every round of reads: follows the schedule, and sends the beat if it may be sent. */
  beat: () => void;
  /** The catalogue changed. */
  changed: () => void;
  stop: Stop;
};

/**
 * What the walls of one venue show: which NoSo, its count, numbers and code. It follows the venue
 * from NoSo to NoSo (W8).
 */
export function createStage(deps: {
  venue: string;
  engine: Engine;
  clock: Clock;
  catalogue: Catalogue;
  codes: Codes;
  publicUrl: () => string;
  /** Of the wall's page that this server serves. */
  version: string;
  broadcast: Broadcast;
  /** `random(n)` is an integer in [0, n). */
  random: (n: number) => number;
  show: Show;
  onError: (error: unknown) => void;
}): Stage {
  const { engine, catalogue, codes, broadcast, show } = deps;
  let on: Noso | null = null;
  let following: { feed: Feed; stop: Stop } | null = null;
  let venueShown = catalogue.venue(deps.venue);
  let sent = { epoch: -1, seq: -1 };
  let sentAt = Number.NEGATIVE_INFINITY;

  const countFrame = (): Count => {
    const { epoch, seq, count } = following?.feed.state() ?? NOTHING;
    return { epoch, seq, count, serverTime: engine.now() };
  };

  function sendCount(): void {
    const frame = countFrame();
    sent = { epoch: frame.epoch, seq: frame.seq };
    sentAt = deps.clock.now();
    show.all('count', frame);
  }

  const follower: Follower = {
    count(feed) {
      const { epoch, seq } = feed.state() ?? NOTHING;
      if (epoch !== sent.epoch || seq !== sent.seq) sendCount();
    },
    numbers(feed, { from, seq, seated, gone }) {
      const { epoch } = feed.state() ?? NOTHING;
      show.all('numbers', {
        epoch,
        from,
        seq,
        seated: seated.map(spell),
        gone: gone.map(spell),
      });
    },
    reset: () => show.snapshot(),
  };

  /** Looks which NoSo is to be shown. True if what walls know is out of date. */
  function turn(): boolean {
    const next = shown(catalogue.nososAt(deps.venue), engine.now());
    const venue = catalogue.venue(deps.venue);
    if (next === on && venue === venueShown) return false;
    venueShown = venue;
    const wasOpen = on?.life.is === 'open' ? on.id : null;
    const isOpen = next?.life.is === 'open' ? next.id : null;
    on = next;
    if (wasOpen !== isOpen) {
      following?.stop();
      following = isOpen && next ? broadcast.follow(next, follower) : null;
      sent = { epoch: -1, seq: -1 };
    }
    return true;
  }

  async function snapshot(use: (snapshot: Snapshot) => void): Promise<void> {
    for (;;) {
      const shows = following;
      try {
        await lately(shows?.feed ?? programme);
      } catch (error) {
        if (shows === following) throw error;
      }
      if (shows === following) break; // else another NoSo was opened meanwhile, or this one closed
    }
    use(makeSnapshot());
  }

  /** Where no NoSo is open, what is shown is of the catalogue. */
  const programme = { lastRead: catalogue.lastRead, read: catalogue.refresh };

  /**
   * A snapshot looks live: a node that was stopped, or cut off, reads again before it shows (W4).
   * Twice where a read under way began before it was stopped. Rejects as the engine does.
   */
  async function lately(source: Pick<Feed, 'lastRead' | 'read'>): Promise<void> {
    const isLive = () => broadcast.isLive(source);
    for (let reads = 0; reads < 2 && !isLive(); reads += 1) await source.read();
    if (!isLive()) throw new Refusal('unavailable.no_answer', 'the store was not read lately', 1);
  }

  function makeSnapshot(): Snapshot {
    const venue = catalogue.venue(deps.venue);
    // It went while what there is to show was read.
    if (!venue) throw new Refusal('unauthorized.revoked', 'this wall is no more');
    const { epoch, seq, count, numbersSeq, numbers } = following?.feed.state() ?? NOTHING;
    const now = engine.now();
    return {
      venue: viewVenue(venue, now),
      noso: on && viewNoso(on, venue, count),
      epoch,
      seq,
      count,
      numbersSeq,
      numbers: numbers ? shuffle([...numbers], deps.random).map(spell) : noNumbers(on),
      code: on && codes.shown(on, now),
      effectiveAt: on ? effectiveAt(on) : 0,
      serverTime: now,
      page: on && `${deps.publicUrl()}/n/${on.id}`,
      version: deps.version,
    };
  }

  let stopCode: Stop = () => {};
  function codeLater(): void {
    const now = engine.now();
    stopCode = deps.clock.after(STEP - (now % STEP) + 1, () => {
      codeLater(); // first of all: whatever becomes of this one, there is a next
      try {
        const code = on && on.entry === 'code' ? codes.shown(on, engine.now()) : null;
        if (code) show.all('code', code);
      } catch (error) {
        deps.onError(error);
      }
    });
  }

  turn();
  codeLater();
  return {
    snapshot,
    beat() {
      if (turn()) {
        show.snapshot();
        return;
      }
      // Whatever was just sent was a beat as well; unless the clock was set, and nobody knows.
      const due = Math.abs(deps.clock.now() - sentAt) > QUIET;
      if (due && broadcast.isLive(following?.feed ?? catalogue)) sendCount();
    },
    changed() {
      if (turn()) show.snapshot();
    },
    stop() {
      stopCode();
      following?.stop();
    },
  };
}

/** Where nobody can be seated the set is empty; null says that numbers are not shown. */
const noNumbers = (noso: Noso | null): string[] | null =>
  noso === null || noso.show === 'count' || noso.life.is === 'open' ? null : [];
