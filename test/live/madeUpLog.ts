// A store of one NoSo's log that can lose what it had, begin a new epoch, forget the beginning of its
// log, and fail any read that is asked of it.
import type { Clock, ManualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Engine, SeatChange } from '../../src/engine/engine.js';
import type { FeedState } from '../../src/live/feed.js';

export type MadeUpLog = ReturnType<typeof newLog>['log'];

const setOf = (changes: readonly SeatChange[]): Set<number> => {
  const set = new Set<number>();
  for (const { number, seated } of changes) {
    if (seated) set.add(number);
    else set.delete(number);
  }
  return set;
};

const same = (a: ReadonlySet<number>, b: ReadonlySet<number>) =>
  a.size === b.size && [...a].every((number) => b.has(number));

export function newLog(clock: Clock) {
  let epoch = 1;
  let changes: SeatChange[] = [];
  /** All that there ever were, this one last. */
  const logs = [{ epoch, changes }];
  let oldest = 0;
  let bell = () => {};

  const log = {
    /** How many reads were asked for. */
    reads: 0,
    /** Which of them are refused, by their place in the order; or all. */
    refuses: (_read: number): boolean => false,
    /** Changes told by one read at most; where there were more it tells none. */
    most: Number.POSITIVE_INFINITY,
    /** Called while a read is under way, and once more before it is answered. */
    during: (): void => {},
    sit: (...numbers: number[]) => append(numbers, true),
    leave: (...numbers: number[]) => append(numbers, false),
    ring: () => bell(),
    /** All is lost but what is said here: another epoch, and a log of its own. */
    lose: (...seated: number[]) => begin(epoch + 1, [], seated),
    /** The end of the log is lost, and the store knows nothing of it. */
    loseEnd: (many: number) => begin(epoch, changes.slice(0, -many), []),
    /** The log does not reach back before now any more. */
    forgetBeginning() {
      oldest = changes.length;
    },
    now: () => ({ epoch, seq: changes.length, numbers: setOf(changes) }),
    /** Whether all of that ever was so, in one and the same log. */
    wasOnce: (state: Pick<FeedState, 'epoch' | 'seq' | 'count' | 'numbersSeq' | 'numbers'>) =>
      logs.some(
        (each) =>
          each.epoch === state.epoch &&
          each.changes.length >= state.seq &&
          setOf(each.changes.slice(0, state.seq)).size === state.count &&
          (!state.numbers || same(setOf(each.changes.slice(0, state.numbersSeq)), state.numbers)),
      ),
  };

  function begin(as: number, kept: SeatChange[], seated: number[]): void {
    epoch = as;
    changes = [...kept];
    oldest = 0;
    logs.push({ epoch, changes });
    append(seated, true);
  }

  function append(numbers: number[], seated: boolean): void {
    for (const number of numbers) {
      changes.push({ seq: changes.length + 1, at: clock.now(), number, seated });
    }
  }

  /** A read: it is under way for a turn, then answers as things are, or is refused. */
  async function asked<T>(answer: () => T): Promise<T> {
    const read = log.reads++;
    log.during();
    await new Promise(setImmediate);
    log.during();
    if (log.refuses(read)) throw new Refusal('unavailable.no_answer');
    return answer();
  }

  const engine = {
    now: () => clock.now(),
    watch: (_noso: string, ring: () => void) => {
      bell = ring;
      return () => {};
    },
    tail: (_noso: string, since: number | null) =>
      asked(() => {
        const seq = changes.length;
        const count = setOf(changes).size;
        const reaches =
          since !== null && since >= oldest && since <= seq && seq - since <= log.most;
        return { epoch, seq, count, peak: count, changes: reaches ? changes.slice(since) : null };
      }),
    seats: (_noso: string, asOf: number) =>
      asked(() => {
        const seq = Math.max(oldest, changes.filter(({ at }) => at <= asOf).length);
        return { epoch, seq, numbers: [...setOf(changes.slice(0, seq))] };
      }),
  } as Partial<Engine> as Engine;
  return { log, engine };
}

/** Lets `clock` go on by `ms`, with turns in between for what is under way. */
export async function goOn(clock: ManualClock, ms: number, step = 40): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    clock.advance(Math.min(step, ms - gone));
    for (let turn = 0; turn < 8; turn += 1) await new Promise(setImmediate);
  }
}
