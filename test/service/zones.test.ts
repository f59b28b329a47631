import * as assert from 'uvu/assert';
import { localIso, utcOffset } from '../../src/service/zones.js';
import { suite } from '../support/suite.js';

const test = suite('zones');

const at = (text: string) => Date.parse(text);

test('how far a zone is off UTC, in minutes, winter and summer', () => {
  const winter = at('2026-11-29T12:00:00Z');
  const summer = at('2026-06-29T12:00:00Z');
  for (const [zone, then, is] of [
    ['Etc/UTC', winter, 0],
    ['Europe/Paris', winter, 60],
    ['Europe/Paris', summer, 120],
    ['America/New_York', winter, -300],
    ['America/St_Johns', winter, -210],
    ['Asia/Kathmandu', winter, 345],
    ['Australia/Lord_Howe', winter, 660],
    ['Australia/Lord_Howe', summer, 630],
  ] as const) {
    assert.ok(utcOffset(zone, then) === is, `${zone}: ${utcOffset(zone, then)}`);
  }
});

test('F9 of a zone, or a date, that nobody knows nothing is said', () => {
  assert.is(utcOffset('Middle/Earth', 0), undefined);
  assert.is(utcOffset('Europe/Paris', Number.NaN), undefined);
  assert.is(utcOffset('Europe/Paris', 9e15), undefined);
});

test('an instant as a clock there has it', () => {
  const then = at('2026-11-29T13:30:05.250Z');
  for (const [zone, said] of [
    ['Europe/Paris', '2026-11-29T14:30:05+01:00'],
    ['Asia/Kathmandu', '2026-11-29T19:15:05+05:45'],
    ['America/St_Johns', '2026-11-29T10:00:05-03:30'],
    ['America/New_York', '2026-11-29T08:30:05-05:00'],
    ['Pacific/Kiritimati', '2026-11-30T03:30:05+14:00'],
    ['Etc/UTC', '2026-11-29T13:30:05+00:00'],
    ['Middle/Earth', '2026-11-29T13:30:05+00:00'],
  ] as const) {
    assert.is(localIso(zone, then), said);
  }
});
