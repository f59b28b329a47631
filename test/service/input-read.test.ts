import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type * as z from '../../src/service/carried/zod.js';
import * as input from '../../src/service/input.js';
import { suite } from '../support/suite.js';

const test = suite('what comes in, and how it is read');

const letters = (count: number) => 'x'.repeat(count);
const venue = { name: 'Café', city: 'Lyon', timeZone: 'Europe/Paris' };
const noso = {
  ...{ venue: 'v', title: 'An hour', startsAt: '2026-11-26T12:00:00Z' },
  endsAt: '2026-11-26T13:00:00Z',
};
const click = { id: letters(16), what: 'void', at: '2026-11-26T12:00:00Z' };
const newVenue = input.newVenue(['en', 'fr']);

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

test('F10 times have an offset or are UTC’s, years have four digits, zones are known to somebody', () => {
  const at = (startsAt: unknown) => takes(input.nosoPatch, { startsAt });
  assert.equal(
    [
      ...['2026-11-26T12:00:00Z', '2026-11-26T12:00:00+01:00', '2026-11-26T12:00:00.123Z'],
      ...['2026-11-26T12:00:00', '2026-11-26', 'soon', 1_800_000_000_000, ''],
    ].map(at),
    [true, true, true, false, false, false, false, false],
  );
  const local = input.demand(input.nosoPatch, { startsAt: '2026-11-26T12:00:00+01:00' });
  assert.is(local.startsAt, Date.parse('2026-11-26T11:00:00Z'));
  const year = (year: string) => takes(input.recordsQuery, { year });
  assert.equal(['2026', '26', '20266', 'x026'].map(year), [true, false, false, false]);
  assert.is(input.demand(input.recordsQuery, { year: '2026' }).year, 2026);
  const zone = (timeZone: string) => takes(newVenue, { ...venue, timeZone });
  assert.equal(['Europe/Paris', 'Etc/UTC', 'Middle/Earth', '', letters(65)].map(zone), [
    true,
    true,
    false,
    false,
    false,
  ]);
  assert.not.ok(takes(newVenue, { ...venue, language: 'de' }), 'a language that there is');
});

test('S1 F4 what is no text for people to read is refused, what people write is not', () => {
  const title = (text: string) => takes(input.nosoPatch, { title: text });
  for (const good of ['L’heure', 'שעה', '👩‍👩‍👧', 'a\u00adb', 'می\u200cناب', ' around ']) {
    assert.ok(title(good), good);
  }
  for (const bad of [
    '',
    ' ',
    'a\nb',
    'a\0',
    '\u202eevil',
    'a\u2066b',
    'a\ud800',
    'a\u007f',
    '\u0085',
  ]) {
    assert.not.ok(title(bad), JSON.stringify(bad));
  }
  assert.is(input.demand(input.nosoPatch, { title: ' An hour ' }).title, 'An hour');
  assert.not.ok(takes(input.newWish, { city: '- . -' }), 'a place has a letter at least');
});

test('S1 of participants nothing else is taken, and of others nothing else is read', () => {
  for (const [schema, value] of [
    [input.newPass, { code: 'x' }],
    [input.newNumber, { pass: 'x' }],
    [input.newNumber, { noso: 'x' }],
    [input.newSeat, { pass: 'x' }],
    [input.newSeat, { code: 'x' }],
    [input.takeSeat, { pass: 'x' }],
    [input.newReturn, { number: '4711', returnCode: 'x' }],
    [input.handshakes['/phone'], { pass: 'x' }],
    [input.handshakes['/phone'], { code: 'x' }],
    [input.newWish, { city: 'Lyon' }],
    [input.claimWall, { secret: 'x' }],
    [input.signIn, { key: 'x' }],
  ] as const) {
    assert.ok(takes(schema, value));
    assert.not.ok(takes(schema, { ...value, note: 'hello' }), JSON.stringify(value));
  }
  for (const both of [
    { pass: 'x', noso: 'y' },
    { pass: 'x', code: 'y' },
  ]) {
    assert.not.ok(takes(input.newNumber, both));
    assert.not.ok(takes(input.newSeat, both));
    assert.not.ok(takes(input.handshakes['/phone'], both));
  }
  assert.equal(input.demand(input.newOrganizer, { label: 'Odile', note: 'hello' }), {
    label: 'Odile',
  });
  const numbers = (number: string) => takes(input.newReturn, { number, returnCode: 'x' });
  assert.equal(
    ['1000', '999', '0999', '123456789012345', '1234567890123456', '12 34', '4711x'].map(numbers),
    [true, false, false, true, false, false, false],
  );
});

test('W10 what a screen says of itself is left out where it is odd, and stops nothing', () => {
  const say = (screen: object) =>
    (input.demand(input.handshakes['/wall'], { screen }) as { screen: object }).screen;
  for (const [field, good, bad] of [
    ['width', [1, 1920, 100_000], [0, 100_001, '1920', null]],
    ['height', [1, 100_000], [0, 100_001]],
    ['zoom', [0.01, 1.5, 100], [0, 100.01]],
    ['version', ['', letters(64)], [letters(65), 7]],
  ] as const) {
    for (const value of good) assert.equal(say({ [field]: value }), { [field]: value });
    for (const value of bad) {
      assert.equal(say({ [field]: value }), { [field]: undefined }, `${field} of ${value}`);
    }
  }
  assert.equal(input.demand(input.handshakes['/wall'], { screen: 'odd' }), { screen: undefined });
  const shows = (value: unknown) => input.demand(input.shows, value);
  assert.equal(shows({ shows: 'before-hour' }), { shows: 'before-hour' });
  for (const odd of ['', letters(25), 'Before', 7]) {
    assert.equal(shows({ shows: odd }), { shows: undefined }, `${odd}`);
  }
  assert.equal(shows('odd'), {});
  assert.equal(shows({ shows: letters(24) }), { shows: letters(24) });
});

test('F8 a refusal names the field that is wrong, also within what may be one thing or another', () => {
  const why = (schema: z.ZodType, value: unknown) => {
    try {
      input.demand(schema, value);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return [error.code, error.also?.field, error.detail] as const;
    }
    return assert.unreachable('it was taken') as never;
  };
  const detail = (text: string) => /^([\w.]+: )?/.exec(text)?.[0];
  for (const [schema, value, field] of [
    [input.newNoso, { ...noso, veil: 61 }, 'veil'],
    [input.newPass, { code: 'x', note: 1, more: 2 }, 'note, more'],
    [input.doorClicks, { clicks: [click] }, 'clicks.0.what'],
    [input.newSeat, { pass: 7 }, 'pass'],
    [input.newSeat, {}, 'pass'],
    [input.newSeat, 'text', undefined],
    [input.newPass, null, undefined],
  ] as const) {
    const [code, named, said = ''] = why(schema, value);
    assert.equal([code, named], ['bad_request', field], JSON.stringify(value));
    if (field?.includes(',')) continue;
    assert.is(detail(said), field === undefined ? '' : `${field}: `, said);
    assert.ok(said.length > (field?.length ?? 0) + 2);
  }
});
