import { type Click, type ClickResult, click } from '../../domain/clicks.js';
import { Refusal } from '../../domain/errors.js';
import { beganAt } from '../../domain/noso.js';
import { type Totals, totalsAt } from '../../domain/record.js';
import {
  type Binding,
  bind,
  type LogEntry,
  lapse,
  leave,
  type Taken,
  type Taking,
  type Terms,
  take,
  takeBack,
} from '../../domain/seating.js';
import { unavailable } from '../deadline.js';
import type { Heard, Sat, Seats, Tail, Unseated } from '../engine.js';
import type { Commits } from './commits.js';
import type { Health } from './health.js';
import type { Loaded } from './jobs.js';
import { Memory } from './memory.js';
import { NosoLog } from './nosoLog.js';

/** What the rules need to know of the NoSo, and when its silence begins. */
export type LiveTerms = Terms & { startsAt: number };

export type LiveDeps = {
  id: string;
  openedAt: number;
  terms: LiveTerms;
  commits: Commits;
  health: Health;
  now: () => number;
  /** No later than that: what is past for certain. Nobody lapses on less (L7). */
  believed: () => number;
  /** Called once the log has grown and is durable. */
  grown: () => void;
};

/**
 * One open NoSo. Its memory is ahead of the disk by at most a commit: requests change it at once,
 * and are answered when the disk has it. Answers that change nothing wait as well, so that none
 * rests on what a crash could take back.
 */
export class Live {
  private agreed: LiveTerms;
  private memory: Memory;
  private readonly log: NosoLog;
  /** While the NoSo is being closed: nothing may be changed, and its outcome is the answer. */
  private closing: Promise<void> | null = null;
  /** The position of the last lapse. */
  private lapsedAt = 0;

  constructor(private readonly deps: LiveDeps) {
    this.agreed = deps.terms;
    this.memory = this.newMemory();
    this.log = new NosoLog({
      noso: deps.id,
      commits: deps.commits,
      standing: () => this.memory.standing(),
      grown: deps.grown,
    });
  }

  get terms(): LiveTerms {
    return this.agreed;
  }

  set terms(terms: LiveTerms) {
    this.agreed = terms;
    this.memory.seating.tally.beganAt = beganAt(terms, this.deps.openedAt);
  }

  /** The seats of the log on disk, in place of whatever is in memory. Throws on a log that cannot be. */
  restore(loaded: Loaded): void {
    const memory = this.newMemory();
    this.log.entries = memory.replay(loaded);
    memory.hearFrom(this.memory);
    this.memory = memory;
    this.lapsedAt = 0;
    this.log.durable = memory.standing();
  }

  /** The last instant that anything here is dated. */
  latest(): number {
    return this.memory.latest();
  }

  take(taking: Taking): Promise<Taken> {
    if (this.closing) return this.closing.then(over);
    this.assertWritable();
    return this.answer((now) => {
      const { taken, entry } = take(this.memory.seating, this.terms, taking, now);
      if (entry) this.append(entry);
      if (entry?.what !== 'take') {
        this.note({ number: taken.number, sitting: taken.sitting, at: now }, now);
      }
      return taken;
    });
  }

  bind(binding: Binding): Promise<number> {
    if (this.closing) return this.closing.then(over);
    this.assertWritable();
    return this.answer((now) => {
      const { number, entry } = bind(this.memory.seating, this.terms, binding, now);
      if (entry) this.append(entry);
      return number;
    });
  }

  click(asked: Click): Promise<ClickResult> {
    if (this.closing) return this.closing.then(over);
    this.assertWritable();
    return this.answer((now) => {
      const { result, entries } = click(this.memory.seating, this.terms, asked, now);
      for (const entry of entries) this.append(entry);
      return result;
    });
  }

  /** Takes back the seats that phones took in that time; which. */
  takeBack(since: number, until: number): Promise<Sat[]> {
    if (this.closing) return this.closing.then(over);
    this.assertWritable();
    return this.answer((now) => {
      const { seating } = this.memory;
      const freed: Sat[] = [];
      for (const [number, seat] of seating.seats) {
        if (!isOfPhone(seat, since, until)) continue;
        const entry = takeBack(seating, number, seat.sitting, now);
        if (!entry) continue;
        this.append(entry);
        freed.push({ number, sitting: seat.sitting });
      }
      return freed;
    });
  }

  /** How many of them there are. */
  takenIn(since: number, until: number): Promise<number> {
    this.assertReadable();
    return this.answer(() => {
      const seats = [...this.memory.seating.seats.values()];
      return seats.filter((seat) => isOfPhone(seat, since, until)).length;
    });
  }

  doors(): Promise<Map<string, number>> {
    this.assertReadable();
    return this.answer(() => {
      const here = new Map<string, number>();
      for (const { by } of this.memory.seating.seats.values()) {
        if (by !== null) here.set(by, (here.get(by) ?? 0) + 1);
      }
      return here;
    });
  }

