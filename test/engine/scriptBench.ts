import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { catalogueKeys, keysOf, liveKeys } from '../../src/engine/redis/keys.js';
import { BRING_UP } from '../../src/engine/redis/scripts/catalogueLua.js';
import { FOUND } from '../../src/engine/redis/scripts/lifecycleLua.js';
import type { Script } from '../../src/engine/redis/scripts/script.js';
import { ownPrefix, type Server, startRedis } from '../support/redis.js';
import type { Test } from '../support/suite.js';
import { heldScript, setTime } from './frozen.js';

/** Ahead of any clock, so that nothing ends while it is looked at. */
export const NOW = 4_000_000_000_000;

export type Arg = string | number;
export type Bench = {
  redis: Redis;
  keys: ReturnType<typeof keysOf>;
  at: (ms: number) => Promise<unknown>;
  /** Runs a script of the catalogue; `more` are keys beyond its own. */
  ask: (script: Script, args?: Arg[], more?: string[]) => Promise<unknown>;
  /** Runs one of the NoSo `n`, told its time by nobody, unless `told`: by its node, and the node's own. */
  live: (script: Script, args?: Arg[], told?: [Arg, Arg], more?: string[]) => Promise<unknown>;
  one: (script: Script, key: string, args: Arg[]) => Promise<unknown>;
  /** What is left of a key's time is no more than so much, and near it. */
  endsWithin: (key: string, ms: number) => Promise<void>;
};

/** When a key ends, in ms. */
export const endOf = (b: Bench, key: string) => b.redis.call('PEXPIRETIME', key) as Promise<number>;

let server: Server | null = null;

/** Tells of scripts, each asked by itself, on a catalogue that was brought up, unless it is to be `fresh`. */
export const storiesOf =
  (test: Test) =>
  (title: string, play: (bench: Bench) => Promise<void>, { fresh = false } = {}): void =>
    test(title, async () => {
      if (!server) {
        server = await startRedis();
        server.leave();
      }
      const redis = new Redis(server.url);
      const keys = keysOf(ownPrefix());
      const run = (script: Script, all: string[], args: Arg[]) =>
        redis.eval(heldScript(script), all.length, ...all, ...args);
      const bench: Bench = {
        redis,
        keys,
        at: (ms) => setTime(redis, ms),
        ask: (script, args = [], more = []) => run(script, [...catalogueKeys(keys), ...more], args),
        live: (script, args = [], told = ['', ''], more = []) =>
          run(
            script,
            [...liveKeys(keys.noso('n')), ...more],
            script.live ? [...args, ...told] : args,
          ),
        one: (script, key, args) => run(script, [key], args),
        async endsWithin(key, ms) {
          const left = await redis.pttl(key);
          assert.ok(left > ms / 2 && left <= ms, `${left} of ${ms} ms are left`);
        },
      };
      try {
        await setTime(redis, NOW);
        if (!fresh) await bench.ask(BRING_UP, ['store']);
        await play(bench);
      } finally {
        await redis.quit();
      }
    });

export const HOUR = 3_600_000;
export const ENDS = NOW + HOUR;

/** Founds `n` at `NOW`, of one that opened then, unless told. */
export const found = (
  b: Bench,
  { openedAt = NOW, readAt = NOW, capacity = '', pocket = '' } = {},
) => b.live(FOUND, [readAt, '{}', 1, openedAt, ENDS, capacity, pocket, openedAt, 77]);
/** What an epoch has for each ms, and the one of a NoSo that is founded as it opens. */
export const HEAD = 65_536;
export const BEGUN = 2 * HEAD + 77;
