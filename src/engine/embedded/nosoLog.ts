import type { LogEntry } from '../../domain/seating.js';
import type { Heard } from '../engine.js';
import type { Commits, Packed, Source, Turn } from './commits.js';
import { Packer } from './entries.js';

/** Where a log stood at some instant. */
export type Standing = { seq: number; count: number; peak: number };

type Deps = {
  noso: string;
  commits: Commits;
  /** Where the log in memory stands now. */
  standing: () => Standing;
  /** Called once the log has grown and is durable. */
  grown: () => void;
};

/** The log of one NoSo on its way to the disk: how far it is durable, and what waits for a commit. */
export class NosoLog implements Source {
  /** Where the log on disk stands. */
  durable: Standing = { seq: 0, count: 0, peak: 0 };
  /** How many entries it has, those without a position included. */
  entries = 0;

  private readonly packer = new Packer();
  private heard: number[] = [];
  /** The last commit that takes, or took, something in, until it is settled. */
  private last: Turn | null = null;

  constructor(private readonly deps: Deps) {}

  get noso(): string {
    return this.deps.noso;
  }

  add(entry: LogEntry): void {
    this.packer.add(entry);
    this.last = this.deps.commits.next(this);
  }

  hear({ number, sitting, at }: Heard): void {
    this.heard.push(number, sitting, at);
    this.last = this.deps.commits.next(this);
  }

  /** Settles when all that was added is durable, or `unavailable`; null if it is already. */
  pending(): Promise<void> | null {
    return this.last?.done ?? null;
  }

  /** Waits until nothing is pending. Throws `unavailable` if that is not to be. */
  async drained(): Promise<void> {
    for (let last = this.pending(); last; last = this.pending()) await last;
  }

  /** All that waits, for the commit `turn`. */
  pack(turn: Turn): Packed {
    const standing = this.deps.standing();
    const grew = standing.seq > this.durable.seq;
    const { collected } = this.packer;
    const heard = this.heard.length > 0 ? Float64Array.from(this.heard) : null;
    this.heard = [];
    return {
      noso: this.noso,
      first: this.entries + 1,
      bytes: this.packer.take(),
      collected,
      heard,
      durable: () => {
        this.durable = standing;
        this.entries += collected;
        if (this.last === turn) this.last = null;
      },
      grown: () => {
        if (grew) this.deps.grown();
      },
    };
  }

  /** Forgets what waits. */
  drop(): void {
    this.packer.take();
    this.heard = [];
    this.last = null;
  }
}
