import * as assert from 'uvu/assert';
import {
  dayIn,
  hourIn,
  instantIn,
  localIn,
  nextHalfHour,
} from '../../../client/organizer/model/zoneTime.js';
import { suite } from '../../support/suite.js';

const test = suite('the console’s clocks');

const MINUTE = 60_000;
const ZONES = ['Europe/Paris', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC'];
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

test('what a clock shows leads back to the instant, over a year, in five zones', () => {
  const from = Date.UTC(2026, 0, 1);
  for (const zone of ZONES) {
    for (let at = from; at < from + 366 * 24 * 60 * MINUTE; at += 397 * MINUTE) {
      const { date, time } = localIn(zone, at);
      const back = instantIn(zone, date, time);
      // Where clocks go back an hour comes twice: the first is meant.
      const twice = back !== null && at - back === 60 * MINUTE && localIn(zone, back).time === time;
      assert.ok(back === at || twice, `${zone} ${date} ${time}: ${iso(back)} for ${iso(at)}`);
    }
  }
});

test('an hour that clocks skip is none; of one that comes twice, the first is meant', () => {
  assert.is(instantIn('Europe/Paris', '2026-03-29', '02:30'), null);
  assert.is(iso(instantIn('Europe/Paris', '2026-10-25', '02:30')), '2026-10-25T00:30:00.000Z');
  assert.is(iso(instantIn('America/New_York', '2026-11-01', '01:30')), '2026-11-01T05:30:00.000Z');
});

test('F9 whatever is typed, or stored, is an instant or null, an hour or dashes; nothing throws', () => {
  const dates = ['0026-11-22', '2026-02-30', '10000-01-01', '', 'soon', '-1-1-1', '9999-12-31'];
  for (const zone of [...ZONES, 'Middle/Earth', '']) {
    for (const date of dates) {
      for (const time of ['12:00', '25:00', '', '9:5']) instantIn(zone, date, time);
    }
    for (const at of [Number.NaN, 8.64e15, 8.64e15 + 1, Number.POSITIVE_INFINITY, -8.64e15]) {
      assert.type(hourIn(zone, at), 'string');
      assert.ok(dayIn(zone, at) === null || /^\d{4}-/.test(dayIn(zone, at) as string));
    }
  }
  assert.is(instantIn('Europe/Paris', '0026-11-22', '12:00'), null, 'a year of two digits');
  assert.is(instantIn('Middle/Earth', '2026-11-22', '12:00'), null);
  assert.is(dayIn('Europe/Paris', Date.parse('9999-12-31T23:30:00Z')), null, 'five digits there');
});

test('a proposal is the next full or half hour that is at least half an hour ahead', () => {
  const of = (at: string) => iso(nextHalfHour(Date.parse(at)));
  assert.is(of('2026-11-22T13:53:00Z'), '2026-11-22T14:30:00.000Z');
  assert.is(of('2026-11-22T14:00:00Z'), '2026-11-22T14:30:00.000Z');
  assert.is(of('2026-11-22T14:00:01Z'), '2026-11-22T15:00:00.000Z');
});
