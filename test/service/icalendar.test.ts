import * as assert from 'uvu/assert';
import { calendar, component, text } from '../../src/service/icalendar.js';
import { suite } from '../support/suite.js';

const test = suite('how a calendar is written down');

test('a line is of 75 octets at most, and what goes on begins with a space', () => {
  const lines = (value: string) =>
    component('X', [['N', value]])
      .split('\r\n')
      .slice(1, -1);
  assert.equal(lines('a'.repeat(73)), [`N:${'a'.repeat(73)}`]);
  assert.equal(lines('a'.repeat(74)), [`N:${'a'.repeat(73)}`, ' a']);
  assert.equal(lines('a'.repeat(73 + 74)), [`N:${'a'.repeat(73)}`, ` ${'a'.repeat(74)}`]);
  assert.equal(lines('a'.repeat(73 + 75)), [`N:${'a'.repeat(73)}`, ` ${'a'.repeat(74)}`, ' a']);
  assert.equal(lines(`${'a'.repeat(72)}é`), [`N:${'a'.repeat(72)}`, ' é'], 'no sign is cut');
  assert.equal(lines(`${'a'.repeat(71)}éb`), [`N:${'a'.repeat(71)}é`, ' b']);
  assert.equal(lines(`${'a'.repeat(70)}𝄽`), [`N:${'a'.repeat(70)}`, ' 𝄽']);
});

test('a text’s signs are marked, its lines joined, and its controls left out', () => {
  assert.is(text('a;b,c\\d'), 'a\\;b\\,c\\\\d');
  assert.is(text('a\nb\r\nc'), 'a\\nb\\nc');
  assert.is(text('a\0b\u0085c\td'), 'abcd');
});

test('a component holds its lines, and then those within it', () => {
  const within = component('B', [['C', '1']]);
  assert.equal(calendar([['A', '2']], [within]).split('\r\n'), [
    ...['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//NoSo//NoSo//EN', 'A:2'],
    ...['BEGIN:B', 'C:1', 'END:B', 'END:VCALENDAR', ''],
  ]);
});
