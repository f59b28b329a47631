import type {
  ConsoleCount,
  Noso,
  NosoRecord,
  OperatorNote,
  Venue,
} from '../../src/protocol/wire.js';
import { type Api, Problem } from './consoleApi.js';

/** Without a word from the server for this long, nothing here is called live. */
const SILENCE = 12_000;
/** The live line lists what ended at least this recently. */
const LISTED = 23 * 3_600_000;
/** Counts of open NoSos come every second, changed or not. Past this, one is not live. */
const COUNT_SILENCE = 5_000;
/** Before asking again for a record that did not come. */
const ASK_AGAIN = 5_000;
/** The record of an open NoSo grows by a count a minute, which is there a moment later. */
const MINUTE = 60_000;
const MOMENT = 1_000;

/** `heardAt`: when the server was last heard, on its own clock; null: not yet. */
export type Link = { live: boolean; heardAt: number | null };

/** `peak`: so far, exact. */
export type CountSaid = ConsoleCount;

type Heard = Pick<ConsoleCount, 'epoch' | 'seq' | 'peak'> & { at: number; strained: boolean };

export type Store = ReturnType<typeof createStore>;

/**
 * All that the console knows, and how fresh it is. The live line (`liveLine.ts`) and the answers to
 * what the organizer does both end up here. `changed` is told of every change, and draws anew.
 */
