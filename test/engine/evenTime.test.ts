import * as assert from 'uvu/assert';
import { EvenTime } from '../../src/engine/embedded/evenTime.js';
import { createRationing } from '../../src/engine/embedded/rationing.js';
import { suite } from '../support/suite.js';

const test = suite('even time');

const WALL = 1_800_000_000_000;
const MINUTE = 60_000;
const HALF_A_DAY = 12 * 3_600_000;

/** A wall clock and even time, each of which is what a test says. */
function clocks() {
  const clock = { wall: WALL, even: 5000, now: () => clock.wall, steady: () => clock.even };
  const time = new EvenTime(clock);
  /** Both go on, as they do. */
  const pass = (ms: number) => {
    clock.wall += ms;
    clock.even += ms;
  };
  return { clock, time, pass };
}

test('it is the wall clock of the start, and goes on evenly in whole ms', () => {
  const { clock, time } = clocks();
  assert.is(time.now(), WALL);
  clock.even += 250.75;
  clock.wall -= 3_600_000;
  assert.is(time.now(), WALL + 250);
});

test('L7 what is agreed is no later than either clock says', () => {
  const { clock, time } = clocks();
  clock.even += 10_000;
  clock.wall += 4000;
  assert.is(time.agreed(), WALL + 4000);
  clock.wall += 60_000;
  assert.is(time.agreed(), WALL + 10_000);
});

test('L5 what was stored bounds it from below, and never brings it back', () => {
  const { time } = clocks();
  time.atLeast(WALL - 1);
  assert.is(time.now(), WALL);
  time.atLeast(WALL + 700);
  assert.is(time.now(), WALL + 700);
  time.atLeast(WALL + 300);
  assert.is(time.now(), WALL + 700);
});

test('a clock that is within a second is followed at once, where nothing is open', () => {
  const { clock, time } = clocks();
  clock.wall += 1000;
  time.look(false);
  assert.is(time.now(), WALL, 'something is open');
  time.look(true);
  assert.is(time.now(), WALL + 1000);
  clock.wall -= 1000;
  time.look(true);
  assert.is(time.now(), WALL);
  clock.wall += 1001;
  time.look(true);
  assert.is(time.now(), WALL, 'that far it must say so for a minute');
});

test('one that is farther is followed once it has said the same for a minute', () => {
  for (const wrong of [1001, -7 * MINUTE]) {
    const { clock, time, pass } = clocks();
    clock.wall += wrong;
    time.look(true);
    pass(MINUTE - 1);
    clock.wall += 1000; // nearly the same
    time.look(true);
    assert.is(time.now(), WALL + MINUTE - 1);
    pass(1);
    time.look(true);
    assert.is(time.now(), WALL + MINUTE + wrong + 1000);
  }
});

test('what it said instead is forgotten when it says another, or something opens', () => {
  const { clock, time, pass } = clocks();
  clock.wall += MINUTE;
  time.look(true);
  pass(MINUTE - 1);
  clock.wall += 1001;
  time.look(true); // another
  pass(1);
  time.look(true);
  assert.is(time.now(), WALL + MINUTE);
  pass(MINUTE - 2);
  time.look(true);
  assert.is(time.now(), WALL + 2 * MINUTE - 2);
  time.look(false);
  pass(1);
  time.look(true);
  assert.is(time.now(), WALL + 2 * MINUTE - 1, 'begun anew');
  pass(MINUTE);
  time.look(true);
  assert.is(time.now(), WALL + 4 * MINUTE + 1000);
});

test('and one that was put right meanwhile is believed again, for another minute if need be', () => {
  const { clock, time, pass } = clocks();
  clock.wall += MINUTE;
  time.look(true);
  clock.wall -= MINUTE;
  time.look(true); // as it was
  clock.wall += MINUTE;
  pass(MINUTE);
  time.look(true);
  assert.is(time.now(), WALL + MINUTE, 'it says so since now');
});

test('L7 a start that is more than half a day after it last ran is in doubt for a minute', () => {
  const { time, pass } = clocks();
  time.ranAt(WALL - HALF_A_DAY);
  assert.not.ok(time.doubts());
  assert.is(time.believed(), WALL);
  const last = WALL - HALF_A_DAY - 1;
  time.ranAt(last);
  assert.ok(time.doubts());
  assert.equal([time.now(), time.believed(), time.agreed()], [WALL, last, last]);
  pass(MINUTE - 1);
  time.look(true);
  assert.ok(time.doubts());
  pass(1);
  time.look(true);
  assert.not.ok(time.doubts());
  assert.is(time.believed(), WALL + MINUTE);
});

test('L7 while in doubt it follows a clock that is set at once, but not to before what is stored', () => {
  const { clock, time, pass } = clocks();
  time.ranAt(WALL - 2 * HALF_A_DAY);
  pass(10);
  clock.wall += 1000;
  time.look(true);
  assert.is(time.now(), WALL + 10, 'a second is none');
  clock.wall -= 1001 + 1000;
  time.look(true);
  assert.is(time.now(), WALL + 10 - 1001);
  assert.ok(time.doubts());
  pass(MINUTE - 1);
  time.look(true);
  assert.ok(time.doubts(), 'a minute from then');
  clock.wall -= 2 * HALF_A_DAY;
  time.look(true, WALL - HALF_A_DAY);
  assert.is(time.now(), WALL - HALF_A_DAY, 'no earlier than what is stored');
  assert.not.ok(time.doubts());
});

test('L7 whoever ran later than the clock says believes the clock', () => {
  const { time } = clocks();
  time.ranAt(WALL + 5000);
  assert.not.ok(time.doubts());
  assert.is(time.believed(), WALL);
});

test('P8 what is bounded at a NoSo passes with its time, and ends with its close', () => {
  const clock = { even: 0, steady: () => clock.even };
  const rations = createRationing(clock);
  assert.equal(
    [1, 2, 3].map(() => rations.count('one', 'ways', 2)),
    [1, 2, null],
  );
  assert.is(rations.count('other', 'ways', 2), 1);
  assert.is(rations.count('one', 'tries', 2), 1);
  clock.even = 15_499;
  assert.is(rations.count('one', 'ways', 2), null);
  clock.even = 15_500;
  assert.is(rations.count('one', 'ways', 2), 1);
  rations.forget('one');
  assert.equal([rations.count('one', 'ways', 2), rations.count('one', 'tries', 2)], [1, 1]);
  assert.is(rations.count('other', 'ways', 2), 1, 'time passed there as well');
  // However many there are, what counts is kept.
  for (let k = 0; k < 300; k += 1) rations.count(`more ${k}`, 'ways', 1);
  assert.is(rations.count('one', 'ways', 2), 2);
  assert.is(rations.count('one', 'ways', 2), null);
});
