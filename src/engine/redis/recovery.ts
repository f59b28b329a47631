import type { Calls } from './calls.js';
import { type Acknowledged, Journal } from './journal.js';
import { type Keys, liveKeys } from './keys.js';
import { type Pace, unavailable } from './pace.js';
import { BUMP } from './scripts/log.js';
import { REPLAY } from './scripts/single.js';

/** What a node acknowledged is kept for this long, in ms (P1). */
const REMEMBERED = 60_000;
/** Changes put back by one script at most. */
const REPLAYED_AT_ONCE = 300;

/** Where a log stands. Compared by epoch, then by seq. */
export type Position = { epoch: number; seq: number };

type Memory = Position & {
  changes: Journal;
  /** True from a loss of data until this node's changes are put back. */
  owing: boolean;
  /** What was seen and what had been, where a loss shows and no epoch has begun for it. */
  lost: { seen: Position; known: Position } | null;
};

/**
 * What to do when Redis lost what it had acknowledged.
 *
 * A Redis on one machine with an append-only file that is synced every second loses what it had not
 * written yet: nothing as a rule when it is killed, up to two seconds where its disk is slow or the
 * power fails. A failover (Sentinel, Cluster) loses whatever the new master had not been
 * sent. There is no way to ask Redis whether it did. But a data set that was restarted or promoted
 * has a new replication id, so:
 *
 * 1. The first script that reads the log and sees another replication id than the NoSo's begins a
 *    new *epoch*, atomically (`NOTICE_LOSS`). Where the id is the same and yet there is less than a
 *    node remembers (its highest epoch and seq), that node begins one (`BUMP`).
 * 2. For `SETTLE` after that no log is read anywhere: `tail` throws `unavailable`, and walls show
 *    their age instead of a number that may be wrong.
 * 3. Every node that sees a higher epoch puts back the changes that it acknowledged in its last 60 s:
 *    seats and ends of sittings, by number and sitting, so that doing it twice, or on two nodes, or
 *    where nothing was lost, changes nothing. Nodes ask servers twice a second who they are, and at a
 *    stranger look at every NoSo that they acknowledged something of (guard.ts), so that all are
 *    done before logs are read again. Until a node has done its own part it reads no log at all.
 *
 * What remains lost: what was acknowledged only by nodes that are gone as well, or more than 60 s
 * before the last time all was well; and seats that others took meanwhile, up to the capacity (P5).
 * Phones that come back with their pass are seated again all the same.
 */
export class Recovery {
  private readonly memories = new Map<string, Memory>();
  /** When it was last made sure that nothing was lost. */
  private checkedAt: number;
  private readonly settling = new Map<string, Promise<void>>();

  constructor(
    private readonly calls: Calls,
    private readonly keys: Keys,
    private readonly pace: Pace,
  ) {
    this.checkedAt = pace.elapsed;
  }

  /** The highest position seen; to be taken before a question is sent, and given to `observe`. */
  position(noso: string): Position {
    const memory = this.memories.get(noso);
    return memory ? { epoch: memory.epoch, seq: memory.seq } : { epoch: 0, seq: 0 };
  }

  /** Learns from an answer. `known` is what was known when the question was sent. */
  observe(noso: string, seen: Position, known: Position): void {
    const memory = this.memories.get(noso);
    if (!memory) {
      const fresh = { changes: new Journal(), owing: false, lost: null };
      this.memories.set(noso, { ...seen, ...fresh });
    } else if (seen.epoch > memory.epoch) {
      memory.epoch = seen.epoch;
      memory.seq = seen.seq;
      memory.lost = null;
      memory.owing = !memory.changes.empty;
      if (memory.owing) this.settle(noso).catch(() => {});
    } else if (isBefore(seen, known)) {
      // Unless somebody has noticed since: then the epoch is higher by now.
      if (memory.epoch > known.epoch) return;
      memory.lost = { seen, known };
      memory.owing = true;
      this.settle(noso).catch(() => {});
    } else if (seen.epoch === memory.epoch) {
      memory.seq = Math.max(memory.seq, seen.seq);
    }
  }

  /** Remembers what is being acknowledged. */
  note(noso: string, changes: readonly Acknowledged[]): void {
    const memory = this.memories.get(noso);
    if (!memory) return;
    const noted = this.pace.elapsed;
    for (const change of changes) memory.changes.add(change, noted);
  }

  /** Puts back what there is to put back. Throws `unavailable` if there was something. */
  async settle(noso: string): Promise<void> {
    if (!this.memories.get(noso)?.owing) return;
    const going = this.settling.get(noso);
    const done = going ?? this.putBack(noso).finally(() => this.settling.delete(noso));
    if (!going) this.settling.set(noso, done);
    await done;
    throw unavailable('the log is being put right after a loss');
  }

  /** NoSos that this node acknowledged something of lately. */
  remembered(): string[] {
    return [...this.memories].filter(([, m]) => !m.changes.empty).map(([noso]) => noso);
  }

  /**
   * Nothing was lost up to now: forgets what is older than 60 s before the time that this was made
   * sure of before. (Not before now: while Redis was away nobody could.)
   */
  checked(): void {
    for (const { owing, changes } of this.memories.values()) {
      if (!owing) changes.forget(this.checkedAt - REMEMBERED);
    }
    this.checkedAt = this.pace.elapsed;
  }

  /** The NoSo is closed: not a number of it stays in this process (L4). */
  forget(noso: string): void {
    this.memories.delete(noso);
  }

  private async putBack(noso: string): Promise<void> {
    const memory = this.memories.get(noso);
    if (!memory) return;
    if (memory.lost) {
      const { seen, known } = memory.lost;
      const args = [seen.epoch, known.epoch, known.seq];
      const reply = await this.calls.run(BUMP, liveKeys(this.keys.noso(noso)), args);
      if (reply.text(0) !== 'ok') return;
      memory.lost = null;
      memory.epoch = Math.max(memory.epoch, reply.number(1));
      memory.seq = reply.number(2);
    }
    const { epoch } = memory;
    // What is acknowledged from now on is of this epoch.
    const all = [...memory.changes];
    for (let k = 0; k < all.length; k += REPLAYED_AT_ONCE) {
      const args = all
        .slice(k, k + REPLAYED_AT_ONCE)
        .flatMap((c) => [c.number, LETTER[c.what], c.sitting, c.at, c.form ?? '']);
      const reply = await this.calls.run(REPLAY, liveKeys(this.keys.noso(noso)), args);
      if (reply.text(0) !== 'ok') return;
      if (reply.number(1) > epoch) memory.epoch = reply.number(1);
      if (reply.number(1) !== epoch) throw unavailable('data was lost again meanwhile');
    }
    memory.owing = false;
  }
}

/** By epoch, then by seq. */
const isBefore = (a: Position, b: Position): boolean =>
  a.epoch < b.epoch || (a.epoch === b.epoch && a.seq < b.seq);

const LETTER = { taken: 't', left: 'l', heard: 'h' } as const;
