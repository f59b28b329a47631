import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import { Bucket } from './bucket.js';
import type { Codes } from './codes.js';

/** So many look-ups of an address may fail at once, and so many each second after that. */
const BURST = 100;
const PER_SECOND = 4;
/** Look-ups a second, and at once, of codes of the NoSos that an address is at home at. */
const AT_HOME = 1000;
/** NoSos that an address is at home at: those whose codes it showed last. */
const HOMES = 2;
/** Tries of one connection that may wait; nobody's browser asks for more than one thing at a time. */
const MOST_OF_LINE = 4;
/** Tries of one address that may wait, and of all. */
const MOST_OF_ADDRESS = 1000;
const MOST = 5000;
/** Addresses remembered; the one that tried longest ago is forgotten first. */
const ADDRESSES = 50_000;
/** With every so many of those that are let in goes the one that has waited longest. */
const OLDEST = 4;

/** Whoever tries a code. */
export type Caller = {
  /** The address, as `Limits.keyOf` has it. */
  from: string;
  /** What stands for the connection; null where a proxy's may be many people's. */
  line: object | null;
  /** Calls `work` once the connection has gone, unless what it returns was called before. */
  whenGone: (work: () => void) => () => void;
  hangUp: () => void;
};

/** Leave to look one code up. */
export type Turn = {
  /** It had to be waited for: this address guesses, as it seems. */
  waited: boolean;
  /** It was a code of this NoSo. */
  right: (noso: string) => void;
  /** That was all; what did not turn out right was wrong. */
  end: () => void;
};

/** Of somebody who shows what they may know: there is nothing to count. */
export const FREE: Turn = { waited: false, right: () => {}, end: () => {} };

type Waiter = {
  line: object | null;
  /** How often it had been served when it came. */
  came: number;
  go: () => void;
  refuse: (why: Refusal) => void;
};
type Address = {
  failures: Bucket;
  home: Bucket;
  homes: string[];
  /** In the order in which they came. */
  waiting: Waiter[];
  /** Called to look again later; null while nobody waits. */
  timer: (() => void) | null;
  /** How often somebody was let in because there was room, and not because another was right. */
  served: number;
  /** Whether the one that has waited longest is to go with the next. */
  oldest: boolean;
};

export type Guesses = ReturnType<typeof createGuesses>;

/**
 * Leave to look codes up, so that nobody guesses one (F6): the *failures* of an address are bounded,
 * and whoever tries beyond them waits before the look-up, however many ask at once and whichever way.
 * A right code costs nothing. With 1,000 open NoSos an address finds one of their 4,000 codes with
 * p ≤ 14,500 × 4,000 / 23⁹ = 3.2 × 10⁻⁵ an hour.
 *
 * Who waits is let in by how often their connection was wrong, and then the newest of those who came
 * before the last was let in, and now and then whoever has waited longest with them: whoever comes again
 * as soon as they are answered is behind whoever comes in between. Where a code was right before, others of its NoSo are looked up at once: a room full of
 * phones behind one address does not wait at all. That adds 3,600,000 × 8 / 23⁹ = 1.6 × 10⁻⁵.
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
  let waiting = 0;

  function look(from: string): Address {
    const at = clock.steady();
    const address = addresses.get(from) ?? {
      failures: new Bucket(BURST, PER_SECOND, at),
      home: new Bucket(AT_HOME, AT_HOME, at),
      homes: [],
      waiting: [],
      timer: null,
      served: 0,
      oldest: false,
    };
    addresses.delete(from);
    addresses.set(from, address);
    if (addresses.size > ADDRESSES) {
      for (const [key, { timer }] of addresses) {
        if (timer !== null) continue;
        addresses.delete(key);
        break;
      }
    }
    return address;
  }

  const wrongOf = ({ line }: Pick<Waiter, 'line'>): number =>
    line === null ? 0 : (wrong.get(line) ?? 0);

  function next({ waiting, served }: Address): Waiter | undefined {
    const least = Math.min(...waiting.map(wrongOf));
    const first = waiting.filter((each) => wrongOf(each) === least);
    return first.findLast(({ came }) => came < served - 1) ?? first.at(-1);
  }

  /** Lets in whom there is room for, and looks again once there is more. */
  function serve(address: Address): void {
    address.timer?.();
    address.timer = null;
    const { failures, waiting: all } = address;
    while (all.length > 0) {
      const need = address.oldest ? 2 : 1;
      if (!failures.take(clock.steady(), need)) {
        address.timer = clock.after(failures.inMs(need), () => {
          address.served += 1;
          address.oldest = address.served % OLDEST === 0;
          serve(address);
        });
        return;
      }
      next(address)?.go();
      if (address.oldest && all.length > 0) all[0]?.go();
      else if (address.oldest) failures.giveBack();
      address.oldest = false;
    }
  }

  /** Makes room where too many wait: for one who was wrong most often, and is neither first nor last. */
  function makeRoom(address: Address): void {
    if (address.waiting.length < MOST_OF_ADDRESS && waiting < MOST) return;
    const most = Math.max(...address.waiting.map(wrongOf));
    const last = address.waiting.filter((each) => wrongOf(each) === most);
    last[last.length >> 1]?.refuse(tooMany());
  }

  const tooMany = () => new Refusal('rate_limited.guesses', undefined, 1);

  function wait(address: Address, caller: Caller): Promise<void> {
    const { line } = caller;
    if (line !== null) {
      const own = address.waiting.filter((each) => each.line === line).length;
      if (own >= MOST_OF_LINE) {
        caller.hangUp();
        throw tooMany();
      }
    }
    makeRoom(address);
    if (waiting >= MOST) throw tooMany();
    return new Promise((resolve, reject) => {
      const leave = (then: () => void) => {
        const at = address.waiting.indexOf(waiter);
        if (at < 0) return;
        address.waiting.splice(at, 1);
        waiting -= 1;
        forget();
        then();
      };
      const waiter: Waiter = {
        line,
        came: address.served,
        go: () => leave(resolve),
        refuse: (why) => leave(() => reject(why)),
      };
      const forget = caller.whenGone(() => waiter.refuse(tooMany()));
      address.waiting.push(waiter);
      waiting += 1;
      if (address.timer === null) serve(address);
    });
  }

  function turnOf(address: Address, { line }: Caller, waited: boolean): Turn {
    let open = true;
    return {
      waited,
      right(noso) {
        if (!open) return;
        open = false;
        address.homes = [...address.homes.filter((each) => each !== noso), noso].slice(-HOMES);
        address.failures.giveBack();
        if (address.timer !== null) serve(address);
      },
      end() {
        if (!open) return;
        open = false;
        if (line !== null) wrong.set(line, (wrong.get(line) ?? 0) + 1);
      },
    };
  }

  return {
    /**
     * Resolves once a code may be looked up; null: a return code. Rejects with `rate_limited` where
     * too many wait, and for whoever is gone.
     */
    async turn(caller: Caller, typed: string | null): Promise<Turn> {
      const address = look(caller.from);
      const noso = address.homes.length > 0 && typed !== null && codes.lookUp(typed, deps.now());
      if (noso && address.homes.includes(noso) && address.home.take(clock.steady())) return FREE;
      const waits = address.timer !== null || !address.failures.take(clock.steady());
      if (waits) await wait(address, caller);
      return turnOf(address, caller, waits);
    },
    /** Whoever waits is told to ask elsewhere. */
    stop(): void {
      for (const address of addresses.values()) {
        address.timer?.();
        for (const each of [...address.waiting]) {
          each.refuse(new Refusal('unavailable.draining', undefined, 1));
        }
      }
    },
  };
}
