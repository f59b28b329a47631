import * as assert from 'uvu/assert';
import type * as z from '../../src/service/carried/zod.js';
import * as input from '../../src/service/input.js';
import { suite } from '../support/suite.js';

// How large and of what kind everything that comes in may be, as the contract says it: none of it is
// read from the tables under test.

const test = suite('what comes in');

const letters = (count: number) => 'x'.repeat(count);
const venue = { name: 'Café', city: 'Lyon', timeZone: 'Europe/Paris' };
const noso = {
  ...{ venue: 'v', title: 'An hour', startsAt: '2026-11-26T12:00:00Z' },
  endsAt: '2026-11-26T13:00:00Z',
};
const evenings = {
  ...{ venue: 'v', title: 'Fridays', startsAt: '2026-11-26T12:00:00Z' },
  ...{ rule: 'FREQ=WEEKLY', minutes: 60 },
};
const click = { id: letters(16), what: 'in', at: '2026-11-26T12:00:00Z' };
const clicksOf = (more: object, count = 1) => ({
  clicks: Array.from({ length: count }, () => ({ ...click, ...more })),
});
const languages = ['en', 'fr'];
const newVenue = input.newVenue(languages);
const venuePatch = input.venuePatch(languages);

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

test('F4 every text has a least and a most', () => {
  const TEXTS: [schema: z.ZodType, base: object, field: string, least: number, most: number][] = [
    [input.newPass, {}, 'code', 1, 64],
    [input.newNumber, {}, 'pass', 1, 1024],
    [input.newNumber, {}, 'noso', 1, 40],
    [input.newSeat, {}, 'pass', 1, 1024],
    [input.newSeat, {}, 'code', 1, 64],
    [input.newSeat, { code: 'x' }, 'id', 16, 64],
    [input.takeSeat, {}, 'pass', 1, 1024],
    [input.newReturn, { number: '4711', returnCode: 'x' }, 'pass', 1, 1024],
    [input.newReturn, { number: '4711' }, 'returnCode', 1, 64],
    [input.handshakes['/phone'], {}, 'token', 1, 1024],
    [input.handshakes['/phone'], {}, 'pass', 1, 1024],
    [input.handshakes['/phone'], {}, 'code', 1, 64],
    [input.handshakes['/wall'], {}, 'token', 1, 1024],
    [input.handshakes['/organizer'], {}, 'token', 1, 1024],
    [input.handshakes['/door'], {}, 'token', 1, 1024],
    [newVenue, venue, 'name', 1, 80],
    [newVenue, venue, 'city', 1, 60],
    [newVenue, venue, 'country', 1, 60],
    [newVenue, venue, 'address', 1, 160],
    [venuePatch, {}, 'country', 1, 60],
    [venuePatch, {}, 'address', 1, 160],
    [input.newNoso, noso, 'title', 1, 120],
    [input.newNoso, noso, 'venue', 1, 40],
    [input.nosoPatch, {}, 'title', 1, 120],
    [input.newWall, {}, 'name', 1, 60],
    [input.newWall, {}, 'pairing', 0, 32],
    [input.wallPatch, {}, 'name', 1, 60],
    [input.claimWall, {}, 'secret', 1, 1024],
    [input.newOrganizer, {}, 'label', 1, 60],
    [input.signIn, {}, 'key', 1, 1024],
    [input.newDoor, {}, 'name', 1, 60],
    [input.nosoQuery, {}, 'city', 0, 60],
    [input.nosoQuery, {}, 'cursor', 0, 120],
    [input.recordsQuery, {}, 'city', 0, 60],
    [input.recordsQuery, {}, 'cursor', 0, 120],
    [input.recordsQuery, {}, 'venue', 1, 40],
    [input.calendarQuery, {}, 'city', 0, 60],
    [input.calendarQuery, {}, 'venue', 1, 40],
    [input.newSeries, evenings, 'rule', 1, 200],
    [input.seriesForeseen, evenings, 'rule', 1, 200],
    [input.newWish, {}, 'city', 1, 60],
    [input.newWish, { city: 'Lyon' }, 'country', 1, 60],
  ];
  for (const [k, [schema, base, field, least, most]] of TEXTS.entries()) {
    for (const [count, is] of [
      [least - 1, false],
      [least, true],
      [most, true],
      [most + 1, false],
    ] as const) {
      if (count < 0) continue;
      const sent = { ...base, [field]: letters(count) };
      assert.is(takes(schema, sent), is, `row ${k}: ${field} of ${count}`);
    }
  }
});

