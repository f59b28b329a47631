import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import { Bucket } from './bucket.js';
import type { Codes } from './codes.js';
import { type Waiter, Waiters } from './waiters.js';

/** So many look-ups of an address may fail at once, and so many each second after that. */
const BURST = 100;
const PER_SECOND = 10;
/** A return code is shorter than a code: one that fails counts as much as so many codes. */
const RETURN = 2.5;
/** So many wrong codes are answered at once, and so many each second after that; the rest is held. */
const ANSWERS = 3;
/** Codes a second, and at once, that are held against those of the NoSos an address is at home at. */
const AT_HOME = 1000;
/** NoSos that an address is at home at: those whose codes it showed last. */
const HOMES = 2;
/** Tries of one connection that may wait; nobody's browser asks for more than one thing at a time. */
const MOST_OF_LINE = 4;
/** Tries of one address that may wait, and of all: each is a connection, and a few kilobytes. */
const MOST_OF_ADDRESS = 8000;
const MOST = 20_000;
/** Addresses remembered; the one that tried longest ago is forgotten first. */
const ADDRESSES = 50_000;

/** Whoever tries a code. */
export type Caller = {
  /** The address, as `Limits.keyOf` has it. */
  from: string;
  /** What stands for the connection; null where a proxy's may be many people's. */
  line: object | null;
  isGone: () => boolean;
  /** Calls `work` once the connection has gone, unless what it returns was called before. */
  whenGone: (work: () => void) => () => void;
  hangUp: () => void;
};

/** Leave to look one code up. */
export type Turn = {
  /** It was a code of this NoSo. */
  right: (noso: string) => void;
  /**
   * Resolves once it may be said that it was none: at once if `right` was called before. True if
   * that, or the look-up, had to be waited for: this address guesses, as it seems.
   */
  wrong: () => Promise<boolean>;
};

/** Of somebody who shows what they may know: there is nothing to count. */
export const FREE: Turn = { right: () => {}, wrong: async () => false };

type Address = {
  lookUps: Bucket;
  answers: Bucket;
  home: Bucket;
  homes: string[];
  /** Who waits to have a code looked up, and who to be told that it was wrong. */
  waiting: Waiters;
  held: Waiters;
};

export type Guesses = ReturnType<typeof createGuesses>;

/**
 * Leave to look codes up, so that nobody guesses one (F6). Two things are bounded, however many ask at
 * once and whichever way. The *look-ups* of an address that fail: whoever tries beyond them waits before
 * the look-up. With 1,000 open NoSos an address finds one of their 4,000 codes with
 * p ≤ 36,100 × 4,000 / 23⁹ = 8.0 × 10⁻⁵ an hour. And fewer *answers* that say so: whoever asks again as
 * soon as they are answered asks less often than there are look-ups, however many they are, so that hardly
 * anybody waits before one. A right code costs nothing, and is answered at once.
 *
 * Where a code was right before, others of its NoSo are looked up first: a room full of phones behind
 * one address does not wait at all. That adds 3,601,000 × 8 / 23⁹ = 1.6 × 10⁻⁵.
 */
