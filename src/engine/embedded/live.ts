import { Refusal } from '../../domain/errors.js';
import { type Totals, totalsAt } from '../../domain/record.js';
import {
  apply,
  type Entry,
  hear,
  lapse,
  leave,
  newSeating,
  type Seating,
  type Taken,
  type Taking,
  type Terms,
  take,
} from '../../domain/seating.js';
import type { Heard, Seats, Tail, Unseated } from '../engine.js';
import { type Disk, unavailable } from './disk.js';
import { Packer, unpack } from './entries.js';
import type { Loaded } from './jobs.js';
import { Lapses } from './lapses.js';
import { Trail } from './trail.js';

/** The embedded store never loses what it acknowledged: it refuses to start instead. */
const EPOCH = 1;
/** Ticks between two looks whether a disk that refused takes writes again. */
const PROBE_EVERY = 4;

/** What one commit will make durable, and who waits for it. */
type Batch = { done: Promise<void>; resolve: () => void; reject: (error: Error) => void };

/** Where the log stood at some instant. */
type Mark = { seq: number; count: number; peak: number };

export type LiveDeps = {
  id: string;
  openedAt: number;
  terms: Terms;
  disk: Disk;
  now: () => number;
  /** Called once the log has grown and is durable. */
  grown: () => void;
  onError: (error: unknown) => void;
};

/**
 * One open NoSo in memory, ahead of its file by at most a commit: requests change the state at
 * once and are answered when the disk has it. While one commit is under way the next gathers.
 */
export class Live {
  terms: Terms;
  /** While the NoSo is being closed: nothing may be changed, and its outcome is the answer. */
  private closing: Promise<void> | null = null;

  private state: Seating;
  private trail = new Trail();
  private lapses: Lapses | null;
  private durable: Mark = { seq: 0, count: 0, peak: 0 };

  private readonly packer = new Packer();
  private heard: number[] = [];
  private gathering: Batch | null = null;
  private committing: Batch | null = null;
  private scheduled = false;

  /** `reading`: the disk refused a commit; `lost`: the file has to be read again first. */
  private mode: 'serving' | 'reading' | 'lost' = 'serving';
  private sinceProbe = 0;
  private mending = false;

  constructor(private readonly deps: LiveDeps) {
    this.terms = deps.terms;
    this.state = newSeating(deps.openedAt);
    this.lapses = this.newLapses();
  }

  /** The seats of the file, in place of whatever is in memory. Throws on a log that cannot be. */
  restore(loaded: Loaded): void {
    const before = this.state;
    this.state = newSeating(this.deps.openedAt);
    this.trail = new Trail();
    unpack(loaded.entries, 1, (entry) => this.enter(entry));
    const { heard } = loaded;
    for (let k = 0; k < heard.length; k += 3) {
      hear(this.state, heard[k] as number, heard[k + 1] as number, heard[k + 2] as number);
    }
    // What was heard while the disk refused is still true, though it is not written.
    for (const [number, seat] of before.seats) hear(this.state, number, seat.sitting, seat.seen);
    this.lapses = this.newLapses();
    if (this.lapses) {
      for (const [number, seat] of this.state.seats) {
        this.lapses.await(number, seat.sitting, seat.seen);
      }
    }
    this.durable = this.standing();
  }

  take(taking: Taking): Promise<Taken> {
    if (this.closing) return this.closing.then(over);
    this.mustWrite();
    return this.answer((now) => {
      const { taken, entry } = take(this.state, this.terms, taking, now);
      if (entry) this.append(entry);
      else this.note({ number: taken.number, sitting: taken.sitting, at: now });
      return taken;
    });
  }

  leave(number: number, sitting: number | null): Promise<boolean> {
    if (this.closing) return this.closing.then(() => false);
    this.mustWrite();
    return this.answer((now) => {
      const entry = leave(this.state, number, sitting, Math.min(now, this.terms.endsAt));
      if (entry) this.append(entry);
      return entry !== null;
    });
  }

  hear(heard: Heard[]): Promise<Heard[]> {
    if (this.closing) return this.closing.then(() => heard);
    if (this.writable()) return this.answer(() => heard.filter((each) => !this.note(each)));
    for (const { number, sitting, at } of heard) hear(this.state, number, sitting, at);
    throw unavailable('the disk does not take writes');
  }

  seat(number: number): Promise<({ seated: true } & Taken) | Unseated | null> {
    this.mustRead();
    return this.answer(() => {
      const seat = this.state.seats.get(number);
      if (seat) return { seated: true, number, sitting: seat.sitting, since: seat.since };
      const mark = this.state.marks.get(number);
      return mark ? { seated: false, ...mark } : null;
    });
  }

  /** What is durable, and nothing else: a wall must not show a seat that a crash could take back. */
  tail(since: number | null): Tail {
    this.mustRead();
    this.sweep();
    const { seq, count, peak } = this.durable;
    const changes = since === null ? [] : this.trail.between(since, seq);
    return { epoch: EPOCH, seq, count, peak, changes };
  }

  seats(asOf: number): Seats {
    this.mustRead();
    this.sweep();
    const { seq, before } = this.trail.undo(this.durable.seq, asOf);
    const numbers: number[] = [];
    for (const number of this.state.seats.keys()) {
      if (!before.has(number)) numbers.push(number);
    }
    for (const [number, seated] of before) if (seated) numbers.push(number);
    return { epoch: EPOCH, seq, numbers };
  }

  /** Seats taken, those on their way to the disk included. */
  count(): number {
    this.sweep();
    return this.state.seats.size;
  }

  totals(at: number): Totals {
    return totalsAt(this.state.tally, at);
  }