test('F4 every measure has a least and a most', () => {
  const whole = [input.newNoso, noso] as const;
  const NUMBERS: [schema: z.ZodType, base: object, field: string, least: number, most: number][] = [
    [...whole, 'capacity', 1, 10_000_000],
    [...whole, 'pocket', 300, 86_400],
    [...whole, 'veil', 0, 60],
    [...whole, 'gather', 0, 120],
    [input.nosoPatch, {}, 'capacity', 1, 10_000_000],
    [input.newSeries, evenings, 'minutes', 1, 1440],
    [input.seriesPatch, {}, 'minutes', 1, 1440],
    [input.newPaper, {}, 'count', 1, 500],
    [input.newHeadcount, {}, 'count', 0, 10_000_000],
  ];
  for (const [schema, base, field, least, most] of NUMBERS) {
    for (const [value, is] of [
      [least - 1, false],
      [least, true],
      [most, true],
      [most + 1, false],
      [least + 0.5, false],
      [`${least}`, false],
    ] as const) {
      assert.is(takes(schema, { ...base, [field]: value }), is, `${field} of ${value}`);
    }
  }
  for (const [field, least, most] of [
    ['diagonal', 3, 600],
    ['distance', 0.3, 100],
  ] as const) {
    for (const [value, is] of [
      [least - 0.01, false],
      [least, true],
      [most, true],
      [most + 0.01, false],
      [null, true],
    ] as const) {
      assert.is(takes(input.wallPatch, { [field]: value }), is, `${field} of ${value}`);
    }
  }
});

test('F4 a door’s clicks are a hundred at most, of ids of their own', () => {
  assert.equal(
    [0, 1, 100, 101].map((count) => takes(input.doorClicks, clicksOf({}, count))),
    [true, true, true, false],
  );
  for (const [more, is] of [
    [{ id: letters(15) }, false],
    [{ id: letters(64) }, true],
    [{ id: letters(65) }, false],
    [{ id: `${letters(16)}!` }, false],
    [{ of: letters(15) }, false],
    [{ of: letters(16) }, true],
    [{ number: letters(16) }, true],
    [{ number: letters(17) }, false],
    [{ what: 'undo' }, true],
    [{ what: 'void' }, false],
    [{ at: 'now' }, false],
  ] as const) {
    assert.is(takes(input.doorClicks, clicksOf(more)), is, JSON.stringify(more));
  }
});

test('what is left out is as the contract has it', () => {
  assert.equal(input.demand(input.newNoso, noso), {
    ...noso,
    ...{ startsAt: Date.parse(noso.startsAt), endsAt: Date.parse(noso.endsAt) },
    ...{ capacity: null, entry: 'code', show: 'numbers', pocket: null, veil: 5, gather: 15 },
    opens: 'organizer',
  });
  assert.equal(input.demand(input.nosoPatch, {}), {});
  assert.equal(input.demand(input.seriesPatch, {}), {});
  assert.is(input.demand(input.newSeries, evenings).gather, 15);
  assert.equal(input.demand(venuePatch, { country: null, address: null }), {
    ...{ country: null, address: null },
  });
  for (const field of ['name', 'city', 'timeZone', 'language']) {
    assert.not.ok(takes(venuePatch, { [field]: null }), field);
  }
  for (const field of ['title', 'startsAt', 'veil', 'gather', 'opens', 'entry', 'show']) {
    assert.not.ok(takes(input.nosoPatch, { [field]: null }), field);
  }
});
