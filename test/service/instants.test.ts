import * as assert from 'uvu/assert';
import { iso } from '../../src/service/instants.js';
import { suite } from '../support/suite.js';

const test = suite('instants, as they are said');

test('F9 whatever was stored is some instant: what is out of all range is at its end', () => {
  for (const [ms, said] of [
    [0, '1970-01-01T00:00:00.000Z'],
    [1, '1970-01-01T00:00:00.001Z'],
    [1_764_158_400_123, '2025-11-26T12:00:00.123Z'],
    [8.64e15, '+275760-09-13T00:00:00.000Z'],
    [8.64e15 + 1, '+275760-09-13T00:00:00.000Z'],
    [Number.POSITIVE_INFINITY, '+275760-09-13T00:00:00.000Z'],
    [-8.64e15 - 1, '-271821-04-20T00:00:00.000Z'],
    [Number.NaN, '1970-01-01T00:00:00.000Z'],
  ] as const) {
    assert.is(iso(ms), said);
  }
});