  /**
   * Lets nobody in, waits until all is durable, and carries out `close`. If that fails everything is
   * as before; whoever asked for something meanwhile learns that it is unknown.
   */
  async closeBy(close: () => Promise<void>): Promise<void> {
    const closed = this.drained().then(close);
    this.closing = closed.catch(() => {
      throw unavailable('the NoSo could not be closed');
    });
    this.closing.catch(() => {}); // nobody may be waiting
    try {
      await closed;
    } finally {
      this.closing = null;
    }
  }

  /** Waits until all is durable. Throws `unavailable` if it is not to be. */
  async drained(): Promise<void> {
    while (this.gathering ?? this.committing) await (this.gathering ?? this.committing)?.done;
    this.mustRead();
  }

  /** To be called every 250 ms: lapses what is due, and mends what the disk broke. */
  tick(): void {
    this.sweep();
    if (this.mode === 'serving' || this.mending || this.deps.disk.stalled()) return;
    this.sinceProbe += 1;
    if (this.sinceProbe < PROBE_EVERY) return;
    this.sinceProbe = 0;
    void this.mend();
  }

  private async mend(): Promise<void> {
    const { disk, id, onError } = this.deps;
    this.mending = true;
    try {
      if (this.mode === 'lost') {
        this.restore(await disk.ask({ do: 'load', noso: id }));
        this.mode = 'reading';
        this.deps.grown();
      }
      await disk.ask({ do: 'probe', noso: id });
      this.mode = 'serving';
    } catch (error) {
      onError(error);
    } finally {
      this.mending = false;
    }
  }

  private writable(): boolean {
    return this.mode === 'serving' && !this.deps.disk.stalled();
  }

  private mustWrite(): void {
    if (this.mode !== 'serving') throw unavailable('the disk does not take writes');
    this.mustRead();
  }

  private mustRead(): void {
    if (this.mode === 'lost') throw unavailable('the disk is being read again');
    if (this.deps.disk.stalled()) throw unavailable('the disk does not answer');
  }

  /** Decides now and answers when everything that the decision rests on is durable. */
  private answer<T>(decide: (now: number) => T): Promise<T> {
    const now = this.deps.now();
    this.sweep(now);
    let result: T;
    try {
      result = decide(now);
    } catch (refusal) {
      const pending = this.gathering ?? this.committing;
      if (!pending) throw refusal;
      return pending.done.then(() => Promise.reject(refusal));
    }
    const pending = this.gathering ?? this.committing;
    return pending ? pending.done.then(() => result) : Promise.resolve(result);
  }

  /** Lapses every seat that is due (P4), so that what follows is in line with them (P6). */
  private sweep(now = this.deps.now()): void {
    if (!this.lapses || this.closing || !this.writable()) return;
    const until = Math.min(now, this.terms.endsAt);
    for (const number of this.lapses.due(this.state, until)) {
      const entry = lapse(this.state, this.terms, number, until);
      if (entry) this.append(entry);
    }
  }

  /** True if that stay is on. What is heard is written only where it decides over a lapse. */
  private note({ number, sitting, at }: Heard): boolean {
    const on = hear(this.state, number, sitting, at);
    if (on && this.lapses) {
      this.heard.push(number, sitting, at);
      this.gather();
    }
    return on;
  }

  private append(entry: Entry): void {
    this.enter(entry);
    this.packer.add(entry);
    this.gather();
    if (entry.what === 'take') this.lapses?.await(entry.number, entry.sitting, entry.at);
  }

  private enter(entry: Entry): void {
    apply(this.state, entry);
    this.trail.push(entry.at, entry.number, entry.what === 'take');
  }

  private gather(): void {
    if (this.gathering) return;
    this.gathering = newBatch(this.deps.disk);
    this.schedule();
  }

  /** At the end of this turn of the event loop, so that its requests share a commit. */
  private schedule(): void {
    if (this.scheduled || this.committing || !this.gathering) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      void this.commit();
    });
  }

  private async commit(): Promise<void> {
    const batch = this.gathering;
    if (!batch) return;
    this.gathering = null;
    this.committing = batch;
    const after = this.standing();
    const entries = this.packer.take();
    const heard = this.heard.length > 0 ? Float64Array.from(this.heard) : null;
    this.heard = [];
    const transfer = heard ? [entries.buffer, heard.buffer] : [entries.buffer];
    const job = { do: 'append', noso: this.deps.id, first: this.durable.seq + 1, entries, heard };
    try {
      await this.deps.disk.ask({ ...job, do: 'append' }, transfer);
      const grew = after.seq > this.durable.seq;
      this.durable = after;
      this.committing = null;
      batch.resolve();
      if (grew) this.deps.grown();
    } catch (error) {
      this.fail(error, batch);
    }
    this.schedule();
  }

  /** The disk refused: nobody is told that they sit, and the file says who does. */
  private fail(error: unknown, batch: Batch): void {
    this.deps.onError(error);
    const refusal = unavailable('the disk refused the write');
    batch.reject(refusal);
    this.gathering?.reject(refusal);
    this.committing = null;
    this.gathering = null;
    this.packer.take();
    this.heard = [];
    this.mode = 'lost';
    this.sinceProbe = 0;
    void this.mend();
  }

  private standing(): Mark {
    const { seq, seats, tally } = this.state;
    return { seq, count: seats.size, peak: tally.peak };
  }

  private newLapses(): Lapses | null {
    const { pocket } = this.terms;
    return pocket === null ? null : new Lapses(pocket, this.deps.now());
  }
}

const over = (): never => {
  throw new Refusal('not_open', 'the NoSo is closed');
};

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
