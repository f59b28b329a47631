import type { Clock, Stop } from '../../clock.js';
import type { Click, ClickResult } from '../../domain/clicks.js';
import type { Noso, NosoCommand } from '../../domain/noso.js';
import { RATIONS, type Rationed } from '../../domain/ration.js';
import type { Totals } from '../../domain/record.js';
import type { Binding, Taken, Taking } from '../../domain/seating.js';
import { unavailable } from '../deadline.js';
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
import { connect } from './connect.js';
import { keysOf } from './keys.js';
import { copyKeys, isForgotten, type KeysCopy, putKeys } from './liveCopy.js';
import { ANSWERED } from './pace.js';
import { refusalIn } from './redisRefusal.js';
import { AGAIN, Beginning } from './redisStart.js';
import { HOLDER, RESERVE, SPEND } from './scripts/onceLua.js';
import { RATION } from './scripts/rationLua.js';
import { inspect } from './servers.js';
import { assemble, type Parts } from './wiring.js';

/** How long a start waits for Redis, in ms. */
const START = 10_000;
/** How long one that is waited for keeps the start waiting, in ms. */
const SOON = 2500;
/** Clocks of two machines that are set may be this far apart, in ms. */
const APART = 60_000;
/** How often an error is told of, in ms. */
const ERRORS_EVERY = 1000;
/** How often Redis is asked for its time at start. */
const FIRST_SAMPLES = 3;

export type RedisOptions = {
  /** As `REDIS_URL`. */
  url: string;
  clock: Clock;
  /** Before every key and channel; without braces. */
  prefix?: string;
  /** Hears of what mends itself: lost connections, commands that were not answered. */
  onError?: (error: unknown) => void;
  /**
   * Whether one that does not answer, or takes no writes, is waited for: the engine refuses with
   * `unavailable` until it does.
   */
  waits?: boolean;
  /** Hears, once, what of this Redis' settings keeps less than is promised. */
  warn?: (what: string) => void;
};

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

/**
 * Connects to a Redis, standalone, behind Sentinels or a Cluster (address.ts). Throws a
 * `RedisRefusal` if it is too old or will not have us, and an `Error` if it cannot be reached, or takes
 * no writes, for 10 s and is not waited for; from then on it heals by itself.
 */
export async function openRedis(options: RedisOptions): Promise<RedisEngine> {
  const { url, clock, prefix = 'noso:', warn = () => {}, waits = false } = options;
  const { onError: alarm = () => {} } = options;
  const onError = spare(clock, alarm);
  if (/[{}]/.test(prefix)) throw new Error('a prefix of keys has no braces');
  const clients = await connect(url, clock, onError, waits ? SOON : START, { waits });
  const parts = assemble(clients, keysOf(prefix), clock, onError, alarm);
  const beginning = new Beginning(clock, clients, onError);
  const engine = new Redis(parts, clock, beginning);
  const begin = async (): Promise<void> => {
    await inspect(clients, prefix, warn);
    await engine.start();
  };
  const began = clock.steady();
  for (;;) {
    try {
      await beginning.once(begin);
      return engine;
    } catch (error) {
      const passes = refusalIn(error) === null;
      if (passes && waits) {
        beginning.goOn(begin);
        return engine;
      }
      if (!passes || clock.steady() - began > START) {
        await engine.close();
        throw error;
      }
    }
    // After a power cut replicas are heard a moment later than their master.
    await new Promise<void>((resolve) => clock.after(AGAIN, resolve));
  }
}

/**
 * Tells of one error a second: while Redis is away there is one for every request. ioredis hangs the
 * command on its errors, with keys and numbers; only the message goes on (L4).
 */
function spare(clock: Clock, onError: (error: unknown) => void): (error: unknown) => void {
  let next = 0;
  return (error) => {
    const now = clock.now();
    if (now < next && now > next - 2 * ERRORS_EVERY) return;
    next = now + ERRORS_EVERY;
    onError(error instanceof Error ? new Error(error.message) : error);
  };
}

class Redis implements RedisEngine {
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
    if (this.closing) throw unavailable('closing', 'draining');
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
    return this.within(async () => {
      const reply = await this.parts.ledger.run(SPEND, [until], [this.parts.keys.spent(id)]);
      const first = reply.number(2) === 1;
      if (first) this.parts.ledger.note({ what: 'spent', id, until });
      return first;
    });
  }

  reserve(id: string, holder: string, until: number): Promise<string> {
    return this.within(async () => {
      const { keys, ledger } = this.parts;
      const first = (await ledger.run(RESERVE, [holder, until], [keys.reserved(id)])).text(2);
      if (first === holder) ledger.note({ what: 'reserved', id, holder, until });
      return first;
    });
  }

  holder(id: string): Promise<string | null> {
    return this.within(async () => {
      const { keys, ledger } = this.parts;
      return (await ledger.run(HOLDER, [], [keys.reserved(id)])).text(2) || null;
    });
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

  async beat(walls: string[]): Promise<void> {
    if (walls.length === 0) return;
    const now = this.now();
    await this.parts.calls.send((client) =>
      client.hset(this.parts.keys.beats, ...walls.flatMap((wall) => [wall, now])),
    );
  }

  async beats(walls: string[]): Promise<Map<string, number>> {
    if (walls.length === 0) return new Map();
    const times = await this.parts.calls.send((client) =>
      client.hmget(this.parts.keys.beats, ...walls),
    );
    const noted = walls.map((wall, k) => [wall, times[k]] as const);
    return new Map(noted.flatMap(([wall, at]) => (at ? [[wall, Number(at)] as const] : [])));
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
    const { within, piece } = RATIONS[what];
    return this.within(async () => {
      const key = this.parts.keys.rationed(noso, what);
      const reply = await this.parts.calls.run(RATION, [key], [most, piece, within / piece]);
      return reply.number(0) < 0 ? null : reply.number(0);
    });
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
