import { randomBytes } from 'node:crypto';
import { unavailable } from '../deadline.js';
import type { Arg, Calls } from './calls.js';
import { type Acknowledged, Journal } from './journal.js';
import { type Keys, liveKeys } from './keys.js';
import { HEADER } from './liveReply.js';
import type { Pace } from './pace.js';
import { BUMP } from './scripts/logLua.js';
import { REPLAY } from './scripts/replayLua.js';

/** What a node acknowledged is kept for this long, in ms (P1). */
export const REMEMBERED = 60_000;
/** Changes put back by one script at most. */
const REPLAYED_AT_ONCE = 300;
/** For so long those are tried for whom there is no room, in ms: others may be about to leave … */
const NO_ROOM = 700;
/** … and so often. */
const TRY_EVERY = 200;

/** Where a log stands. Compared by epoch, then by seq. */
export type Position = { epoch: number; seq: number };

type Memory = Position & {
  changes: Journal;
  /** Whether there ever was anything in it: then the NoSo knows of this node. */
  used: boolean;
  /** How often all was to be put back, and up to which of those times it was. */
  owed: number;
  paid: number;
  /** Since when there is something to put back, and when to try again, by the pace. */
  owedAt: number;
  tryAt: number;
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
 * 1. The first script that runs on another replication id than the NoSo's begins a new *epoch*,
 *    before it does anything else (scripts/epochLua.ts). Where the id is the same and yet there is less
 *    than a node remembers (its highest epoch and seq), that node begins one (`BUMP`).
 * 2. Until the epoch has *settled* nobody is told anything: whatever is asked is `unavailable`, no
 *    seat lapses, and walls show their age instead of a number that may be wrong. That takes 0.7 s, and
 *    until every node that was there a moment before has done its part or said that it has none; one
 *    that has not been heard of for 2.5 s is not waited for, nor any for longer than 6 s.
 * 3. Every node that sees another epoch puts back the changes that it acknowledged in its last 60 s.
 *    They only ever add to what is known of a number (scripts/replay.ts), so that it does not matter
 *    who comes first, or twice, or late. Nodes ask servers who they are twice a second, and whenever
 *    a connection was made, and at a
 *    stranger look at every NoSo that they acknowledged something of (guard.ts); what did not work is
 *    tried again (upkeep.ts). Until a node has done its own part it answers nothing itself.
 * 4. What a server acknowledges that is no longer the master, without knowing, bears an older epoch:
 *    the node puts it back as well, when it learns so.
 *
 * What remains lost: what was acknowledged only by nodes that are gone as well, or more than 60 s
 * before the last time all was well; and seats that others took meanwhile, up to the capacity (P5).
 * Phones that come back with their pass are seated again all the same.
 */
export class Recovery {
  /** This node's name among those that a NoSo waits for: of this process, and of nothing else. */
  private readonly node = randomBytes(6).toString('hex');
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
      const nothing = { used: false, owed: 0, paid: 0, owedAt: 0, tryAt: 0, lost: null };
      this.memories.set(noso, { ...seen, changes: new Journal(), ...nothing });
    } else if (seen.epoch > memory.epoch) {
      memory.epoch = seen.epoch;
      memory.seq = seen.seq;
      memory.lost = null;
      this.owe(noso, memory);
    } else if (isBefore(seen, known)) {
      // Unless somebody has noticed since: then the epoch is higher by now.
      if (memory.epoch > known.epoch) return;
      memory.lost = { seen, known };
      this.owe(noso, memory);
    } else if (seen.epoch === memory.epoch) {
      memory.seq = Math.max(memory.seq, seen.seq);
    }
  }

  /** Remembers what is being acknowledged, on the strength of an answer of `epoch`. */
  note(noso: string, epoch: number, changes: readonly Acknowledged[]): void {
    const memory = this.memories.get(noso);
    if (!memory || changes.length === 0) return;
    memory.used = true;
    const noted = this.pace.elapsed;
    for (const change of changes) memory.changes.add(change, noted);
    // It was done by a server that has been replaced since, and may be unknown to the new one.
    if (epoch < memory.epoch) this.owe(noso, memory);
  }

  /** Whether this node has not put back yet what it acknowledged. */
  owes(noso: string): boolean {
    const memory = this.memories.get(noso);
    return memory !== undefined && memory.paid < memory.owed;
  }

  /** NoSos of which there is something to put back. */
  get owing(): string[] {
    return [...this.memories.keys()].filter((noso) => this.owes(noso));
  }

  /** Tries again what could not be put back at once. */
  async mend(): Promise<void> {
    await Promise.allSettled(this.owing.map((noso) => this.settle(noso)));
  }

  /** Puts back what there is to put back, if anything. Throws `unavailable` if it could not. */
  async settle(noso: string): Promise<void> {
    if (!this.owes(noso)) return;
    const going = this.settling.get(noso);
    const done = going ?? this.putBack(noso).finally(() => this.settling.delete(noso));
    if (!going) this.settling.set(noso, done);
    await done;
    if (this.owes(noso)) throw unavailable('what a loss undid is being put back');
  }

  /** What `REPLAY` is told by a node that only says that it is there. */
  attendance(noso: string): Arg[] {
    const memory = this.memories.get(noso);
    if (!memory) return [this.node, 'new'];
    return [this.node, this.owes(noso) ? '' : memory.epoch];
  }

  /** NoSos that this node acknowledged something of lately; with `ever`, or long ago. */
  remembered(ever = false): string[] {
    return [...this.memories].flatMap(([noso, { changes, used }]) =>
      !changes.empty || (ever && used) || this.owes(noso) ? [noso] : [],
    );
  }

  /**
   * Nothing was lost up to now: forgets what is older than 60 s before the time that this was made
   * sure of before. (Not before now: while Redis was away nobody could.)
   */
  checked(): void {
    for (const [noso, { changes }] of this.memories) {
      if (!this.owes(noso)) changes.forget(this.checkedAt - REMEMBERED);
    }
    this.checkedAt = this.pace.elapsed;
  }

  /** The NoSo is closed: not a number of it stays in this process (L4). */
  forget(noso: string): void {
    this.memories.delete(noso);
  }

  /** All of it was of another store. */
  forgetAll(): void {
    this.memories.clear();
  }

  private owe(noso: string, memory: Memory): void {
    memory.owed += 1;
    memory.owedAt = this.pace.elapsed;
    memory.tryAt = 0;
    // Where this fails, `mend` tries again.
    this.settle(noso).catch(() => {});
  }

  private async putBack(noso: string): Promise<void> {
    const memory = this.memories.get(noso);
    if (!memory) return;
    const { owed } = memory;
    if (this.pace.elapsed < memory.tryAt) return;
    const keys = liveKeys(this.keys.noso(noso));
    if (memory.lost) {
      const { seen, known } = memory.lost;
      const args = [seen.epoch, known.epoch, known.seq];
      const reply = await this.calls.run(BUMP, keys, args);
      if (reply.text(0) !== 'ok') return;
      memory.lost = null;
      memory.epoch = Math.max(memory.epoch, reply.number(1));
      memory.seq = reply.number(2);
    }
    const { epoch } = memory;
    let without = 0;
    const replay = async (done: number | '', some: readonly Acknowledged[]): Promise<boolean> => {
      const reply = await this.calls.run(REPLAY, keys, [this.node, done, ...some.flatMap(spell)]);
      if (reply.text(0) !== 'ok') return false;
      if (reply.number(1) !== epoch) {
        memory.epoch = Math.max(memory.epoch, reply.number(1));
        throw unavailable('data was lost again meanwhile');
      }
      without += reply.length - HEADER;
      return true;
    };
    // Those who left first: they make room.
    const all = [...memory.changes].sort((a, b) => ORDER[a.what] - ORDER[b.what]);
    for (let k = 0; k < all.length; k += REPLAYED_AT_ONCE) {
      if (!(await replay('', all.slice(k, k + REPLAYED_AT_ONCE)))) return;
    }
    const now = this.pace.elapsed;
    if (without > 0 && now < memory.owedAt + NO_ROOM) {
      memory.tryAt = now + TRY_EVERY;
      return;
    }
    // What is to be put back again since is not done with this.
    if (memory.owed === owed && !(await replay(epoch, []))) return;
    memory.paid = owed;
  }
}

/** By epoch, then by seq. */
const isBefore = (a: Position, b: Position): boolean =>
  a.epoch < b.epoch || (a.epoch === b.epoch && a.seq < b.seq);

const ORDER = {
  left: 0,
  out: 0,
  voided: 0,
  bound: 1,
  taken: 1,
  hand: 1,
  clicked: 1,
  gone: 2,
} as const;
const LETTER = {
  taken: 't',
  left: 'l',
  gone: 'g',
  bound: 'b',
  hand: 'h',
  out: 'o',
  voided: 'v',
  clicked: 'c',
} as const;

/** A change as the script reads it. */
const spell = ({ what, number, sitting, at, heard, key }: Acknowledged): Arg[] => [
  number,
  LETTER[what],
  sitting,
  at,
  heard,
  key ?? '',
];
