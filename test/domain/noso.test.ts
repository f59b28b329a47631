import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { due } from '../../src/domain/byTheHour.js';
import { Refusal } from '../../src/domain/errors.js';
import {
  assertIntendable,
  assertStart,
  beganAt,
  decide,
  type Facts,
  type Noso,
  type NosoCommand,
  voidedAt,
} from '../../src/domain/noso.js';
import { suite } from '../support/suite.js';
import { facts, HOUR, lives, MINUTE, noso, outcome, states, T0, TOTALS } from './planned.js';

const test = suite('the lifecycle');

test('L1 every state and every command: two ways forward, nothing else', () => {
  const allowed: Record<string, string> = {
    'scheduled open': 'open',
    'scheduled cancel': 'cancelled',
    'open close': 'closed',
  };
  for (const state of states) {
    for (const verb of ['open', 'close', 'cancel'] as const) {
      const got = outcome(noso({ life: lives[state] }), { do: verb, by: 'organizer' }, facts());
      assert.is(got, allowed[`${state} ${verb}`] ?? 'conflict', `${state}, ${verb}`);
    }
  }
});

test('L1 no sequence of commands leads back', () => {
  const command = fc.record({
    do: fc.constantFrom('open' as const, 'close' as const, 'cancel' as const),
    by: fc.constantFrom('organizer' as const, 'schedule' as const),
    after: fc.nat(40 * MINUTE),
  });
  fc.assert(
    fc.property(fc.array(command), (commands) => {
      const order = { scheduled: 0, open: 1, closed: 2, cancelled: 2 };
      let current = noso();
      let now = T0 - HOUR;
      for (const { after, ...step } of commands) {
        now += after;
        const before = structuredClone(current);
        try {
          const next = decide(current, step, facts({ now }));
          assert.ok(order[next.life.is] > order[current.life.is]);
          current = next;
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          assert.is(error.code, 'conflict');
          assert.equal(current, before);
        }
      }
    }),
  );
});

test('L1 a NoSo opens until its end, and not from then on', () => {
  const open: NosoCommand = { do: 'open', by: 'organizer' };
  const { endsAt } = noso();
  assert.is(outcome(noso(), open, facts({ now: endsAt - 1 })), 'open');
  assert.is(outcome(noso(), open, facts({ now: endsAt })), 'conflict');
});

test('L2 a venue where one is open opens no other', () => {
  const open: NosoCommand = { do: 'open', by: 'organizer' };
  assert.is(outcome(noso(), open, facts({ openAtVenue: 'another' })), 'conflict');
});

test('L3 by schedule it closes at its end, dated so, however late that is noticed', () => {
  const close: NosoCommand = { do: 'close', by: 'schedule' };
  const open = noso({ life: lives.open });
  assert.is(outcome(open, close, facts({ now: T0 + HOUR - 1 })), 'conflict');
  for (const now of [T0 + HOUR, T0 + HOUR + 5, T0 + 48 * HOUR]) {
    const { life } = decide(open, close, facts({ now }));
    assert.ok(
      life.is === 'closed' && life.closedAt === T0 + HOUR && life.effectiveAt === T0 + HOUR,
    );
  }
});

test('L3 W7 by hand it closes now, and on screens a second later', () => {
  const close: NosoCommand = { do: 'close', by: 'organizer' };
  const now = T0 + 10 * MINUTE;
  let asked = 0;
  const totals = (at: number) => {
    asked = at;
    return TOTALS;
  };
  const { life } = decide(noso({ life: lives.open }), close, facts({ now, totals }));
  assert.equal(life, {
    is: 'closed',
    openedAt: T0,
    beganAt: T0,
    closedAt: now,
    effectiveAt: now + 1000,
    totals: TOTALS,
  });
  assert.is(asked, now);
});

