import * as assert from 'uvu/assert';
import type { Noso, Venue } from '../../src/domain/noso.js';
import type { Catalogue } from '../../src/service/mirror.js';
import { createRecords, type WantedRecords } from '../../src/service/records.js';
import { suite } from '../support/suite.js';

const test = suite('records of what closed');

const places: Record<string, Pick<Venue, 'id' | 'city' | 'timeZone'>> = {
  quais: { id: 'quais', city: 'Lyon', timeZone: 'Europe/Paris' },
  odori: { id: 'odori', city: 'Sapporo', timeZone: 'Asia/Tokyo' },
  nowhere: { id: 'nowhere', city: 'Nowhere', timeZone: 'Middle/Earth' },
};

const totals = { peak: 2, total: 3, personMinutes: 60, series: [] };

function closed(id: string, venue: string, opened: string): Noso {
  const openedAt = Date.parse(opened);
  const life = {
    is: 'closed',
    openedAt,
    closedAt: openedAt + 1,
    effectiveAt: openedAt + 1,
    totals,
  };
  return { id, venue, life } as unknown as Noso;
}

function listOf(nosos: Noso[]) {
  const catalogue = {
    nosos: () => nosos,
    venue: (id: string) => places[id],
  } as unknown as Catalogue;
  const { list } = createRecords({ catalogue });
  return (wanted: WantedRecords = {}) => list(wanted);
}

test('a year is that of the venue’s calendar, on the day of the opening', () => {
  const list = listOf([
    closed('tokyo', 'odori', '2025-12-31T15:30:00Z'), // half past midnight, on the first of January
    closed('lyon', 'quais', '2025-12-31T15:30:00Z'),
    closed('after', 'quais', '2026-12-31T23:30:00Z'), // half past midnight, on the first of January
    closed('utc', 'nowhere', '2026-06-01T12:00:00Z'),
    { ...closed('open', 'quais', '2026-06-01T12:00:00Z'), life: { is: 'scheduled' } } as Noso,
  ]);
  const of = (year: number) => list({ year }).records.map(({ noso }) => noso);
  assert.equal(of(2025), ['lyon']);
  assert.equal(of(2026), ['tokyo', 'utc']);
  assert.equal(of(2027), ['after']);
  assert.is(list().records.length, 4);
});

test('by venue, and by city whatever its case', () => {
  const list = listOf([
    closed('a', 'quais', '2026-01-02T12:00:00Z'),
    closed('b', 'odori', '2026-01-01T12:00:00Z'),
  ]);
  const of = (wanted: WantedRecords) => list(wanted).records.map(({ noso }) => noso);
  assert.equal(of({ venue: 'odori' }), ['b']);
  assert.equal(of({ city: 'LYON' }), ['a']);
  assert.equal(of({}), ['b', 'a'], 'in the order of their openings');
});

test('in pages, each record once', () => {
  const day = (k: number) => new Date(Date.UTC(2026, 0, 1 + (k >> 1))).toISOString();
  const nosos = Array.from({ length: 47 }, (_, k) => closed(`n${100 - k}`, 'quais', day(k)));
  const list = listOf(nosos);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = list(cursor === undefined ? {} : { cursor });
    seen.push(...page.records.map(({ noso }) => noso));
    cursor = page.next;
  } while (cursor !== undefined);
  assert.is(seen.length, 47);
  assert.is(new Set(seen).size, 47);
  assert.throws(() => list({ cursor: 'nonsense' }), /cursor/);
});

test('a page is of twenty, and the next is named where there is one', () => {
  const nosos = Array.from({ length: 41 }, (_, k) =>
    closed(`n${100 - k}`, 'quais', '2026-01-02T12:00:00Z'),
  );
  const open = { ...nosos[0], id: 'x', life: { is: 'open', openedAt: 1 } } as unknown as Noso;
  const pages = (count: number) => {
    const list = listOf([...nosos.slice(0, count), open]);
    const found: number[] = [];
    for (let cursor: string | undefined, k = 0; k === 0 || cursor !== undefined; k += 1) {
      const page = list(cursor === undefined ? {} : { cursor });
      found.push(page.records.length);
      cursor = page.next;
    }
    return found;
  };
  assert.equal([0, 1, 20, 21, 40, 41].map(pages), [[0], [1], [20], [20, 1], [20, 20], [20, 20, 1]]);
  const ids = listOf(nosos)({}).records.map(({ noso }) => noso);
  assert.equal(ids, [...ids].sort(), 'what was opened at one instant, by the ids');
});

test('a year begins at midnight there, and in UTC where nobody knows the zone', () => {
  const years = (venue: string, opened: string) => {
    const list = listOf([closed('a', venue, opened)]);
    return [2025, 2026, 2027].filter((year) => list({ year }).records.length > 0);
  };
  assert.equal(years('odori', '2025-12-31T14:59:59.999Z'), [2025]);
  assert.equal(years('odori', '2025-12-31T15:00:00Z'), [2026]);
  assert.equal(years('nowhere', '2026-12-31T23:59:59.999Z'), [2026]);
  assert.equal(years('nowhere', '2027-01-01T00:00:00Z'), [2027]);
});

test('F9 a record whose venue is gone is left out, and takes no list along', () => {
  const list = listOf([
    closed('a', 'gone', '2026-01-02T12:00:00Z'),
    closed('b', 'quais', '2026-01-03T12:00:00Z'),
  ]);
  for (const wanted of [{}, { city: 'Lyon' }, { year: 2026 }]) {
    assert.equal(
      list(wanted).records.map(({ noso }) => noso),
      ['b'],
    );
  }
  assert.equal(list({ venue: 'gone' }).records, []);
});
