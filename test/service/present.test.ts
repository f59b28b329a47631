import * as assert from 'uvu/assert';
import type { Lifecycle, Noso, Venue } from '../../src/domain/noso.js';
import { effectiveAt, viewNoso, viewProgramme, viewRecord } from '../../src/service/present.js';
import { suite } from '../support/suite.js';

const test = suite('views');

const at = Date.UTC(2026, 5, 1, 14);
const venue: Venue = {
  id: 'venue',
  name: 'Bibliothèque des Quais',
  city: 'Lyon',
  timeZone: 'Europe/Paris',
  language: 'fr',
};
const noso = (life: Lifecycle): Noso => ({
  id: 'noso',
  venue: 'venue',
  title: 'Une heure pour rien',
  startsAt: at,
  endsAt: at + 3_600_000,
  capacity: 40,
  entry: 'code',
  show: 'numbers',
  pocket: null,
  veil: 5,
  opens: 'organizer',
  gather: 0,
  life,
});
const open: Lifecycle = { is: 'open', openedAt: at, effectiveAt: at + 1000, digits: 6 };
const closed = (total: number): Lifecycle => ({
  is: 'closed',
  openedAt: at,
  beganAt: at,
  closedAt: at + 60_000,
  effectiveAt: at + 61_000,
  totals: {
    peak: 7,
    total,
    personMinutes: 12,
    series: [
      { at, count: 0 },
      { at: at + 60_000, count: 7 },
    ],
  },
});

test('A6 under 10 is “fewer than 10”, above is rounded to 10, and the exact count is nowhere', () => {
  for (const [total, about] of [
    [0, null],
    [1, null],
    [9, null],
    [10, 10],
    [14, 10],
    [15, 20],
    [104, 100],
    [2403, 2400],
  ] as const) {
    const view = viewNoso(noso(closed(total)), venue, null);
    assert.is(view.about, about, String(total));
    assert.is(view.count, null);
    assert.not.match(JSON.stringify(view), /peak|total|personMinutes|series/);
  }
});

test('A6 only what is over has a public figure, and only what is open has a count', () => {
  const lives: Lifecycle[] = [
    { is: 'scheduled' },
    open,
    { is: 'cancelled', cancelledAt: at, effectiveAt: at },
  ];
  for (const life of lives) assert.not.ok('about' in viewNoso(noso(life), venue, null), life.is);
  assert.is(viewNoso(noso(open), venue, 12).count, 12);
  assert.is(viewNoso(noso(open), venue, null).count, null);
  for (const life of [...lives.filter(({ is }) => is !== 'open'), closed(30)]) {
    assert.is(viewNoso(noso(life), venue, 12).count, null, life.is);
  }
});

test('A1 a NoSo has the fields of the contract, and of ours only what is named here', () => {
  const fields =
    'id venue title startsAt endsAt state capacity entry show pocket veil opens gather count'.split(
      ' ',
    );
  const ours = ['openedAt'];
  const keys = Object.keys(viewNoso(noso(open), venue, 3));
  assert.equal(
    keys.filter((key) => !ours.includes(key)),
    fields,
  );
  const view = viewNoso(noso(open), venue, 3);
  assert.is(view.startsAt, '2026-06-01T14:00:00.000Z');
  assert.equal(view.venue, { ...venue, utcOffset: 120 });
});

test('L5 the organizer’s record is exact, and of a closed NoSo alone', () => {
  assert.equal(viewRecord(noso(closed(9))), {
    noso: 'noso',
    openedAt: '2026-06-01T14:00:00.000Z',
    beganAt: '2026-06-01T14:00:00.000Z',
    closedAt: '2026-06-01T14:01:00.000Z',
    peak: 7,
    total: 9,
    byHand: 0,
    personMinutes: 12,
    series: [
      { at: '2026-06-01T14:00:00.000Z', count: 0 },
      { at: '2026-06-01T14:01:00.000Z', count: 7 },
    ],
    headcounts: [],
  });
  assert.is(viewRecord(noso(open)), null);
  assert.is(viewRecord(noso({ is: 'scheduled' })), null);
});

test('W7 the instant at which a state takes effect is the NoSo’s own', () => {
  assert.is(effectiveAt(noso({ is: 'scheduled' })), 0);
  assert.is(effectiveAt(noso(open)), at + 1000);
  assert.is(effectiveAt(noso(closed(3))), at + 61_000);
});

test('consoles are sent what is on, what is to come, and what ended within a day, by the hour', () => {
  const DAY = 86_400_000;
  const now = at + 30 * DAY;
  const of = (id: string, endsAt: number, life: Lifecycle, startsAt = endsAt - 1): Noso => ({
    ...{ ...noso(life), id, startsAt, endsAt },
  });
  const withIntents: Lifecycle = { ...open, intents: 4 };
  const all = [
    of('to come', now + DAY, { is: 'scheduled' }),
    of('ended a day ago', now - DAY, closed(30)),
    of('not quite', now - DAY + 1, closed(30)),
    of('on for long', now - 2 * DAY, withIntents),
    of('on', now + 1, open, now - 1),
    { ...of('nowhere', now + 1, open), venue: 'gone' },
  ];
  const catalogue = {
    nosos: () => all,
    venue: (id: string) => (id === 'venue' ? venue : undefined),
  };
  const { nosos, serverTime } = viewProgramme(catalogue, now, ({ id }) => id.length);
  assert.is(serverTime, now);
  assert.equal(
    nosos.map(({ id, count, intents, openedAt }) => [id, count, intents, openedAt]),
    [
      ['on for long', 11, 4, '2026-06-01T14:00:00.000Z'],
      ['not quite', null, undefined, '2026-06-01T14:00:00.000Z'],
      ['on', 2, undefined, '2026-06-01T14:00:00.000Z'],
      ['to come', null, undefined, undefined],
    ],
  );
});
