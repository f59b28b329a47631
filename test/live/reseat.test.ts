import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { createFeed, type Feed, type FeedState, type Follower } from '../../src/live/feed.js';
import { MOST_NUMBERS } from '../../src/protocol/wire.js';
import { createFreshness } from '../../src/service/freshness.js';
import { newNoso } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';
import { goOn, type MadeUpLog, newLog } from './madeUpLog.js';

const test = suite('what a wall is fed after a loss');

/** What happens to a log that is followed, by name: every path of a feed. */
const HAPPENINGS: Record<string, (log: MadeUpLog) => void> = {
  'one comes and one goes': (log) => {
    log.sit(4);
    log.leave(1);
  },
  'another epoch, one less and one more': (log) => log.lose(2, 3, 5),
  'another epoch, at the very same position': (log) => log.lose(7, 8, 9),
  'another epoch, and another': (log) => {
    log.lose(2, 3, 5);
    log.during = once(() => log.lose(6));
  },
  'the end of the log is gone': (log) => log.loseEnd(1),
  'the log does not reach back so far': (log) => {
    log.sit(4);
    log.forgetBeginning();
  },
  'another epoch, and more in it than is told at once': (log) => {
    log.most = 3;
    log.lose(2, 3, 5, 6, 7, 8);
  },
  'more than are shown, and then not': (log) => {
    const many = Array.from({ length: MOST_NUMBERS }, (_, k) => 1000 + k);
    log.sit(...many);
    const [, again] = [0, 0].map(() => many.splice(0, 20));
    setImmediate(() => setImmediate(() => log.leave(...(again as number[]))));
  },
};

const once = (work: () => void) => {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
};

/** What one wall holds by the frames that its feed gives rise to, and what was wrong with them. */
function wallOf(turn: () => number) {
  let held: FeedState | null = null;
  let resetIn = -1;
  const wrong: string[] = [];
  const show = (feed: Feed) => {
    const state = feed.state();
    held = state && { ...state, numbers: state.numbers && new Set(state.numbers) };
  };
  const alone = (what: string) => {
    if (turn() === resetIn) wrong.push(`${what} in the turn of a reset`);
  };
  const follower: Follower = {
    count(feed) {
      alone('a count');
      const state = feed.state();
      if (!held || !state) return;
      if (state.epoch !== held.epoch) wrong.push('a count of another epoch before its snapshot');
      held = { ...held, seq: state.seq, count: state.count };
    },
    numbers(feed, { from, seq, seated, gone }) {
      alone('numbers');
      if (!held) return;
      if (feed.state()?.epoch !== held.epoch) wrong.push('numbers of another epoch');
      if (from !== held.numbersSeq) wrong.push(`from ${from} on ${held.numbersSeq}`);
      const numbers = new Set(held.numbers);
      for (const number of gone) numbers.delete(number);
      for (const number of seated) numbers.add(number);
      held = { ...held, numbers, numbersSeq: seq };
    },
    reset(feed) {
      alone('a reset');
      resetIn = turn();
      show(feed);
    },
  };
  return { follower, show, wrong, held: () => held };
}

/** One run; `refused` is the place of the read that fails. Returns how many reads there were. */
async function run(veil: number, happen: (log: MadeUpLog) => void, refused: number) {
  const clock = manualClock(1_000_000);
  const { log, engine } = newLog(clock);
  log.sit(1, 2, 3);
  let turns = 0;
  let counting = true;
  const count = () => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  count();
  const wall = wallOf(() => turns);
  const errors: unknown[] = [];
  const feed = createFeed({
    engine,
    clock,
    freshness: createFreshness(engine, clock),
    noso: newNoso(engine, { veil }),
    random: () => 0,
    follower: wall.follower,
    onError: (error) => errors.push(error),
  });
  const look = () => {
    const state = feed.state();
    if (state) assert.ok(log.wasOnce(state), `a mixture: ${JSON.stringify(state)}`);
  };
  try {
    await feed.ready();
    wall.show(feed);
    const before = log.reads;
    log.refuses = (read) => read === before + refused;
    happen(log);
    const meanwhile = log.during;
    log.during = () => {
      look();
      meanwhile();
    };
    log.ring();
    for (let second = 0; second < 14; second += 1) {
      feed.read().catch(() => {});
      await goOn(clock, 1000, 500);
      look();
      // Where nothing fails nobody waits, for a tick least of all.
      if (second === 1 && refused < 0) assert.is(feed.state()?.seq, log.now().seq);
    }
    const { epoch, seq, numbers } = log.now();
    assert.is(
      errors.every((error) => error instanceof Refusal),
      true,
    );
    for (const state of [feed.state(), wall.held()] as FeedState[]) {
      assert.is(state.epoch, epoch);
      assert.is(state.seq, seq);
      assert.is(state.count, numbers.size);
      const shown = state.numbers ?? new Set();
      assert.equal([...shown].filter((number) => !numbers.has(number)).slice(0, 9), []);
      assert.equal([...numbers].filter((number) => !shown.has(number)).slice(0, 9), []);
    }
    assert.equal(wall.wrong, []);
    return log.reads - before;
  } finally {
    counting = false;
    feed.stop();
  }
}

for (const veil of [0, 5]) {
  for (const [name, happen] of Object.entries(HAPPENINGS)) {
    test(`W2 W4 P4 each read in turn fails: ${name} (veil ${veil})`, async () => {
      const reads = await run(veil, happen, -1);
      for (let refused = 0; refused < Math.min(reads, 12); refused += 1) {
        await run(veil, happen, refused);
      }
    });
  }
}