export function createStore(api: Api, changed: () => void) {
  let ahead = 0; // of the server's clock over this one's, ms
  let connected = false;
  let heard: number | null = null;
  let venues: Venue[] | null = null;
  const nosos = new Map<string, Noso>();
  /** Where each count stands in its log, when it was heard, and the highest so far. */
  const counts = new Map<string, Heard>();
  const records = new Map<string, NosoRecord>();
  const asked = new Set<string>();
  let notes: readonly OperatorNote[] = [];

  const now = () => Date.now() + ahead;
  const lineLive = () => connected && heard !== null && Math.abs(now() - heard) < SILENCE;

  function put(noso: Noso): void {
    const before = nosos.get(noso.id);
    // An answer that does not say the count (it is not its business) does not unsay it.
    const count = noso.count ?? (noso.state === 'open' ? (before?.count ?? null) : null);
    // Nor how many mean to come: that is asked for apart, and stays until the close.
    const told = noso.state === 'scheduled' || noso.state === 'open' ? before?.intents : undefined;
    const intents = noso.intents ?? told;
    nosos.set(noso.id, { ...noso, count, ...(intents === undefined ? {} : { intents }) });
    if (noso.state === before?.state) return;
    records.delete(noso.id);
    if (noso.state !== 'open') counts.delete(noso.id);
  }

  /** Whether there is something to ask for: the record itself, or its next minute. */
  function lacks(id: string): boolean {
    const record = records.get(id);
    if (!record) return true;
    const minutes = record.series.length - 1;
    const next = Date.parse(record.openedAt) + minutes * MINUTE + MOMENT;
    return record.closedAt === null && now() >= next;
  }

  return {
    /** The server's clock, as well as it is known; ms. */
    now,
    link: (): Link => ({ live: lineLive(), heardAt: heard }),
    nosos: (): Noso[] => [...nosos.values()],
    noso: (id: string): Noso | undefined => nosos.get(id),
    /** Whether this NoSo's count is live, and when it was last heard. */
    countLink(id: string): Link {
      const at = counts.get(id)?.at ?? null;
      return { live: lineLive() && at !== null && now() - at < COUNT_SILENCE, heardAt: at };
    },
    /** The highest count so far of an open NoSo. */
    peak: (id: string): number => Math.max(counts.get(id)?.peak ?? 0, records.get(id)?.peak ?? 0),
    /** Whether a code of it is exchanged faster than people come in. */
    strained: (id: string): boolean => counts.get(id)?.strained ?? false,
    venues: (): Venue[] | null => venues,
    /** What whoever runs the server should know, as far as there is a line to hear it by. */
    notes: (): readonly OperatorNote[] => (lineLive() ? notes : []),
    record: (id: string): NosoRecord | undefined => records.get(id),

    /** The live line's first word, and every change of the programme. */
    hearNosos(list: readonly Noso[], serverTime: number): void {
      ahead = serverTime - Date.now();
      heard = now();
      const listed = new Set(list.map((noso) => noso.id));
      for (const noso of nosos.values()) {
        // What ended long ago is listed no longer; anything else that is not listed is gone.
        const listable = Date.parse(noso.endsAt) > serverTime - LISTED;
        if (!listed.has(noso.id) && listable) nosos.delete(noso.id);
      }
      connected = true;
      for (const noso of list) {
        // Counts have frames of their own, in order; what is said here may be a moment older.
        const count = counts.has(noso.id) ? (nosos.get(noso.id)?.count ?? null) : noso.count;
        put({ ...noso, count });
      }
      changed();
    },

    hearNotes(list: readonly OperatorNote[]): void {
      notes = list;
      changed();
    },

    /** A count, new or the same again: both say that it is live. */
    hearCount(said: CountSaid): void {
      heard = now();
      const noso = nosos.get(said.noso);
      const last = counts.get(said.noso);
      const older =
        last && (said.epoch < last.epoch || (said.epoch === last.epoch && said.seq < last.seq));
      if (older || noso?.state !== 'open') return;
      const peak = Math.max(said.peak, said.count);
      const { epoch, seq, strained = false } = said;
      counts.set(said.noso, { epoch, seq, at: heard, peak, strained });
      nosos.set(noso.id, { ...noso, count: said.count });
      if (noso.count !== said.count || last?.strained !== strained) changed();
    },

    /** An answer that proves the server there, without news. */
    hearAlive(): void {
      heard = now();
      changed();
    },

    /** The programme as asked for over HTTP while the line is cut: news, but not live. */
    hearPolled(list: readonly Noso[]): void {
      heard = now();
      for (const noso of list) {
        put(noso);
        if (noso.state !== 'open' || noso.count === null) continue;
        const before = counts.get(noso.id) ?? { epoch: 0, seq: 0, peak: 0 };
        // What was heard of codes before the line was cut is over.
        counts.set(noso.id, { ...before, at: heard, strained: false });
      }
      changed();
    },

    /** How many mean to come to what is planned; the rest of it has its own way here. */
    hearIntents(list: readonly Noso[]): void {
      for (const { id, intents } of list) {
        const noso = nosos.get(id);
        if (noso?.state !== 'scheduled' || intents === undefined) continue;
        if (noso.intents !== intents) nosos.set(id, { ...noso, intents });
      }
      changed();
    },

    /** Nothing is live from here on, until `hearNosos`. */
    cutOff(): void {
      if (!connected) return;
      connected = false;
      changed();
    },

    /** What an action answered with. */
    put(noso: Noso): void {
      put(noso);
      changed();
    },
    forget(id: string): void {
      nosos.delete(id);
      records.delete(id);
      changed();
    },

    /** A venue takes its NoSos along. */
    forgetVenue(id: string): void {
      for (const noso of nosos.values()) if (noso.venue.id === id) nosos.delete(noso.id);
      venues = venues?.filter((venue) => venue.id !== id) ?? null;
      changed();
    },

    async loadVenues(): Promise<void> {
      ({ venues } = await api.venues());
      changed();
    },

    /** Every closed NoSo, page by page: organizers keep tens, not thousands. */
    async loadClosed(): Promise<void> {
      let cursor: string | undefined;
      do {
        const page = await api.nosos({ state: 'closed', ...(cursor ? { cursor } : {}) });
        for (const noso of page.nosos) put(noso);
        cursor = page.next;
      } while (cursor);
      changed();
    },

    /** A head count as it was taken down: the record has it. */
    putHeadcount(id: string, taken: { at: string; count: number }): void {
      const record = records.get(id);
      if (record) {
        records.set(id, { ...record, headcounts: [...record.headcounts, taken] });
        changed();
      }
    },

    /**
     * Fetches a record that is not here, or that has grown since, unless it was asked for a moment
     * ago: whoever draws one may ask at every drawing. Where it does not come it stays as it is.
     */
    wantRecord(id: string): void {
      if (asked.has(id) || !lacks(id)) return;
      asked.add(id);
      const done = (record: NosoRecord) => {
        records.set(id, record);
        changed();
      };
      const failed = (error: unknown) => {
        if (!(error instanceof Problem)) throw error;
      };
      void api.record(id).then(done, failed);
      setTimeout(() => asked.delete(id), ASK_AGAIN);
    },
  };
}
