import type { Clock } from '../../clock.js';
import { connect } from './connect.js';
import { keysOf } from './keys.js';
import { Redis, type RedisEngine } from './redisEngine.js';
import { refusalIn } from './redisRefusal.js';
import { AGAIN, Beginning } from './redisStart.js';
import { inspect } from './servers.js';
import { sparing } from './sparing.js';
import { assemble } from './wiring.js';

/** How long a start waits for Redis, in ms. */
const START = 10_000;
/** How long one that is waited for keeps the start waiting, in ms. */
const SOON = 2500;

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

/**
 * Connects to a Redis, standalone, behind Sentinels or a Cluster (address.ts). Throws a
 * `RedisRefusal` if it is too old or will not have us, and an `Error` if it cannot be reached, or takes
 * no writes, for 10 s and is not waited for; from then on it heals by itself.
 */
export async function openRedis(options: RedisOptions): Promise<RedisEngine> {
  const { url, clock, prefix = 'noso:', warn = () => {}, waits = false } = options;
  const { onError: alarm = () => {} } = options;
  if (/[{}]/.test(prefix)) throw new Error('a prefix of keys has no braces');
  const clients = await connect(url, clock, sparing(clock, alarm), waits ? SOON : START, { waits });
  const { tell: onError } = clients;
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
