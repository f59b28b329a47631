import * as assert from 'uvu/assert';
import { clockText, isTwice, timeZoneFor } from '../../src/service/observances.js';
import { suite } from '../support/suite.js';

const test = suite('how the clocks of a zone are changed');

const at = (text: string) => Date.parse(text);

test('an hour that a clock shows twice is twice both times, and no other is', () => {
  for (const [zone, then, is] of [
    ['Europe/Paris', '2027-10-31T00:29:00Z', true],
    ['Europe/Paris', '2027-10-31T01:29:00Z', true],
    ['Europe/Paris', '2027-10-30T23:59:59Z', false],
    ['Europe/Paris', '2027-10-31T02:00:00Z', false],
    ['Europe/Paris', '2027-03-28T00:30:00Z', false], // an hour is skipped
    ['Europe/Paris', '2027-03-28T01:30:00Z', false],
    ['Europe/Paris', '2026-11-29T01:30:00Z', false],
    ['Australia/Lord_Howe', '2028-04-01T14:45:00Z', true],
    ['Australia/Lord_Howe', '2028-04-01T15:15:00Z', true],
    ['Australia/Lord_Howe', '2028-04-01T15:30:00Z', false],
    // By three hours: from 02:00 to 23:00 of the day before.
    ['Antarctica/Casey', '2010-03-04T12:00:00Z', true],
    ['Antarctica/Casey', '2010-03-04T11:59:00Z', false],
    ['Antarctica/Casey', '2010-03-04T17:59:00Z', true],
    ['Antarctica/Casey', '2010-03-04T18:00:00Z', false],
    ['Middle/Earth', '2027-10-31T00:30:00Z', false],
  ] as const) {
    assert.is(isTwice(zone, at(then)), is, `${then} in ${zone}`);
  }
});

test('a clock’s text, and every change of a zone’s clocks from the year before to the year after', () => {
  assert.is(clockText(at('2026-11-29T13:30:05Z'), 60), '20261129T143005');
  assert.is(clockText(at('2026-11-29T23:30:00Z'), 345), '20261130T051500');
  assert.is(clockText(at('2026-11-29T01:30:00Z'), -210), '20261128T220000');
  const said = (zone: string, year: number) => {
    const within = at(`${year}-06-01T00:00:00Z`);
    return timeZoneFor(zone, within, within)?.split('\r\n').slice(1, -1);
  };
  const change = (kind: string, start: string, from: string, to: string) => [
    ...[`BEGIN:${kind}`, `DTSTART:${start}`, `TZOFFSETFROM:${from}`],
    ...[`TZOFFSETTO:${to}`, `END:${kind}`],
  ];
  assert.equal(said('Europe/Paris', 2026), [
    'TZID:Europe/Paris',
    ...change('STANDARD', '20250101T010000', '+0100', '+0100'),
    ...change('DAYLIGHT', '20250330T020000', '+0100', '+0200'),
    ...change('STANDARD', '20251026T030000', '+0200', '+0100'),
    ...change('DAYLIGHT', '20260329T020000', '+0100', '+0200'),
    ...change('STANDARD', '20261025T030000', '+0200', '+0100'),
    ...change('DAYLIGHT', '20270328T020000', '+0100', '+0200'),
    ...change('STANDARD', '20271031T030000', '+0200', '+0100'),
  ]);
  assert.equal(said('America/St_Johns', 2026)?.slice(1, 11), [
    ...change('STANDARD', '20241231T203000', '-0330', '-0330'),
    ...change('DAYLIGHT', '20250309T020000', '-0330', '-0230'),
  ]);
  assert.equal(said('Asia/Kathmandu', 2026), [
    'TZID:Asia/Kathmandu',
    ...change('STANDARD', '20250101T054500', '+0545', '+0545'),
  ]);
  assert.is(timeZoneFor('Middle/Earth', 0, 0), null);
});

test('the years are those of the first event and of the last', () => {
  const starts = (first: string, last: string) =>
    [...(timeZoneFor('Europe/Paris', at(first), at(last)) ?? '').matchAll(/DTSTART:(\d{4})/g)].map(
      ([, year]) => year,
    );
  const zone = starts('2026-01-01T00:00:00Z', '2027-12-31T23:59:59Z');
  assert.equal([zone[0], zone.at(-1), zone.length], ['2025', '2028', 9]);
});
