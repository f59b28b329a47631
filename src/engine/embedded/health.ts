import { unavailable } from '../deadline.js';
import type { Disk } from './disk.js';

/** Ticks between two looks whether a disk that refused takes writes again. */
const PROBE_EVERY = 4;

type Deps = {
  disk: Disk;
  /** Reads a NoSo's log again, in place of what is in memory. */
  reload: (noso: string) => Promise<void>;
  onError: (error: unknown) => void;
};

/**
 * What can be done with the logs of open NoSos. Once a commit was refused, memory may hold what the
 * disk does not: the logs that had a part in it are read again, and then serve for reading. All serve
 * for writing as soon as there is room.
 */
export class Health {
  private taking = true;
  /** NoSos whose memory may hold what the disk does not. */
  private readonly lost = new Set<string>();
  private ticks = 0;
  private mending = false;
  private told = '';

  constructor(private readonly deps: Deps) {}

  get writable(): boolean {
    return this.taking && !this.deps.disk.stalled();
  }

  /** Throws `unavailable` unless what is in memory of a NoSo may be told. */
  assertReadable(noso: string): void {
    if (this.lost.has(noso)) throw unavailable('the disk is being read again');
    if (this.deps.disk.stalled()) throw unavailable('the disk does not answer');
  }

  assertWritable(noso: string): void {
    this.assertReadable(noso);
    if (!this.taking) throw unavailable('the disk does not take writes', 'not_writable');
  }

  /** To be called when the disk has refused a commit in which these had a part. */
  refused(error: unknown, nosos: readonly string[]): void {
    this.tell(error);
    this.taking = false;
    for (const noso of nosos) this.lost.add(noso);
    this.ticks = 0;
    void this.mend();
  }

  /** As `refused`, of all that are open: their database is not what it was. May be told again and again. */
  astray(error: unknown, nosos: readonly string[]): void {
    if (this.taking || nosos.some((noso) => !this.lost.has(noso))) this.refused(error, nosos);
  }

  /** A NoSo is not open any more. */
  forget(noso: string): void {
    this.lost.delete(noso);
  }

  /** To be called every 250 ms. */
  tick(): void {
    if ((this.taking && this.lost.size === 0) || this.deps.disk.stalled()) return;
    this.ticks += 1;
    if (this.ticks % PROBE_EVERY === 0) void this.mend();
  }

  /** Once, until it is something else. */
  private tell(error: unknown): void {
    const said = error instanceof Error ? error.message : String(error);
    if (said !== this.told) this.deps.onError(error);
    this.told = said;
  }

  private async mend(): Promise<void> {
    if (this.mending) return;
    this.mending = true;
    try {
      for (const noso of [...this.lost]) await this.read(noso);
      await this.deps.disk.ask({ do: 'probe' });
      this.taking = true;
      if (this.lost.size === 0) this.told = '';
    } catch {
      // That there is still no room is no news.
    } finally {
      this.mending = false;
    }
  }

  /** Of one that cannot be read the others are none the worse. */
  private async read(noso: string): Promise<void> {
    try {
      await this.deps.reload(noso);
      this.lost.delete(noso);
    } catch (error) {
      this.tell(error);
    }
  }
}
