import type { Clock, Stop } from '../../clock.js';
import type { Noso, NosoCommand } from '../../domain/noso.js';
import type { Taken, Taking } from '../../domain/seating.js';
import type { Changes, Documents, Engine, Heard, Kind, Seats, Tail } from '../engine.js';
import { Bells } from './bells.js';
import { Calls, isUnavailable } from './calls.js';
import { Catalogue } from './catalogue.js';
import { connect } from './connect.js';
import { type Keys, keysOf } from './keys.js';
import { Ledger } from './ledger.js';
import { Lifecycle } from './lifecycle.js';
import { Live } from './live.js';
import { Log } from './log.js';
import { Numbers } from './numbers.js';
import { Recovery } from './recovery.js';
import { SPEND } from './scripts/once.js';
import { Seating } from './seating.js';
import { inspect } from './servers.js';
import { RedisTime } from './time.js';
import { Upkeep } from './upkeep.js';

/** How long a start waits for Redis, in ms. */
const START = 10_000;
/** How often Redis is asked for its time, in ms. */
const TIME_EVERY = 1000;
/** How often an error is told of, in ms. */
const ERRORS_EVERY = 1000;
/** How often it is asked at start. */
const FIRST_SAMPLES = 3;

export type RedisOptions = {
  /** As `REDIS_URL`. */
  url: string;
  clock: Clock;
  /** Before every key and channel; without braces. */
  prefix?: string;
  /** Hears of what mends itself: lost connections, commands that were not answered. */
  onError?: (error: unknown) => void;
  /** Hears, once, what of this Redis' settings keeps less than is promised. */
  warn?: (what: string) => void;
};

/** An `Engine` on Redis, any number of which share the same NoSos. */
export type RedisEngine = Engine & {
  /** Whether Redis lets its files be rewritten, so that what is forgotten is gone from them too. */
  rewrites(): boolean;
  /** All numbers ever drawn, some at a time, for moving them to another engine … */
  drawnNumbers(): AsyncIterable<number[]>;
  /** … and from one. Marking a number twice changes nothing. */
  markDrawn(numbers: readonly number[]): Promise<void>;
};

/**
 * Connects to a Redis, standalone, behind Sentinels or a Cluster (address.ts). Throws an `Error` if
 * it cannot be reached or is too old; from then on it heals by itself.
 */
