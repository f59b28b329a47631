import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import { totalsAt } from '../../src/domain/record.js';
import * as seating from '../../src/domain/seating.js';
import { copyOf } from '../support/copy.js';
import { suite } from '../support/suite.js';
import { Paper } from './naive.js';

const test = suite('seats');

const OPENED = 1_800_000_000_000;
const ENDS = OPENED + 3 * 3_600_000;
const PEOPLE = 5;

const people = fc.integer({ min: 1001, max: 1000 + PEOPLE });
const sittings = fc.integer({ min: 1, max: 5 });
const steps = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      number: people,
      proof: fc.oneof(
        // How long before asking the pass was issued; ms.
        fc.record({ kind: fc.constant('entry' as const), age: fc.nat(15 * 60_000) }),
        fc.record({ kind: fc.constant('seat' as const), sitting: sittings }),
      ),
      back: fc.boolean(),
      key: fc.option(fc.constantFrom('pass-a', 'pass-b'), { freq: 2 }),
      fresh: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('leave' as const),
      number: people,
      sitting: fc.option(sittings),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('hear' as const),
      number: people,
      sitting: sittings,
      age: fc.nat(400_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(
        fc.constantFrom(1, 999, 59_999, 60_000, 60_001, 299_999, 300_000),
        fc.nat(20 * 60_000),
      ),
    }),
  },
);
const terms = fc.record({
  endsAt: fc.constant(ENDS),
  capacity: fc.constantFrom(null, 1, 3),
  pocket: fc.constantFrom(null, 300),
});
const stories = fc.array(steps, { minLength: 1, maxLength: 60 });
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;
type Terms = seating.Terms;

/** The rules at work and the paper beside them, through one story; fails where they differ. */
function live(conditions: Terms, story: Step[]) {
  const state = seating.newSeating(OPENED);
  const paper = new Paper(OPENED, conditions);
  const log: seating.LogEntry[] = [];
  let now = OPENED;
  const append = (entry: seating.LogEntry) => {
    seating.apply(state, entry);
    log.push(entry);
  };
  for (const step of story) {
    if (step.do === 'wait') now += step.ms;
    const due = [...state.seats.keys()].filter((number) => {
      const entry = seating.lapse(state, conditions, number, now);
      if (entry) append(entry);
      return entry !== null;
    });
    assert.equal(due.sort(), paper.lapse(now).sort(), 'P4 who lapses');
    if (step.do === 'take') {
      const { proof, number, back, key, fresh } = step;
      const shown =
        proof.kind === 'seat' ? proof : { kind: 'entry' as const, issuedAt: now - proof.age };
      const taking = { number, proof: shown, back, key, fresh };
      assert.equal(answer(state, conditions, taking, now, append), paper.take(taking, now));
    } else if (step.do === 'leave') {
      const entry = seating.leave(state, step.number, step.sitting, now);
      if (entry) append(entry);
      assert.is(entry !== null, paper.leave(step.number, step.sitting, now));
    } else if (step.do === 'hear') {
      const on = seating.hear(state, step.number, step.sitting, now - step.age, now);
      assert.is(on !== null, paper.hear(step.number, step.sitting, now - step.age));
    }
    assert.equal([...state.seats.keys()].sort(), paper.seated().sort(), 'who sits');
    assert.is(state.tally.count, state.seats.size);
  }
  return { state, paper, log, now };
}

function answer(
  state: seating.Seating,
  conditions: Terms,
  taking: seating.Taking,
  now: number,
  append: (entry: seating.LogEntry) => void,
) {
  try {
    const { taken, entry } = seating.take(state, conditions, taking, now);
    if (entry) append(entry);
    // The caller hears whoever asks for a seat that is taken.
    if (entry?.what !== 'take') seating.hear(state, taken.number, taken.sitting, now, now);
    return { number: taken.number, sitting: taken.sitting };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code;
  }
}

/** Those entries that change a seat. */
const changes = (log: seating.LogEntry[]): seating.Entry[] =>
  log.flatMap((entry) => ('seq' in entry ? [entry] : []));

