import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { due, shown, whyNotOpen } from '../../src/domain/byTheHour.js';
import type { Refusal } from '../../src/domain/errors.js';
import { decide, type Noso, type NosoCommand } from '../../src/domain/noso.js';
import { suite } from '../support/suite.js';
import { facts, HOUR, lives, MINUTE, noso, outcome, plans, T0 } from './planned.js';

const test = suite('how a NoSo stands by the hour');

test('L3 what the schedule asks for is never refused, and asked for once', () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: T0 - 40 * HOUR, max: T0 + 60 * HOUR }), (plan, now) => {
      const asked = due(plan, now);
      if (!asked) return;
      const next = decide(plan, asked, facts({ now }));
      assert.is.not(next.life.is, plan.life.is);
      assert.is(due(next, now), null);
      // Nothing opens before its hour, and nothing is cancelled that could still open.
      if (asked.do === 'open') assert.ok(now >= plan.startsAt && now < plan.endsAt);
      else assert.ok(now >= plan.endsAt);
    }),
    { numRuns: 1000 },
  );
});

test('W8 walls show the open one; else the one just closed; else the next; else none', () => {
  fc.assert(
    fc.property(fc.array(plans, { maxLength: 6 }), (list) => {
      const nosos = list.map((each, k) => ({ ...each, id: String(k) }));
      const got = shown(nosos, T0);
      const open = nosos.filter((n) => n.life.is === 'open');
      const closed = nosos
        .filter((n) => n.life.is === 'closed' && T0 - n.life.closedAt < 5 * MINUTE)
        .map((n) => (n.life.is === 'closed' ? n.life.closedAt : 0));
      const next = nosos
        .filter((n) => n.life.is === 'scheduled' && n.startsAt <= T0 + 24 * HOUR && n.endsAt > T0)
        .map((n) => n.startsAt);
      if (open.length > 0) assert.is(got?.life.is, 'open');
      else if (closed.length > 0) {
        assert.ok(got?.life.is === 'closed' && got.life.closedAt === Math.max(...closed));
      } else if (next.length > 0) assert.is(got?.startsAt, Math.min(...next));
      else assert.is(got, null);
    }),
    { numRuns: 2000 },
  );
});

test('F8 why nobody can sit, and when it is worth another try', () => {
  const why = (of: Noso | null, now: number) => {
    const { code, reason, retryAfter } = whyNotOpen(of, now);
    return [code, reason, retryAfter];
  };
  assert.equal(why(null, T0), ['not_found', undefined, undefined]);
  assert.equal(why(noso({ life: lives.cancelled }), T0), ['not_open', 'cancelled', undefined]);
  assert.equal(why(noso({ life: lives.closed }), T0), ['not_open', 'closed', undefined]);
  const at = T0 - 90_001;
  assert.equal(why(noso(), at), ['not_open', 'not_yet', 91], 'from when an organizer is expected');
  assert.equal(why(noso(), T0), ['not_open', 'not_yet', 5], 'who is late');
  const planned = noso({ opens: 'schedule', gather: 1 });
  assert.equal(why(planned, at), ['not_open', 'not_yet', 31]);
});

test('L3 W8 what is open is closed at its end, and thanked for five minutes to the millisecond', () => {
  const { endsAt } = noso();
  const open = noso({ life: lives.open });
  assert.is(due(open, endsAt - 1), null);
  assert.equal(due(open, endsAt), { do: 'close', by: 'schedule' });
  const closed = noso({ life: lives.closed });
  const closedAt = T0 + HOUR;
  assert.is(shown([closed], closedAt + 5 * MINUTE - 1), closed);
  assert.is(shown([closed], closedAt + 5 * MINUTE), null);
});

test('L3 L7 by schedule nothing is cancelled before its end, and from then on it is, at once on walls', () => {
  const cancel = (now: number) => decide(noso(), { do: 'cancel', by: 'schedule' }, facts({ now }));
  assert.throws(
    () => cancel(T0 + HOUR - 1),
    (error: Refusal) => error.why === 'conflict.state',
  );
  for (const now of [T0 + HOUR, T0 + 3 * HOUR]) {
    assert.equal(cancel(now).life, { is: 'cancelled', cancelledAt: now, effectiveAt: now });
  }
});

test('an organizer opens three hours before the start at most, and a wall shows a day ahead', () => {
  const open: NosoCommand = { do: 'open', by: 'organizer' };
  assert.is(outcome(noso(), open, facts({ now: T0 - 3 * HOUR })), 'open');
  assert.is(outcome(noso(), open, facts({ now: T0 - 3 * HOUR - 1 })), 'conflict');
  const next = noso();
  for (const [now, is] of [
    [T0 - 24 * HOUR - 1, null],
    [T0 - 24 * HOUR, next],
    [T0 + HOUR - 1, next],
    [T0 + HOUR, null],
  ] as const) {
    assert.is(shown([next], now), is, `${now - T0}`);
  }
  assert.is(shown([noso({ startsAt: T0 + 1 }), next], T0), next, 'the soonest');
  assert.is(shown([next, noso({ startsAt: T0 + 1 })], T0), next);
  assert.is(shown([next, noso()], T0), next, 'of two that start at once the first');
});