test('while open, only title, end and capacity may change', () => {
  const open = noso({ life: lives.open, capacity: 20 });
  const amend = (changes: Partial<Noso>, given: Partial<Facts> = {}) =>
    outcome(open, { do: 'amend', changes }, facts({ count: 12, ...given }));
  assert.is(amend({ title: 'Other' }), 'open');
  assert.is(amend({ endsAt: T0 + 2 * HOUR }), 'open');
  assert.is(amend({ capacity: 12 }), 'open');
  assert.is(amend({ capacity: null }), 'open');
  assert.is(amend({ capacity: 11 }), 'conflict');
  assert.is(amend({ endsAt: T0 + MINUTE }), 'conflict');
  assert.is(amend({ endsAt: T0 + 25 * HOUR }), 'bad_request');
  const others: Partial<Noso>[] = [
    { venue: 'w' },
    { startsAt: T0 + 1 },
    { entry: 'link' },
    { show: 'count' },
    { pocket: 300 },
    { veil: 0 },
    { opens: 'schedule' },
  ];
  for (const changes of others) assert.is(amend(changes), 'conflict', JSON.stringify(changes));
  // What stays as it is does not count as a change.
  assert.is(amend({ venue: 'v', veil: 5, title: 'Other' }), 'open');
});

test('while scheduled all may change that makes sense; afterwards nothing', () => {
  const changes = { venue: 'w', startsAt: T0 + HOUR, endsAt: T0 + 2 * HOUR, veil: 0 };
  const amend: NosoCommand = { do: 'amend', changes };
  const once = decide(noso(), amend, facts());
  assert.equal(once, { ...noso(), ...changes, amended: 1 });
  assert.equal(decide(once, amend, facts()), once, 'what changes nothing is no amendment');
  assert.is(outcome(noso(), { do: 'amend', changes: { endsAt: T0 } }, facts()), 'bad_request');
  for (const state of ['closed', 'cancelled'] as const) {
    assert.is(outcome(noso({ life: lives[state] }), amend, facts()), 'conflict');
  }
});

test('F9 a start that is set is at most three years ahead and a day past; one that stands may stand', () => {
  const DAY = 24 * HOUR;
  assertStart(T0 + 1096 * DAY, T0);
  assertStart(T0 - DAY, T0);
  for (const [at, reason] of [
    [T0 + 1096 * DAY + 1, 'far'],
    [T0 - DAY - 1, 'past'],
  ] as const) {
    try {
      assertStart(at, T0);
      assert.unreachable();
    } catch (error) {
      assert.ok(error instanceof Refusal);
      assert.equal(
        [error.code, error.reason, error.also],
        ['bad_request', reason, { field: 'startsAt' }],
      );
    }
  }
  const old = noso({ startsAt: T0 - 30 * DAY, endsAt: T0 - 30 * DAY + HOUR });
  const amend = (changes: Partial<Noso>) => outcome(old, { do: 'amend', changes }, facts());
  assert.is(amend({ title: 'Another' }), 'scheduled');
  assert.is(amend({ startsAt: T0 - 29 * DAY, endsAt: T0 - 29 * DAY + HOUR }), 'bad_request');
  assert.is(amend({ startsAt: T0 + 2000 * DAY, endsAt: T0 + 2000 * DAY + HOUR }), 'bad_request');
});

test('L6 it opens by schedule so many minutes ahead as it gathers, dated by the opening', () => {
  const of = noso({ opens: 'schedule', gather: 15, startsAt: T0 + HOUR, endsAt: T0 + 2 * HOUR });
  const at = T0 + HOUR - 15 * MINUTE;
  assert.is(due(of, at - 1), null);
  assert.equal(due(of, at), { do: 'open', by: 'schedule' });
  const { life } = decide(of, { do: 'open', by: 'schedule' }, facts({ now: at, drawn: 22_501 }));
  assert.equal(life, { is: 'open', openedAt: at, effectiveAt: at, digits: 7, intents: 0 });
});

test('L6 only while it gathers may the beginning be moved; what is past counts as now', () => {
  const of = noso({ startsAt: T0 + HOUR, endsAt: T0 + 2 * HOUR, life: lives.open });
  const moved = (startsAt: number, now: number) =>
    decide(of, { do: 'amend', changes: { startsAt } }, facts({ now })).startsAt;
  assert.is(moved(T0 + 90 * MINUTE, T0 + MINUTE), T0 + 90 * MINUTE);
  assert.is(moved(T0, T0 + MINUTE), T0 + MINUTE + 1000);
  assert.is(moved(T0 + MINUTE, T0 + MINUTE), T0 + MINUTE + 1000);
  assert.throws(() => moved(T0 + 2 * HOUR, T0 + MINUTE), /bad_request/);
  assert.throws(() => moved(T0 + 90 * MINUTE, T0 + HOUR), /conflict.fixed/);
});