export async function openRedis(options: RedisOptions): Promise<RedisEngine> {
  const { url, clock, prefix = 'noso:', warn = () => {} } = options;
  const onError = spare(clock, options.onError ?? (() => {}));
  if (/[{}]/.test(prefix)) throw new Error('a prefix of keys has no braces');
  const clients = await connect(url, clock, onError, START);
  const calls = new Calls(clients, clock, onError);
  try {
    await inspect(clients, warn);
    const engine = new Redis(calls, keysOf(prefix), clock, onError);
    await engine.start();
    return engine;
  } catch (error) {
    await calls.close();
    throw error;
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
  private readonly ledger: Ledger;
  private readonly catalogue: Catalogue;
  private readonly lifecycle: Lifecycle;
  private readonly recovery: Recovery;
  private readonly live: Live;
  private readonly seating: Seating;
  private readonly log: Log;
  private readonly numbers: Numbers;
  private readonly bells: Bells;
  private readonly time: RedisTime;
  private readonly upkeep: Upkeep;
  private stopTime: Stop = () => {};

  constructor(
    private readonly calls: Calls,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly onError: (error: unknown) => void,
  ) {
    this.ledger = new Ledger(calls, keys, clock, (nosos) => this.restored(nosos));
    this.catalogue = new Catalogue(this.ledger);
    this.lifecycle = new Lifecycle(calls, keys, this.catalogue, (noso) => this.closed(noso));
    this.recovery = new Recovery(calls, keys, clock);
    this.live = new Live(calls, keys, this.lifecycle, this.recovery);
    this.seating = new Seating(this.live, this.recovery);
    this.log = new Log(this.live, this.recovery);
    this.numbers = new Numbers(calls, this.ledger, keys);
    this.bells = new Bells(calls.clients, clock, onError);
    this.time = new RedisTime(clock);
    this.upkeep = new Upkeep({ ...this.parts(), clock, calls, keys, onError });
  }

  private parts() {
    const { catalogue, ledger, lifecycle, live, recovery, bells, time } = this;
    return { catalogue, ledger, lifecycle, live, recovery, bells, time };
  }

  async start(): Promise<void> {
    for (let k = 0; k < FIRST_SAMPLES; k += 1) await this.askTime();
    this.stopTime = this.clock.every(TIME_EVERY, () => {
      this.askTime().catch((error: unknown) => {
        if (!isUnavailable(error)) this.onError(error);
      });
    });
    await this.upkeep.start();
  }

  private askTime(): Promise<void> {
    return this.time.sample(async () => {
      const [seconds, microseconds] = await this.calls.send((client) => client.time());
      return Number(seconds) * 1000 + Number(microseconds) / 1000;
    });
  }

  now(): number {
    return this.time.now();
  }

  save<K extends Kind>(kind: K, id: string, document: Documents[K]): Promise<number> {
    return this.catalogue.save(kind, id, document);
  }

  remove(kind: Kind, id: string): Promise<void> {
    return this.catalogue.remove(kind, id);
  }

  changesSince(revision: number): Promise<Changes> {
    return this.catalogue.changesSince(revision);
  }

  async spend(id: string, until: number): Promise<boolean> {
    const reply = await this.ledger.run(SPEND, [until], [this.keys.spent(id)]);
    const first = reply.number(2) === 1;
    if (first) this.ledger.note({ what: 'spent', id, until });
    return first;
  }

  async command(noso: string, command: NosoCommand): Promise<Noso> {
    const done = await this.lifecycle.command(noso, command);
    this.upkeep.noted(done);
    return done;
  }

  draw(count: number): Promise<number[]> {
    return this.numbers.draw(count);
  }

  take(noso: string, taking: Taking): Promise<Taken> {
    return this.seating.take(noso, taking);
  }

  leave(noso: string, number: number, sitting: number | null): Promise<boolean> {
    return this.seating.leave(noso, number, sitting);
  }

  hear(noso: string, heard: Heard[]): Promise<Heard[]> {
    return this.seating.hear(noso, heard);
  }

  seat(noso: string, number: number) {
    return this.seating.seat(noso, number);
  }

  tail(noso: string, since: number | null): Promise<Tail> {
    return this.log.tail(noso, since);
  }

  seats(noso: string, asOf: number): Promise<Seats> {
    return this.log.seats(noso, asOf);
  }

  watch(noso: string, bell: () => void): Stop {
    return this.bells.watch(this.keys.noso(noso).bell, bell);
  }

  async beat(walls: string[]): Promise<void> {
    if (walls.length === 0) return;
    const now = this.now();
    await this.calls.send((client) =>
      client.hset(this.keys.beats, ...walls.flatMap((wall) => [wall, now])),
    );
  }

  async beats(walls: string[]): Promise<Map<string, number>> {
    if (walls.length === 0) return new Map();
    const times = await this.calls.send((client) => client.hmget(this.keys.beats, ...walls));
    const noted = walls.map((wall, k) => [wall, times[k]] as const);
    return new Map(noted.flatMap(([wall, at]) => (at ? [[wall, Number(at)] as const] : [])));
  }

  rewrites(): boolean {
    return this.upkeep.rewrites;
  }

  drawnNumbers(): AsyncIterable<number[]> {
    return this.numbers.drawnNumbers();
  }

  markDrawn(numbers: readonly number[]): Promise<void> {
    return this.numbers.markDrawn(numbers);
  }

  async close(): Promise<void> {
    this.stopTime();
    this.upkeep.close();
    this.bells.close();
    await this.calls.close();
  }

  /** Documents were put back after a loss: nothing may be open that they say is closed. */
  private restored(nosos: Noso[]): void {
    for (const noso of nosos) this.upkeep.noted(noso);
  }

  private closed(noso: Noso): void {
    this.upkeep.noted(noso);
    this.upkeep.rewrite('wanted').catch((error: unknown) => {
      if (!isUnavailable(error)) this.onError(error);
    });
  }
}
