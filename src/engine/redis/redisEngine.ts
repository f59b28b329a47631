import type { Clock, Stop } from '../../clock.js';
import type { Click, ClickResult } from '../../domain/clicks.js';
import type { Noso, NosoCommand } from '../../domain/noso.js';
import type { Rationed } from '../../domain/ration.js';
import type { Totals } from '../../domain/record.js';
import type { Binding, Taken, Taking } from '../../domain/seating.js';
import { closing } from '../deadline.js';
import type {
  Changes,
  Documents,
  Engine,
  Heard,
  Kind,
  Movable,
  Sat,
  Seats,
  Tail,
} from '../engine.js';
import { bringUp } from './bringUp.js';
import { copyKeys, isForgotten, type KeysCopy, putKeys } from './liveCopy.js';
import { ANSWERED } from './pace.js';
import { beat, beats } from './redisBeats.js';
import { holderOf, ration, reserve, spend } from './redisOnce.js';
import type { Beginning } from './redisStart.js';
import type { Parts } from './wiring.js';

/** Clocks of two machines that are set may be this far apart, in ms. */
const APART = 60_000;
/** How often Redis is asked for its time at start. */
const FIRST_SAMPLES = 3;

/** An `Engine` on Redis, any number of which share the same NoSos. */
export type RedisEngine = Engine &
  Movable & {
    /** Whether Redis lets its files be rewritten, so that what is forgotten is gone from them too. */
    rewrites(): boolean;
    /** An open NoSo with its seats, for a backup, and back (liveCopy.ts). */
    copyOpen(noso: string): Promise<KeysCopy | null>;
    putOpen(noso: Noso, copy: KeysCopy): Promise<void>;
    isForgotten(noso: string): Promise<boolean>;
  };

/** Its verbs, over its parts. None is answered before it has begun. */
export class Redis implements RedisEngine {
  private readonly stops: Stop[] = [];
  private closing = false;

  constructor(
    private readonly parts: Parts,
    private readonly clock: Clock,
    private readonly beginning: Beginning,
  ) {}

  async start(): Promise<void> {
    const { askTime, guard, upkeep } = this.parts;
    await bringUp(this.parts);
    for (let k = 0; k < FIRST_SAMPLES; k += 1) await askTime();
    // What the servers are is to be known before anything is acknowledged.
    await guard.look();
    this.stops.push(upkeep.start(this.clock));
  }

  /** No verb takes longer, however many steps it has (F1). */
  private async within<T>(work: () => Promise<T>): Promise<T> {
    if (this.closing) throw closing();
    if (this.beginning.waiting) throw this.beginning.waiting;
    this.parts.fence.assertHeard();
    return this.parts.pace.within(ANSWERED, work());
  }

  now(): number {
    return this.parts.time.now();
  }

  save<K extends Kind>(kind: K, id: string, document: Documents[K]): Promise<number> {
    return this.within(() => this.parts.catalogue.save(kind, id, document));
  }

  revise<K extends Exclude<Kind, 'noso'>>(
    kind: K,
    id: string,
    revise: (before: Documents[K] | null) => Documents[K],
  ): Promise<Documents[K]> {
    return this.within(() => this.parts.catalogue.revise(kind, id, revise));
  }

  remove(kind: Kind, id: string): Promise<void> {
    return this.within(() => this.parts.catalogue.remove(kind, id));
  }

  changesSince(revision: number): Promise<Changes> {
    return this.within(() => this.parts.catalogue.changesSince(revision));
  }

  spend(id: string, until: number): Promise<boolean> {
    return this.within(() => spend(this.parts, id, until));
  }

  reserve(id: string, holder: string, until: number): Promise<string> {
    return this.within(() => reserve(this.parts, id, holder, until));
  }

  holder(id: string): Promise<string | null> {
    return this.within(() => holderOf(this.parts, id));
  }

  intend(noso: string, digest: string): Promise<void> {
    return this.within(() => this.parts.catalogue.intend(noso, digest));
  }

