import * as assert from 'uvu/assert';
import type { Noso, Venue } from '../../src/domain/noso.js';
import type { Series } from '../../src/engine/engine.js';
import { createEvenings } from '../../src/service/evenings.js';
import { suite } from '../support/suite.js';

const test = suite('the evenings that a series wants');

const NOW = Date.parse('2026-11-26T12:00:00Z');
const DAY = 86_400_000;
const at = (time: string) => Date.parse(`2026-11-26T${time}Z`);

function evenings() {
  const nosos = new Map<string, Noso>();
  const venue = { id: 'venue', timeZone: 'Etc/UTC' } as Venue;
  const { wanted, ...rest } = createEvenings({
    engine: { now: () => NOW },
    catalogue: {
      venue: (id) => (id === 'venue' ? venue : undefined),
      noso: (id) => nosos.get(id),
    },
  });
  const dates = (startsAt: number) => [
    ...wanted({ rule: 'FREQ=DAILY', startsAt }, 'Etc/UTC').keys(),
  ];
  return { ...rest, dates, nosos };
}

test('it is those of the next 60 days, what starts now among them and what starts then not', () => {
  const { dates } = evenings();
  const now = dates(at('12:00:00'));
  assert.equal([now.length, now[0], now.at(-1)], [60, '2026-11-26', '2027-01-24']);
  const sooner = dates(at('11:59:59'));
  assert.equal([sooner.length, sooner[0], sooner.at(-1)], [60, '2026-11-27', '2027-01-25']);
  const later = dates(at('12:00:01'));
  assert.equal([later.length, later[0], later.at(-1)], [60, '2026-11-26', '2027-01-24']);
});

test('U1 a date’s NoSo has the id that every node and release gives it, and another once that was cancelled', () => {
  const { idFor, nosos } = evenings();
  const series = { id: 'a series' } as Series;
  const next = () => idFor(series, '2026-11-27');
  const cancelled = (id: string) =>
    nosos.set(id, { id, life: { is: 'cancelled', cancelledAt: 1, effectiveAt: 1 } } as Noso);
  const ids: string[] = [];
  for (let k = 0; k < 3; k += 1) {
    ids.push(next());
    assert.is(next(), ids[k]);
    cancelled(ids[k] as string);
  }
  assert.equal(ids, ['wA5NhNuTvXGA', 'qUzOF5VfGj1e', '7CyLCDGb9HKE']);
});

test('an evening is of the series as long as nobody changed it', () => {
  const { ownOf, planFor, view, wantedBy, nosos } = evenings();
  const made = { date: '2026-11-27', noso: 'one', amended: 2 };
  const put = (life: string, amended?: number) =>
    nosos.set('one', { id: 'one', life: { is: life }, ...(amended ? { amended } : {}) } as Noso);
  assert.is(ownOf(made), null);
  for (const [life, amended, own] of [
    ['scheduled', 2, true],
    ['scheduled', 3, false],
    ['scheduled', 0, false],
    ['open', 2, false],
    ['cancelled', 2, false],
  ] as const) {
    put(life, amended);
    assert.is(ownOf(made)?.id, own ? 'one' : undefined, `${life} ${amended}`);
  }
  put('scheduled');
  assert.is(ownOf({ ...made, amended: 0 })?.id, 'one', 'what was never changed');
  const series = {
    ...{ id: 'series', venue: 'venue', rule: 'FREQ=WEEKLY', startsAt: NOW, minutes: 90 },
    made: [{ ...made, date: '2026-12-03', amended: 0 }],
  } as unknown as Series;
  const [first, second, third] = view(series);
  assert.equal(first, { date: '2026-11-26', startsAt: '2026-11-26T12:00:00.000Z', follows: true });
  assert.equal(second, {
    ...{ date: '2026-12-03', startsAt: '2026-12-03T12:00:00.000Z', noso: 'one', follows: true },
  });
  put('open');
  assert.is(view(series)[1]?.follows, false);
  nosos.delete('one');
  assert.equal([view(series)[1]?.noso, view(series)[1]?.follows], [undefined, false]);
  assert.is(third?.follows, true);
  const plan = planFor(series, { date: '2026-11-26', startsAt: NOW + DAY });
  assert.equal([plan.startsAt, plan.endsAt], [NOW + DAY, NOW + DAY + 90 * 60_000]);
  assert.is(wantedBy({ ...series, venue: 'gone' }).size, 0);
});
