import { inCompany } from '../company.js';
import { unavailable } from '../deadline.js';
import type { Disk } from './disk.js';

/** The log of a NoSo, as far as it has something for a commit. */
export type Source = {
  readonly noso: string;
  /** All that waits, for the commit `turn`. */
  pack(turn: Turn): Packed;
  /** Forgets what waits. */
  drop(): void;
};

/** What a log has for a commit, and what is to be called once it is durable. */
export type Packed = {
  noso: string;
  /** The place of its first entry, from 1. */
  first: number;
  bytes: Uint8Array<ArrayBuffer>;
  /** How many entries these are. */
  collected: number;
  heard: Float64Array<ArrayBuffer> | null;
  durable: () => void;
  grown: () => void;
};

/** What one commit will make durable, and who waits for it. */
export type Turn = {
  readonly logs: Set<Source>;
  /** Settles when all of it is durable, or `unavailable`. */
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

/**
 * Brings the logs of all NoSos to the disk. What is asked for within a turn of the event loop, of
 * whichever NoSo, shares a commit; while one is under way the next gathers. So a seat alone is
 * committed at once, and in a storm hundreds are together.
 */
export class Commits {
  private gathering: Turn | null = null;
  private committing: Turn | null = null;
  private scheduled = false;
  /** Whether the commit before took in more than one entry. */
  private crowded = false;

  constructor(
    private readonly disk: Disk,
    /**
     * Called when a commit failed. What these logs had for it, or gathered since, is forgotten, and
     * the requests are refused.
     */
    private readonly refused: (error: unknown, logs: Source[]) => void,
  ) {}

  /** The commit that will take in what is new in `log`. */
  next(log: Source): Turn {
    this.gathering ??= newTurn(this.disk);
    this.gathering.logs.add(log);
    this.schedule();
    return this.gathering;
  }

  private schedule(): void {
    if (this.scheduled || this.committing || !this.gathering) return;
    this.scheduled = true;
    inCompany(this.crowded, () => {
      this.scheduled = false;
      void this.commit();
    });
  }

  private async commit(): Promise<void> {
    const turn = this.gathering;
    if (!turn) return;
    this.gathering = null;
    this.committing = turn;
    const logs = [...turn.logs];
    const packed = logs.map((log) => log.pack(turn));
    this.crowded = packed.reduce((sum, { collected }) => sum + collected, 0) > 1;
    const entries = joined(packed.map(({ bytes }) => bytes));
    const parts = packed.map(({ noso, first, bytes, heard }) => ({
      noso,
      first,
      heard,
      bytes: bytes.length,
    }));
    try {
      await this.disk.ask({ do: 'append', parts, entries }, [entries.buffer]);
    } catch (error) {
      return this.fail(error, turn);
    }
    this.committing = null;
    for (const { durable } of packed) durable();
    turn.resolve();
    for (const { grown } of packed) grown();
    this.schedule();
  }

  private fail(error: unknown, turn: Turn): void {
    const refusal = unavailable('the disk refused the write', 'not_writable');
    const logs = new Set([...turn.logs, ...(this.gathering?.logs ?? [])]);
    turn.reject(refusal);
    this.gathering?.reject(refusal);
    this.committing = null;
    this.gathering = null;
    for (const log of logs) log.drop();
    this.refused(error, [...logs]);
  }
}

/** All bytes in memory of their own, which may be transferred. */
function joined(all: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  if (all.length === 1) return all[0] as Uint8Array<ArrayBuffer>;
  const bytes = new Uint8Array(all.reduce((sum, each) => sum + each.length, 0));
  let place = 0;
  for (const each of all) {
    bytes.set(each, place);
    place += each.length;
  }
  return bytes;
}

function newTurn(disk: Disk): Turn {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const settled = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  const done = disk.within(settled);
  done.catch(() => {}); // a batch of lapses has nobody waiting
  return { logs: new Set(), done, resolve, reject };
}