const property = (check: (conditions: Terms, story: Step[]) => void) =>
  fc.assert(fc.property(terms, stories, check), { numRuns: 1500 });

test('P2 P3 P4 P5 S4 every answer is what the promises say, whatever happens', () => {
  property((conditions, story) => void live(conditions, story));
});

test('L5 replaying the log gives the same state, and the record what the log says', () => {
  property((conditions, story) => {
    const { state, paper, log, now } = live(conditions, story);
    const again = seating.newSeating(OPENED);
    for (const entry of log) seating.apply(again, entry);
    // When phones were heard is not in the log.
    for (const [number, { seen }] of state.seats) again.seats.heard(number, seen);
    assert.equal(again, state);
    assert.equal(totalsAt(state.tally, now + 90_000), paper.record(now + 90_000));
  });
});

test('W2 the log has no gaps, and time in it does not go back', () => {
  property((conditions, story) => {
    const log = changes(live(conditions, story).log);
    assert.equal(
      log.map((entry) => entry.seq),
      log.map((_, k) => k + 1),
    );
    for (const [k, { at }] of log.entries()) assert.ok(at >= (log[k - 1]?.at ?? OPENED));
  });
});

test('P5 the count is never above the capacity', () => {
  property((conditions, story) => {
    const { state } = live(conditions, story);
    assert.ok(conditions.capacity === null || state.tally.peak <= conditions.capacity);
  });
});

test('S4 a number comes back at most three times, at least 60 s after it left', () => {
  property((conditions, story) => {
    const { log } = live(conditions, story);
    for (const number of new Set(log.map((entry) => entry.number))) {
      const own = changes(log).filter((entry) => entry.number === number);
      const takes = own.filter((entry) => entry.what === 'take');
      assert.ok(takes.length <= 4);
      for (const [k, entry] of own.entries()) {
        const before = own[k - 1];
        if (entry.what === 'take' && before) assert.ok(entry.at >= before.at + 60_000);
      }
    }
  });
});

test('P3 what is asked twice is answered twice the same, and done once', () => {
  property((conditions, story) => {
    const { state, now } = live(conditions, story);
    if (now >= ENDS) return;
    const proof = { kind: 'entry', issuedAt: now } as const;
    for (const key of [null, 'another pass']) {
      const taking = { number: 4711, proof, back: false, fresh: false, key };
      let entries = 0;
      const append = (entry: seating.LogEntry) => {
        entries += 1;
        seating.apply(state, entry);
      };
      const first = answer(state, conditions, taking, now, append);
      assert.equal(answer(state, conditions, taking, now, append), first);
      assert.ok(entries <= 1);
    }
  });
});

test('a refusal changes nothing', () => {
  property((conditions, story) => {
    const { state, now } = live({ ...conditions, capacity: 1 }, story);
    const before = copyOf(state);
    for (const number of [1001, 1002, 1003]) {
      const proof = { kind: 'seat', sitting: 1 } as const;
      const taking = { number, proof, back: false, fresh: false, key: 'a pass' };
      const refused = typeof answer(state, conditions, taking, now, () => {}) === 'string';
      if (refused) assert.equal(state, before);
      else break;
    }
  });
});

test('P8 a pass stands for one number, whatever happens', () => {
  property((conditions, story) => {
    const { state, log } = live(conditions, story);
    const uses = log.flatMap((entry) =>
      'key' in entry && entry.key !== null ? [{ key: entry.key, number: entry.number }] : [],
    );
    for (const { key, number } of uses) assert.is(state.passes.get(key), number);
    assert.is(new Set(uses.map(({ key }) => key)).size, state.passes.size);
  });
});