  withdraw(noso: string, digest: string): Promise<void> {
    return this.within(() => this.parts.catalogue.withdraw(noso, digest));
  }

  intents(noso: string, digests: readonly string[]) {
    return this.within(() => this.parts.catalogue.intents(noso, digests));
  }

  async command(noso: string, command: NosoCommand): Promise<Noso> {
    const done = await this.within(() => this.parts.lifecycle.command(noso, command));
    this.parts.tended.noted(done);
    return done;
  }

  draw(count: number, digits: number | null = null): Promise<number[]> {
    return this.within(() => this.parts.numbers.draw(count, digits));
  }

  take(noso: string, taking: Taking): Promise<Taken> {
    return this.within(() => this.parts.seating.take(noso, taking));
  }

  bind(noso: string, binding: Binding): Promise<number> {
    return this.within(() => this.parts.seating.bind(noso, binding));
  }

  click(noso: string, click: Click): Promise<ClickResult> {
    return this.within(() => this.parts.seating.click(noso, click));
  }

  takenIn(noso: string, since: number, until: number): Promise<number> {
    return this.within(() => this.parts.seating.takenIn(noso, since, until));
  }

  doors(noso: string): Promise<Map<string, number>> {
    return this.within(() => this.parts.seating.doors(noso));
  }

  takeBack(noso: string, since: number, until: number): Promise<Sat[]> {
    return this.within(() => this.parts.seating.takeBack(noso, since, until));
  }

  leave(noso: string, number: number, sitting: number | null): Promise<boolean> {
    return this.within(() => this.parts.seating.leave(noso, number, sitting));
  }

  hear(noso: string, heard: Heard[]): Promise<Heard[]> {
    return this.within(() => this.parts.seating.hear(noso, heard));
  }

  seat(noso: string, number: number) {
    return this.within(() => this.parts.seating.seat(noso, number));
  }

  tail(noso: string, since: number | null): Promise<Tail> {
    return this.within(() => this.parts.log.tail(noso, since));
  }

  totals(noso: string): Promise<Totals> {
    return this.within(() => this.parts.log.totals(noso));
  }

  async seats(noso: string, asOf: number): Promise<Seats> {
    this.parts.fence.assertHeard();
    // A million seats are read in pieces, each within the patience of a command.
    return this.parts.log.seats(noso, asOf);
  }

  watch(noso: string, bell: () => void): Stop {
    return this.parts.bells.watch(this.parts.keys.noso(noso).bell, bell);
  }

  beat(walls: string[]): Promise<void> {
    return beat(this.parts, walls);
  }

  beats(walls: string[]): Promise<Map<string, number>> {
    return beats(this.parts, walls);
  }

  rehearse(): Promise<void> {
    return this.within(() => this.parts.numbers.rehearse());
  }

  doubts(): boolean {
    return this.now() - this.clock.now() > APART;
  }

  rewrites(): boolean {
    return this.parts.rewrites.allowed;
  }

  intending(noso: string): Promise<string[]> {
    return this.within(() => this.parts.catalogue.intending(noso));
  }

  ration(noso: string, what: Rationed, most: number): Promise<number | null> {
    return this.within(() => ration(this.parts, noso, what, most));
  }

  drawnNumbers(): AsyncIterable<number[]> {
    return this.parts.numbers.drawnNumbers();
  }

  markDrawn(numbers: readonly number[]): Promise<void> {
    return this.parts.numbers.markDrawn(numbers);
  }

  copyOpen(noso: string): Promise<KeysCopy | null> {
    return copyKeys(this.parts, noso);
  }

  putOpen(noso: Noso, copy: KeysCopy): Promise<void> {
    return putKeys(this.parts, noso, copy);
  }

  isForgotten(noso: string): Promise<boolean> {
    return isForgotten(this.parts, noso);
  }

  async close(): Promise<void> {
    this.closing = true;
    this.beginning.stop();
    const { pace, bells, calls } = this.parts;
    for (const stop of this.stops) stop();
    await pace.idle();
    bells.close();
    calls.close();
  }
}
