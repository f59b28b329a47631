import type { LogEntry } from '../../domain/seating.js';
import { inCompany } from '../company.js';
import { unavailable } from '../deadline.js';
import type { Heard } from '../engine.js';
import type { Disk } from './disk.js';
import { Packer } from './entries.js';

/** Where a log stood at some instant. */
export type Standing = { seq: number; count: number; peak: number };

/** What one commit will make durable, and who waits for it. */
type Batch = { done: Promise<void>; resolve: () => void; reject: (error: Error) => void };

type Deps = {
  noso: string;
  disk: Disk;
  /** Where the log in memory stands now. */
  standing: () => Standing;
  /** Called once the log has grown and is durable. */
  grown: () => void;
  /** Called when a commit failed. What was gathered since is forgotten, and its requests refused. */
  refused: (error: unknown) => void;
};

/**
 * Brings the log of one NoSo to the disk. What is asked for within a turn of the event loop shares a
 * commit; while one is under way the next gathers. So a seat alone is committed at once, and in a
 * storm hundreds are together.
 */
export class Commits {
  /** Where the log on disk stands. */
  durable: Standing = { seq: 0, count: 0, peak: 0 };
  /** How many entries it has, those without a position included. */
  entries = 0;

  private readonly packer = new Packer();
  private heard: number[] = [];
  private gathering: Batch | null = null;
  private committing: Batch | null = null;
  private scheduled = false;
  /** Whether the commit before took in more than one request. */
  private crowded = false;

  constructor(private readonly deps: Deps) {}

  add(entry: LogEntry): void {
    this.packer.add(entry);
    this.gather();
  }

  hear({ number, sitting, at }: Heard): void {
    this.heard.push(number, sitting, at);
    this.gather();
  }

  /** Settles when all that was added is durable, or `unavailable`; null if it is already. */
  pending(): Promise<void> | null {
    return (this.gathering ?? this.committing)?.done ?? null;
  }

  /** Waits until nothing is pending. Throws `unavailable` if that is not to be. */
  async drained(): Promise<void> {
    for (let last = this.pending(); last; last = this.pending()) await last;
  }

  private gather(): void {
    if (this.gathering) return;
    this.gathering = newBatch(this.deps.disk);
    this.schedule();
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
    const batch = this.gathering;
    if (!batch) return;
    this.gathering = null;
    this.committing = batch;
    const { noso, disk, grown } = this.deps;
    const standing = this.deps.standing();
    const grew = standing.seq > this.durable.seq;
    const { collected } = this.packer;
    const first = this.entries + 1;
    const entries = this.packer.take();
    const heard = this.heard.length > 0 ? Float64Array.from(this.heard) : null;
    this.heard = [];
    this.crowded = collected > 1;
    const transfer = heard ? [entries.buffer, heard.buffer] : [entries.buffer];
    try {
      await disk.ask({ do: 'append', noso, first, entries, heard }, transfer);
    } catch (error) {
      return this.fail(error, batch);
    }
    this.durable = standing;
    this.entries += collected;
    this.committing = null;
    batch.resolve();
    if (grew) grown();
    this.schedule();
  }

  private fail(error: unknown, batch: Batch): void {
    const refusal = unavailable('the disk refused the write', 'not_writable');
    batch.reject(refusal);
    this.gathering?.reject(refusal);
    this.committing = null;
    this.gathering = null;
    this.packer.take();
    this.heard = [];
    this.deps.refused(error);
  }
}

function newBatch(disk: Disk): Batch {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const settled = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  const done = disk.within(settled);
  done.catch(() => {}); // a batch of lapses has nobody waiting
  return { done, resolve, reject };
}