test('P8 a pass that drew a number sits with it and with no other', () => {
  const conditions = { endsAt: ENDS, capacity: null, pocket: null };
  const { state } = live(conditions, []);
  const drawn = { key: 'a pass', number: 4711, issuedAt: OPENED };
  const first = seating.bind(state, conditions, drawn, OPENED);
  assert.ok(first.entry);
  seating.apply(state, first.entry);
  const later = OPENED + seating.ENTRY_PASS + 1;
  const again = seating.bind(state, conditions, { ...drawn, number: 4712 }, later);
  assert.equal(again, { number: 4711, entry: null });
  const other = { ...asked(4712), key: 'a pass' };
  assert.is(
    answer(state, conditions, other, OPENED, () => {}),
    'conflict',
  );
  const fresh = { ...other, fresh: true };
  assert.equal(
    answer(state, conditions, fresh, OPENED, () => {}),
    { number: 4711, sitting: 1 },
  );
  const unused = { ...drawn, key: 'another' };
  assert.throws(() => seating.bind(state, conditions, unused, later), /bad_code/);
});

test('too_soon says for how long, in whole seconds, and is right', () => {
  const conditions = { endsAt: ENDS, capacity: null, pocket: null };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 59_999 }), (after) => {
      const { state } = live(conditions, [
        taking(1001),
        { do: 'leave', number: 1001, sitting: null },
      ]);
      const back = { ...asked(1001), back: true };
      try {
        seating.take(state, conditions, back, OPENED + after);
        assert.unreachable();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const { retryAfter = 0 } = error;
        assert.is(error.code, 'too_soon');
        assert.ok(Number.isInteger(retryAfter) && retryAfter >= 1 && retryAfter <= 60);
        const { taken } = seating.take(state, conditions, back, OPENED + after + retryAfter * 1000);
        assert.is(taken.sitting, 2);
      }
    }),
  );
});

test('a log that cannot be true is not taken for one', () => {
  const take = (seq: number, number: number, at = OPENED): seating.Entry => {
    return { seq, at, number, what: 'take', sitting: 1, key: null };
  };
  const leave = (seq: number, number: number, at = OPENED): seating.Entry => {
    return { seq, at, number, what: 'leave' };
  };
  const bad: seating.Entry[][] = [
    [take(2, 1001)],
    [take(1, 1001), take(3, 1002)],
    [take(1, 1001), take(2, 1001)],
    [leave(1, 1001)],
    [take(1, 1001), leave(2, 1001), leave(3, 1001)],
    [take(1, 1001, OPENED + 5), take(2, 1002, OPENED + 4)],
    [take(1, 1001, OPENED - 1)],
  ];
  for (const log of bad) {
    const state = seating.newSeating(OPENED);
    assert.throws(() => {
      for (const entry of log) seating.apply(state, entry);
    }, /log/);
  }
});

test('a clock that steps back does not take the log back', () => {
  const conditions = { endsAt: ENDS, capacity: null, pocket: null };
  const { state } = live(conditions, [{ do: 'wait', ms: 50_000 }, taking(1001)]);
  const { entry } = seating.take(state, conditions, asked(1002), OPENED + 10);
  assert.is(entry && 'at' in entry && entry.at, OPENED + 50_000);
});

test('P8 L5 what is taken back is that sitting alone, and as if it had never been', () => {
  const conditions = { endsAt: ENDS, capacity: null, pocket: null };
  const { state } = live(conditions, [taking(1001), { do: 'wait', ms: 30_000 }, taking(1002)]);
  const at = OPENED + 90_000;
  assert.is(seating.takeBack(state, 1001, 2, at), null, 'a sitting that is not on');
  assert.is(seating.takeBack(state, 1003, 1, at), null, 'nobody sits');
  const entry = seating.takeBack(state, 1001, 1, at);
  assert.equal(entry, { seq: 3, at, number: 1001, what: 'void' });
  seating.apply(state, entry as seating.Entry);
  const { total, personMinutes, peak, series } = totalsAt(state.tally, OPENED + 150_000);
  assert.equal({ total, personMinutes, peak }, { total: 1, personMinutes: 2, peak: 2 });
  assert.equal(
    series.map(({ count }) => count),
    [1, 2, 1, 1],
    'what walls showed stays',
  );
  // It may come again at once with a pass of now, not with its seat's; and that is no return (S4).
  const { number, ...pass } = asked(1001);
  const seat = { ...pass, number, proof: { kind: 'seat', sitting: 1 } as const };
  assert.throws(() => seating.take(state, conditions, seat, at), /voided/);
  const again = seating.take(state, conditions, { ...pass, number }, at);
  assert.is(again.taken.sitting, 2);
  seating.apply(state, again.entry as seating.Entry);
  assert.equal([state.seats.get(1001)?.first, state.seats.get(1001)?.free], [true, 1]);
  assert.is(totalsAt(state.tally, at).total, 2);
});

