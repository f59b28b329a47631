import { unavailable } from '../deadline.js';
import type { Disk } from './disk.js';

/** Ticks between two looks whether a disk that refused takes writes again. */
const PROBE_EVERY = 4;

type Deps = {
  noso: string;
  disk: Disk;
  /** Reads the NoSo's file again, in place of what is in memory. */
  reload: () => Promise<void>;
  onError: (error: unknown) => void;
};

/**
 * What can be done with one NoSo's file. Once it has refused a commit, memory may hold what it does
 * not: the file is read again, then serves for reading, and for writing as soon as there is room.
 */
export class Health {
  private mode: 'serving' | 'reading' | 'lost' = 'serving';
  private ticks = 0;
  private mending = false;
  private told = '';

  constructor(private readonly deps: Deps) {}

  get writable(): boolean {
    return this.mode === 'serving' && !this.deps.disk.stalled();
  }

  /** Throws `unavailable` unless what is in memory may be told. */
  assertReadable(): void {
    if (this.mode === 'lost') throw unavailable('the disk is being read again');
    if (this.deps.disk.stalled()) throw unavailable('the disk does not answer');
  }

  assertWritable(): void {
    this.assertReadable();
    if (this.mode !== 'serving') throw unavailable('the disk does not take writes', 'not_writable');
  }

  /** To be called when the disk has refused a commit. */
  refused(error: unknown): void {
    this.tell(error);
    this.mode = 'lost';
    this.ticks = 0;
    void this.mend();
  }

  /** To be called every 250 ms. */
  tick(): void {
    if (this.mode === 'serving' || this.mending || this.deps.disk.stalled()) return;
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
    const { noso, disk, reload } = this.deps;
    this.mending = true;
    try {
      if (this.mode === 'lost') {
        await reload();
        this.mode = 'reading';
      }
      await disk.ask({ do: 'probe', noso });
      this.mode = 'serving';
      this.told = '';
    } catch (error) {
      // That there is still no room is no news.
      if (this.mode === 'lost') this.tell(error);
    } finally {
      this.mending = false;
    }
  }
}