export function createGuesses(deps: {
  clock: Pick<Clock, 'steady' | 'after'>;
  codes: Pick<Codes, 'lookUp'>;
  /** The engine's time, which codes go by. */
  now: () => number;
}) {
  const { clock, codes } = deps;
  const addresses = new Map<string, Address>();
  const wrong = new WeakMap<object, number>();
  const tries = new WeakMap<object, number>();
  let all = 0;

  const wrongOf = ({ line }: Waiter): number => (line === null ? 0 : (wrong.get(line) ?? 0));
  const sizeOf = ({ waiting, held }: Address): number => waiting.size + held.size;

  function newAddress(): Address {
    const at = clock.steady();
    const [lookUps, answers] = [new Bucket(BURST, PER_SECOND, at), new Bucket(BURST, ANSWERS, at)];
    return {
      lookUps,
      answers,
      home: new Bucket(AT_HOME, AT_HOME, at),
      homes: [],
      waiting: new Waiters(clock, lookUps, wrongOf),
      held: new Waiters(clock, answers, wrongOf),
    };
  }

  function look(from: string): Address {
    const address = addresses.get(from) ?? newAddress();
    addresses.delete(from);
    addresses.set(from, address);
    if (addresses.size > ADDRESSES) {
      for (const [key, each] of addresses) {
        if (sizeOf(each) > 0) continue;
        addresses.delete(key);
        break;
      }
    }
    return address;
  }

  const isSlowed = (address: Address): boolean =>
    sizeOf(address) > 0 || !address.answers.hasOne(clock.steady());

  const tooMany = () => new Refusal('rate_limited.guesses', undefined, 1);

  /** What else was sent with it is seen first: who sends more than one thing at a time is hung up on. */
  async function lookTwice(caller: Caller): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (caller.isGone()) throw tooMany();
  }

  /** Makes room where too many wait. */
  function makeRoom(address: Address): void {
    if (sizeOf(address) < MOST_OF_ADDRESS && all < MOST) return;
    const spare = address.held.spare() ?? address.waiting.spare();
    if (!spare) throw tooMany();
    spare.refuse(tooMany());
  }

  /** Resolves once there is room; rejects for whoever is gone, and where too many wait. */
  async function wait(address: Address, of: 'waiting' | 'held', caller: Caller, cost: number) {
    makeRoom(address);
    const queue = address[of];
    return new Promise<void>((resolve, reject) => {
      const leave = (then: () => void) => {
        if (!queue.remove(waiter)) return;
        all -= 1;
        forget();
        then();
      };
      const waiter: Waiter = {
        line: caller.line,
        cost,
        go: () => leave(resolve),
        refuse: (why) => leave(() => reject(why)),
      };
      const forget = caller.whenGone(() => waiter.refuse(tooMany()));
      all += 1;
      queue.add(waiter);
    });
  }

  /** One more try of a connection, as long as it waits; hangs up on it where it has too many. */
  async function oneMore<T>({ line, hangUp }: Caller, work: () => Promise<T>): Promise<T> {
    if (line === null) return work();
    const own = tries.get(line) ?? 0;
    if (own >= MOST_OF_LINE) {
      hangUp();
      throw tooMany();
    }
    tries.set(line, own + 1);
    try {
      return await work();
    } finally {
      tries.set(line, (tries.get(line) ?? 1) - 1);
    }
  }

  async function take(address: Address, caller: Caller, typed: string | null): Promise<Turn> {
    if (isSlowed(address)) await lookTwice(caller);
    if (isOfHome(address, typed)) return FREE;
    const cost = typed === null ? RETURN : 1;
    const waits = address.waiting.size > 0 || !address.lookUps.take(clock.steady(), cost);
    if (waits) await wait(address, 'waiting', caller, cost);
    return turnOf(address, caller, cost, waits);
  }

  /** Resolves once it may be said that a code was wrong; whether that took a while. */
  async function hold(address: Address, caller: Caller): Promise<boolean> {
    const { held, answers } = address;
    if (held.size === 0 && answers.take(clock.steady())) return false;
    await wait(address, 'held', caller, 1).catch((why: unknown) => {
      // Whoever goes without the answer has had it: else going would be the way to get more of them.
      answers.take(clock.steady());
      throw why;
    });
    return true;
  }

  function turnOf(address: Address, caller: Caller, cost: number, waited: boolean): Turn {
    let open = true;
    return {
      right(noso) {
        if (!open) return;
        open = false;
        address.homes = [...address.homes.filter((each) => each !== noso), noso].slice(-HOMES);
        address.lookUps.giveBack(cost);
        if (address.waiting.size > 0) address.waiting.serve();
      },
      async wrong() {
        if (!open) return false;
        open = false;
        const { line } = caller;
        if (line !== null) wrong.set(line, (wrong.get(line) ?? 0) + 1);
        return (await oneMore(caller, () => hold(address, caller))) || waited;
      },
    };
  }

  /** A code of a NoSo where the address is at home. */
  function isOfHome(address: Address, typed: string | null): boolean {
    if (typed === null || address.homes.length === 0) return false;
    if (!address.home.take(clock.steady())) return false;
    const noso = codes.lookUp(typed, deps.now());
    return noso !== null && address.homes.includes(noso);
  }

  return {
    /**
     * Resolves once a code may be looked up; null: a return code. Rejects with `rate_limited` where
     * too many wait, and for whoever is gone.
     */
    turn: (caller: Caller, typed: string | null): Promise<Turn> =>
      oneMore(caller, () => take(look(caller.from), caller, typed)),
    /** Whether somebody at this address, as `Limits.keyOf` has it, was wrong too often of late. */
    isSlowed(from: string): boolean {
      const address = addresses.get(from);
      return address !== undefined && isSlowed(address);
    },
    /** Whoever waits is told to ask elsewhere. */
    stop(): void {
      const draining = () => new Refusal('unavailable.draining', undefined, 1);
      for (const { waiting, held } of addresses.values()) {
        waiting.refuse(draining);
        held.refuse(draining);
      }
    },
  };
}