test('P8 passes of before the taking back bring nobody in, and a moment later they do', () => {
  const conditions = { endsAt: ENDS, capacity: null, pocket: null, voidedAt: OPENED + 1000 };
  const { state } = live({ endsAt: ENDS, capacity: null, pocket: null }, []);
  const issued = (issuedAt: number) => ({
    ...asked(1001),
    proof: { kind: 'entry', issuedAt } as const,
  });
  const now = OPENED + 2000;
  assert.throws(() => seating.take(state, conditions, issued(OPENED + 1000), now), /bad_code/);
  assert.is(seating.take(state, conditions, issued(OPENED + 1001), now).taken.number, 1001);
  const binding = { key: 'k', number: 1001, issuedAt: OPENED + 1000 };
  assert.throws(() => seating.bind(state, conditions, binding, now), /bad_code/);
  assert.throws(
    () => seating.bind(state, conditions, { ...binding, issuedAt: now, number: null }, now),
    /bad_code/,
  );
  assert.throws(
    () => seating.bind(state, conditions, { ...binding, issuedAt: now }, ENDS),
    /not_open/,
  );
  assert.is(
    seating.bind(state, conditions, { ...binding, issuedAt: ENDS - 1 }, ENDS - 1).number,
    1001,
  );
});

test('S4 what is remembered of a number that left is its sitting, when and why, and no more', () => {
  const conditions = { endsAt: ENDS, capacity: null, pocket: null };
  const gone: Step = { do: 'leave', number: 1001, sitting: null };
  const { state } = live(conditions, [taking(1001), gone]);
  assert.equal(state.marks.get(1001), { sitting: 1, at: OPENED, why: 'left' });
});

test('L3 L4 until its end people are seated, and from then on nobody', () => {
  const conditions = { endsAt: ENDS, capacity: null, pocket: null };
  const state = seating.newSeating(OPENED);
  const take = (now: number) => {
    const proof = { kind: 'entry', issuedAt: now } as const;
    return seating.take(state, conditions, { ...asked(1001), proof }, now);
  };
  assert.is(take(ENDS - 1).taken.number, 1001);
  for (const now of [ENDS, ENDS + 1]) {
    assert.throws(
      () => take(now),
      (error: Refusal) => error.why === 'not_open.closed',
    );
  }
});

test('P9 by hand: no phone that lapses, nobody’s haste, and no more than there is room for', () => {
  const conditions = { endsAt: ENDS, capacity: 1, pocket: 60 };
  const { state } = live(conditions, []);
  const hand = { number: 1001, by: 'a door' };
  const { entry } = seating.seatByHand(state, conditions, hand, OPENED);
  seating.apply(state, entry as seating.Entry);
  assert.is(seating.lapse(state, conditions, 1001, ENDS - 1), null);
  assert.is(seating.lapsesAt(state.seats.get(1001) as seating.Seat, 60), null);
  assert.is(seating.seatByHand(state, conditions, hand, OPENED + 5).entry, null);
  assert.throws(
    () => seating.seatByHand(state, conditions, { ...hand, number: 1 }, OPENED),
    /full/,
  );
  assert.throws(() => seating.seatByHand(state, conditions, hand, ENDS), /not_open/);
  seating.apply(state, seating.leave(state, 1001, null, OPENED + 10) as seating.Entry);
  assert.is(seating.seatByHand(state, conditions, hand, OPENED + 11).taken.sitting, 2, 'at once');
});

function taking(number: number): Step {
  return {
    do: 'take',
    number,
    proof: { kind: 'entry', age: 0 },
    back: false,
    fresh: false,
    key: null,
  };
}

function asked(number: number): seating.Taking {
  return {
    number,
    proof: { kind: 'entry', issuedAt: OPENED },
    back: false,
    fresh: false,
    key: null,
  };
}