test('L5 people are counted by eye while it is open and a day after; what is sent twice is one', () => {
  const count = (of: Noso, given: number, now: number) =>
    decide(of, { do: 'headcount', count: given }, facts({ now }));
  const open = noso({ life: lives.open });
  const once = count(open, 12, T0 + MINUTE);
  const counts = (of: Noso) => ('headcounts' in of.life ? of.life.headcounts : []);
  assert.equal(counts(once), [{ at: T0 + MINUTE, count: 12 }]);
  assert.equal(counts(count(once, 12, T0 + MINUTE + 9999)), counts(once), 'the same request');
  assert.is(counts(count(once, 12, T0 + MINUTE + 10_000))?.length, 2, 'another one');
  assert.is(counts(count(once, 13, T0 + MINUTE + 1))?.length, 2, 'another count');
  assert.is(counts(count(once, 13, T0))?.[1]?.at, T0 + MINUTE, 'a clock that stepped back');
  let many = open;
  for (let k = 0; k < 1002; k += 1) many = count(many, k, T0 + k);
  assert.equal([counts(many)?.length, counts(many)?.[0]?.count], [1000, 2]);

  const closed = noso({ life: lives.closed });
  const closedAt = T0 + HOUR;
  assert.is(counts(count(closed, 3, closedAt + 24 * HOUR))?.length, 1);
  assert.is(
    outcome(closed, { do: 'headcount', count: 3 }, facts({ now: closedAt + 24 * HOUR + 1 })),
    'conflict',
  );
  for (const state of ['scheduled', 'cancelled'] as const) {
    const of = noso({ life: lives[state] });
    assert.is(outcome(of, { do: 'headcount', count: 3 }, facts()), 'conflict', state);
  }
});

test('P8 what is taken back is noted while it is open, once each, and passes end with the last', () => {
  const open = noso({ life: lives.open });
  const back = (of: Noso, since: number, until: number, freed: number) =>
    decide(of, { do: 'void', since, until, freed }, facts());
  assert.is(voidedAt(open), undefined);
  const one = back(open, T0, T0 + 5, 2);
  assert.is(voidedAt(one), T0 + 5);
  const two = back(one, T0, T0 + 2, 1);
  assert.is(voidedAt(two), T0 + 5, 'the last, in whatever order');
  const again = back(two, T0, T0 + 5, 3);
  assert.ok(again.life.is === 'open');
  assert.equal(again.life.voids, [
    { since: T0, until: T0 + 2, freed: 1 },
    { since: T0, until: T0 + 5, freed: 3 },
  ]);
  const command = { do: 'void', since: T0, until: T0, freed: 0 } as const;
  for (const state of ['scheduled', 'closed', 'cancelled'] as const) {
    assert.is(outcome(noso({ life: lives[state] }), command, facts()), 'conflict', state);
    assert.is(voidedAt(noso({ life: lives[state] })), undefined);
  }
});

test('A8 L6 who means to come says so of what is planned; the silence begins no earlier than it opened', () => {
  assertIntendable(noso());
  for (const state of ['open', 'closed', 'cancelled'] as const) {
    assert.throws(() => assertIntendable(noso({ life: lives[state] })), /conflict/);
  }
  assert.equal([beganAt({ startsAt: 7 }, 5), beganAt({ startsAt: 3 }, 5)], [7, 5]);
});

test('L3 L5 whoever closes by hand what is past its end closes it at its end, as the schedule would', () => {
  const open = noso({ life: lives.open });
  for (const [now, at, shown] of [
    [T0 + HOUR - 1, T0 + HOUR - 1, T0 + HOUR - 1 + 1000],
    [T0 + HOUR, T0 + HOUR, T0 + HOUR],
    [T0 + 2 * HOUR, T0 + HOUR, T0 + HOUR],
  ] as const) {
    const { life } = decide(open, { do: 'close', by: 'organizer' }, facts({ now }));
    assert.ok(life.is === 'closed');
    assert.equal([life.closedAt, life.effectiveAt], [at, shown]);
  }
});
