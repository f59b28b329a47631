import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import { assertRule, occurrences } from '../../src/service/recurrence.js';
import { suite } from '../support/suite.js';

// Against a naive model: every day of a year is looked at by itself, and every quarter that a clock there
// shows.

const test = suite('evenings that come again');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
/** Clocks are changed at quarters, and the hours below are of quarters. */
const QUARTER = 15 * MINUTE;

/** What a clock somewhere shows: "2026-11-29 14:30". */
function clockIn(timeZone: string) {
  const format = new Intl.DateTimeFormat('sv-SE', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  return (at: number) => format.format(at).replace(',', '');
}

/** The first instant of a date at which clocks there show an hour; where they skip it, as far on. */
function naiveInstant(timeZone: string, date: string, hour: string): number {
  const clock = clockIn(timeZone);
  const noon = Date.parse(`${date}T12:00:00Z`);
  for (let at = noon - DAY; at < noon + DAY; at += QUARTER) {
    if (clock(at) === `${date} ${hour}`) return at;
  }
  // Skipped: by the offset that was before, which is what the last quarter before shows.
  const wanted = `${date} ${hour}`;
  const minutes = (shown: string) => Date.parse(`${shown.replace(' ', 'T')}:00Z`);
  for (let at = noon - DAY; at < noon + DAY; at += QUARTER) {
    const shown = clock(at);
    if (shown < wanted && clock(at + QUARTER) > wanted)
      return at + minutes(wanted) - minutes(shown);
  }
  throw new Error(`${date} ${hour} is nowhere in ${timeZone}`);
}

type Date3 = { y: number; m: number; d: number; weekday: number; length: number; index: number };
const dates = (first: string, days: number): (Date3 & { date: string })[] =>
  Array.from({ length: days }, (_, index) => {
    const at = new Date(Date.parse(`${first}T00:00:00Z`) + index * DAY);
    const [y, m, d] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
    const length = new Date(Date.UTC(y, m + 1, 0)).getUTCDate();
    return { date: at.toISOString().slice(0, 10), y, m, d, weekday: at.getUTCDay(), length, index };
  });

/** Rules, and what is naively meant; `index` counts days from the first evening, a Sunday. */
const RULES: [rule: string, is: (day: Date3) => boolean][] = [
  ['FREQ=DAILY', () => true],
  ['FREQ=DAILY;INTERVAL=3', ({ index }) => index % 3 === 0],
  ['FREQ=WEEKLY', ({ index }) => index % 7 === 0],
  ['FREQ=WEEKLY;INTERVAL=2', ({ index }) => index % 14 === 0],
  // Weeks begin on Monday: the first Sunday ends the first week.
  [
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,WE',
    ({ index, weekday }) =>
      (weekday === 0 || weekday === 3) && Math.floor((index + 6) / 7) % 2 === 0,
  ],
  ['FREQ=MONTHLY;BYDAY=1SU', ({ weekday, d }) => weekday === 0 && d <= 7],
  ['FREQ=MONTHLY;BYDAY=-1FR', ({ weekday, d, length }) => weekday === 5 && d > length - 7],
  ['FREQ=MONTHLY;BYDAY=5MO', ({ weekday, d }) => weekday === 1 && d > 28],
  ['FREQ=MONTHLY;BYMONTHDAY=31', ({ d }) => d === 31],
  ['FREQ=MONTHLY;BYMONTHDAY=-1', ({ d, length }) => d === length],
  [
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    ({ weekday, d, length }) =>
      (weekday > 0 && weekday < 6 && d === length) ||
      (weekday === 5 && length - d > 0 && length - d <= 2),
  ],
  ['FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13', ({ weekday, d }) => weekday === 5 && d === 13],
  [
    'FREQ=WEEKLY;UNTIL=20270601',
    ({ index, date }: Date3 & { date?: string }) => index % 7 === 0 && (date ?? '') <= '2027-06-01',
  ],
  ['FREQ=WEEKLY;COUNT=10', ({ index }) => index % 7 === 0 && index < 70],
];

const ZONES: [timeZone: string, hours: string[]][] = [
  ['Europe/Paris', ['02:30', '14:30']], // 02:30 is skipped in March, and twice in October
  ['America/Santiago', ['00:15', '19:00']], // the day begins at 01:00 in September
  ['Australia/Lord_Howe', ['01:45', '02:15']], // half an hour
];

test('each rule over a year in three zones, as a naive model has it', () => {
  const first = '2026-11-29';
  const year = dates(first, 366);
  const naive = new Map<string, number>();
  const instant = (zone: string, date: string, hour: string) => {
    const key = `${zone} ${date} ${hour}`;
    const known = naive.get(key) ?? naiveInstant(zone, date, hour);
    naive.set(key, known);
    return known;
  };
  let compared = 0;
  for (const [timeZone, hours] of ZONES) {
    for (const hour of hours) {
      const startsAt = instant(timeZone, first, hour);
      for (const [rule, is] of RULES) {
        const meant = year.filter(is).map(({ date }) => date);
        const end = instant(timeZone, '2027-11-29', hour) + MINUTE;
        const found = occurrences({ rule, startsAt, timeZone }, startsAt, end);
        assert.equal(
          found.map(({ date }) => date),
          meant,
          `${rule} in ${timeZone}`,
        );
        for (const each of found) {
          if (!isNearChange(timeZone, each.startsAt) && compared % 7 !== 0) {
            compared += 1;
            assert.is(clockIn(timeZone)(each.startsAt), `${each.date} ${hour}`, rule);
            continue;
          }
          compared += 1;
          assert.is(
            each.startsAt,
            instant(timeZone, each.date, hour),
            `${rule} ${each.date} ${hour}`,
          );
        }
      }
    }
  }
  assert.ok(compared > 2000, `${compared} compared`);
});

/** Whether clocks there are changed within a day of it. */
function isNearChange(timeZone: string, at: number): boolean {
  const shown = (ms: number) => Date.parse(`${clockIn(timeZone)(ms).replace(' ', 'T')}:00Z`) - ms;
  return shown(at - DAY) !== shown(at + DAY);
}

test('F9 what is no rule, too often, or might never come, is refused by its name', () => {
  const bad = [
    '',
    'nonsense',
    'FREQ=HOURLY',
    'FREQ=WEEKLY;INTERVAL=0',
    'FREQ=WEEKLY;BYHOUR=3',
    'INTERVAL=2',
  ];
  bad.push('FREQ=WEEKLY;FREQ=DAILY', 'FREQ=WEEKLY;COUNT=1;UNTIL=20270101', 'FREQ=WEEKLY;BYDAY=1MO');
  bad.push(
    'FREQ=DAILY;INTERVAL=7;BYDAY=TU',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=WEEKLY;BYDAY=XX',
  );
  bad.push('FREQ=MONTHLY;INTERVAL=12;BYMONTH=3', 'FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=2');
  bad.push('FREQ=WEEKLY\r\nX:1', 'RRULE:FREQ=WEEKLY');
  for (const rule of bad) {
    try {
      assertRule(rule);
    } catch (error) {
      assert.ok(error instanceof Refusal && error.code === 'bad_request', rule);
      continue;
    }
    assert.unreachable(`${rule} was taken`);
  }
});

test('whatever rule is taken is followed in a moment', () => {
  const startsAt = Date.parse('2026-11-29T13:30:00Z');
  const parts = {
    FREQ: ['DAILY', 'WEEKLY', 'MONTHLY'],
    INTERVAL: [null, '2', '7', '12', '99'],
    BYDAY: [null, 'MO', '5SU', '-1TU,2WE'],
    BYMONTHDAY: [null, '1', '31', '-30'],
    BYSETPOS: [null, '-1', '4'],
  };
  const rules = Object.entries(parts).reduce<string[]>(
    (all, [name, values]) =>
      all.flatMap((rule) => values.map((v) => (v === null ? rule : `${rule};${name}=${v}`))),
    [''],
  );
  let taken = 0;
  for (const rule of rules.map((each) => each.slice(1))) {
    try {
      assertRule(rule);
    } catch {
      continue;
    }
    taken += 1;
    const found = occurrences({ rule, startsAt, timeZone: 'UTC' }, startsAt, startsAt + 400 * DAY);
    assert.ok(
      found.every(({ startsAt: at }) => at % DAY === startsAt % DAY),
      rule,
    );
  }
  assert.ok(taken > 30, `${taken} of ${rules.length}`);
});

test('F9 which parts of a rule go together', () => {
  const taken = (rule: string) => {
    try {
      assertRule(rule);
      return true;
    } catch {
      return false;
    }
  };
  for (const [rule, is] of [
    ['FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1', true],
    ['FREQ=MONTHLY;BYSETPOS=1', false],
    ['FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1;BYSETPOS=1', false],
    ['FREQ=WEEKLY;BYDAY=MO;BYSETPOS=1', false],
    ['FREQ=DAILY;BYDAY=MO;BYSETPOS=1', false],
    ['FREQ=MONTHLY;BYDAY=1MO;BYSETPOS=1', false],
    ['FREQ=DAILY;BYDAY=MO', true],
    ['FREQ=DAILY;INTERVAL=1;BYDAY=MO', true],
    ['FREQ=DAILY;INTERVAL=2;BYDAY=MO', false],
    ['FREQ=DAILY;BYDAY=1MO', false],
    ['FREQ=DAILY;BYMONTHDAY=1', false],
    ['FREQ=WEEKLY;BYMONTHDAY=1', false],
    ['FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=1', false],
    ['FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28', true],
    ['FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-28', true],
    ['FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=29', false],
    ['FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=-29', false],
    ['FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,31', false],
    ['FREQ=MONTHLY;BYMONTHDAY=31', true],
    ['FREQ=MONTHLY;BYMONTHDAY=32', false],
    ['FREQ=WEEKLY;INTERVAL=100', false],
    ['FREQ=WEEKLY;COUNT=999', true],
    ['FREQ=WEEKLY;COUNT=1000', false],
  ] as const) {
    assert.is(taken(rule), is, rule);
  }
});

test('the end of a rule is among its evenings: a date, an hour there, or an instant', () => {
  const startsAt = Date.parse('2026-11-29T13:30:00Z'); // 14:30 in Lyon
  const count = (until: string, to = startsAt + 30 * DAY) =>
    occurrences({ rule: `FREQ=DAILY${until}`, startsAt, timeZone: 'Europe/Paris' }, startsAt, to)
      .length;
  assert.is(count(';UNTIL=20261206'), 8);
  assert.is(count(';UNTIL=20261206T143000'), 8);
  assert.is(count(';UNTIL=20261206T142959'), 7);
  assert.is(count(';UNTIL=20261206T133000Z'), 8);
  assert.is(count(';UNTIL=20261206T132959Z'), 7);
  assert.is(count('', startsAt + 7 * DAY), 7, 'what starts then is not among them');
  assert.is(count('', startsAt + 7 * DAY + 1), 8);
  assert.is(count('', startsAt + 6000 * DAY), 4000, 'and it is not followed for ever');
});

test('F9 in a zone that this machine does not know evenings are at UTC’s hour', () => {
  const startsAt = Date.parse('2026-11-29T13:30:00Z');
  const rule = 'FREQ=DAILY;COUNT=2';
  assert.equal(occurrences({ rule, startsAt, timeZone: 'Middle/Earth' }, startsAt, startsAt * 2), [
    { date: '2026-11-29', startsAt },
    { date: '2026-11-30', startsAt: startsAt + DAY },
  ]);
});
