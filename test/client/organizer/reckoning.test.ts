import * as assert from 'uvu/assert';
import { steps } from '../../../client/organizer/model/curvePath.js';
import {
  againDraft,
  blankDraft,
  changesOf,
  fieldsOf,
  valuesOf,
} from '../../../client/organizer/model/planValues.js';
import { isFound } from '../../../client/organizer/model/searching.js';
import { sumsByCity } from '../../../client/organizer/model/yearSums.js';
import type { Noso, NosoRecord, Venue } from '../../../src/protocol/wire.js';
import { suite } from '../../support/suite.js';

const test = suite('what the console reckons');

const venue: Venue = {
  id: 'quais',
  name: 'Bibliothèque des Quais',
  city: 'Lyon',
  timeZone: 'Europe/Paris',
  language: 'fr',
};
const now = Date.parse('2026-10-20T12:10:00Z');
const blank = blankDraft(venue, now);

test('a plan that is filled in and not touched sends nothing, and what it sends is what it shows', () => {
  const before = fieldsOf(valuesOf(blank), blank, venue.timeZone);
  assert.is(before.startsAt, '2026-10-20T13:00:00.000Z');
  assert.equal(changesOf(before, fieldsOf(valuesOf(blank), blank, venue.timeZone)), {});
  const values = { ...valuesOf(blank), title: 'Une heure', capacity: '12', pocket: '5' };
  const after = fieldsOf(values, blank, venue.timeZone);
  assert.equal(changesOf(before, after), { title: 'Une heure', capacity: 12, pocket: 300 });
});

test('the same again is at the same hour of the clock, also where clocks change in between', () => {
  const noso = { ...blank, id: 'a', state: 'closed', count: null } as Noso;
  const again = againDraft(noso, now);
  assert.is(again.startsAt, '2026-10-27T14:00:00.000Z', '15:00 in Lyon, an hour later by UTC');
  assert.is(Date.parse(again.endsAt) - Date.parse(again.startsAt), 3_600_000);
  const later = againDraft(noso, Date.parse('2027-07-01T00:00:00Z'));
  assert.is(later.startsAt, '2027-07-06T13:00:00.000Z');
});

test('a curve holds each count until the next, in two parts that meet', () => {
  const points = [0, 2, 2, 5].map((count, k) => ({ at: k * 10, count }));
  const x = (at: number) => at * 10;
  const y = (count: number) => 100 - count;
  assert.is(steps(points, [0, 40], x, y), 'M0 100H100V98H300V95H400');
  assert.is(steps(points, [0, 15], x, y), 'M0 100H100V98H150');
  assert.is(steps(points, [15, 40], x, y), 'M150 98H300V95H400');
  assert.is(steps(points, [40, 40], x, y), '');
  assert.is(steps([], [0, 40], x, y), '');
});

test('what is typed finds by title, venue and city, in any order', () => {
  const noso = { ...blank, title: 'Une heure pour rien' } as unknown as Noso;
  for (const typed of ['', '  ', 'HEURE', 'bibliotheque une', 'lyon rien']) {
    assert.ok(isFound(noso, typed), typed);
  }
  assert.not.ok(isFound(noso, 'une nuit'));
});

test('L5 sums of a year are of its records, the highest count of any of them', () => {
  const past = (place: Venue, peak: number, total: number, personMinutes: number) => ({
    noso: { venue: place } as Noso,
    record: { peak, total, personMinutes } as NosoRecord,
  });
  const cafe = { ...venue, id: 'cafe', name: 'Café Minerve' };
  const geneva = { ...venue, id: 'octroi', name: 'Octroi', city: 'Genève' };
  const all = [
    past(venue, 5, 6, 60),
    past(cafe, 9, 9, 90),
    past(venue, 7, 8, 80),
    past(geneva, 1, 1, 1),
  ];
  assert.equal(
    sumsByCity(all, 'fr').map(({ city, sum, venues }) => [city, sum, venues.map((v) => v.sum)]),
    [
      [
        'Genève',
        { nosos: 1, peak: 1, total: 1, personMinutes: 1 },
        [{ nosos: 1, peak: 1, total: 1, personMinutes: 1 }],
      ],
      [
        'Lyon',
        { nosos: 3, peak: 9, total: 23, personMinutes: 230 },
        [
          { nosos: 2, peak: 7, total: 14, personMinutes: 140 },
          { nosos: 1, peak: 9, total: 9, personMinutes: 90 },
        ],
      ],
    ],
  );
});