  leave(number: number, sitting: number | null): Promise<boolean> {
    if (this.closing) return this.closing.then(() => false);
    this.assertWritable();
    return this.answer((now) => {
      if (now >= this.terms.endsAt) return false;
      const entry = leave(this.memory.seating, number, sitting, now);
      if (entry) this.append(entry);
      return entry !== null;
    });
  }

  hear(heard: Heard[]): Promise<Heard[]> {
    if (this.closing) return this.closing.then(() => heard);
    if (this.deps.health.writable) {
      return this.answer((now) => heard.filter((each) => !this.note(each, now)));
    }
    // It was heard all the same: once the disk takes writes again no seat lapses for its sake.
    for (const each of heard) this.memory.hear(each, this.deps.now());
    throw unavailable('the disk does not take writes', 'not_writable');
  }

  seat(number: number): Promise<({ seated: true } & Taken) | Unseated | null> {
    this.assertReadable();
    return this.answer(() => {
      const { seats, marks } = this.memory.seating;
      const seat = seats.get(number);
      if (seat) return { seated: true, number, sitting: seat.sitting, since: seat.since };
      const mark = marks.get(number);
      return mark ? { seated: false, ...mark } : null;
    });
  }

  /** What is durable, and nothing else: a wall must not show a seat that a crash could take back. */
  async tail(since: number | null): Promise<Tail> {
    await this.settled();
    return this.memory.tail(this.log.durable, since);
  }

  async seats(asOf: number): Promise<Seats> {
    await this.settled();
    return this.memory.seats(this.log.durable, asOf);
  }

  /** The record so far. */
  soFar(): Promise<Totals> {
    if (this.closing) return this.closing.then(over);
    this.assertReadable();
    return this.answer((now) => this.totals(Math.min(now, this.terms.endsAt)));
  }

  /** Seats taken, those on their way to the disk included. */
  count(): number {
    this.sweep();
    return this.memory.seating.seats.size;
  }

  totals(at: number): Totals {
    return totalsAt(this.memory.seating.tally, at);
  }

  /**
   * Lets nobody in, waits until all is durable, and carries out `close`. If that fails everything is
   * as before; whoever asked for something meanwhile learns that it is unknown.
   */
  async closeBy(close: () => Promise<void>): Promise<void> {
    const closed = this.drained().then(close);
    this.closing = closed.catch(() => {
      throw unavailable('the NoSo could not be closed', 'not_writable');
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
    await this.log.drained();
    this.assertReadable();
  }

  /** To be called every 250 ms. */
  tick(): void {
    this.sweep();
  }

  /** As `restore`, where a commit was refused. */
  reload(loaded: Loaded): void {
    this.restore(loaded);
    this.deps.grown(); // what was refused may be there all the same
  }

  private assertReadable(): void {
    this.deps.health.assertReadable(this.deps.id);
  }

  private assertWritable(): void {
    this.deps.health.assertWritable(this.deps.id);
  }

  /** Decides now and answers when everything that the decision rests on is durable. */
  private answer<T>(decide: (now: number) => T): Promise<T> {
    const now = this.deps.now();
    this.sweep(now);
    let result: T;
    try {
      result = decide(now);
    } catch (refusal) {
      const pending = this.log.pending();
      if (!pending) throw refusal;
      return pending.then(() => Promise.reject(refusal));
    }
    return this.log.pending()?.then(() => result) ?? Promise.resolve(result);
  }

  /** Sees to it that what is read next is in line with what lapses now. */
  private async settled(): Promise<void> {
    this.assertReadable();
    this.sweep();
    if (this.lapsedAt > this.log.durable.seq) await this.log.pending();
    this.assertReadable();
  }

  /** Lapses every seat that is due (P4), so that what follows is in line with it (P6). */
  private sweep(now = this.deps.now()): void {
    if (this.closing || !this.deps.health.writable) return;
    const until = Math.min(now, this.deps.believed(), this.terms.endsAt);
    for (const number of this.memory.due(until)) {
      const entry = lapse(this.memory.seating, this.terms, number, until);
      if (!entry) continue;
      this.append(entry);
      this.lapsedAt = entry.seq;
    }
  }

  /** True if that stay is on. What is heard is written only where it decides over a lapse. */
  private note(heard: Heard, now: number): boolean {
    const known = this.memory.hear(heard, now);
    if (known && this.memory.listens) this.log.hear(known);
    return known !== null;
  }

  private append(entry: LogEntry): void {
    this.memory.enter(entry);
    this.log.add(entry);
  }

  private newMemory(): Memory {
    const { openedAt, believed } = this.deps;
    const { pocket } = this.agreed;
    return new Memory({
      openedAt,
      beganAt: beganAt(this.agreed, openedAt),
      pocket,
      now: believed(),
    });
  }
}

const over = (): never => {
  throw new Refusal('not_open.closed', 'the NoSo is closed');
};

/** A seat that a phone took in that time. */
const isOfPhone = (
  seat: { by: string | null; since: number },
  since: number,
  until: number,
): boolean => seat.by === null && seat.since >= since && seat.since <= until;
