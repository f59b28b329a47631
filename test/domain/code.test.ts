import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { STEP, stepAt, stepsAccepted, validUntil } from '../../src/domain/code.js';
import { suite } from '../support/suite.js';

const test = suite('codes');

const times = fc.integer({ min: 1_700_000_000_000, max: 2_000_000_000_000 });

test('F6 a code is accepted for 60 s from its first showing, and no longer', () => {
  fc.assert(
    fc.property(times, fc.nat(STEP - 1), (any, into) => {
      const first = Math.floor(any / STEP) * STEP;
      const step = stepAt('code', first + into);
      assert.is(step, first / STEP, 'it shows for 15 s');
      assert.ok(stepsAccepted('code', first).includes(step));
      assert.ok(stepsAccepted('code', first + 59_999).includes(step));
      assert.not.ok(stepsAccepted('code', first + 60_000).includes(step));
      assert.not.ok(stepsAccepted('code', first - 1).includes(step), 'nor before it shows');
      assert.is(validUntil('code', step, 0), first + 60_000);
      assert.is(stepsAccepted('code', first)[0], step, 'the newest first');
    }),
  );
});

test('with a link it stays the same until the end', () => {
  fc.assert(
    fc.property(times, times, (one, two) => {
      assert.is(stepAt('link', one), stepAt('link', two));
      assert.equal(stepsAccepted('link', one), [stepAt('link', two)]);
      assert.is(validUntil('link', stepAt('link', one), two), two);
    }),
  );
});
