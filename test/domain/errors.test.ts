import * as assert from 'uvu/assert';
import { inSeconds, Refusal } from '../../src/domain/errors.js';
import { suite } from '../support/suite.js';

const test = suite('refusals');

test('F8 when to try again is in whole seconds, never too soon, and one at least', () => {
  assert.equal([-5, 0, 1, 999, 1000, 1001, 60_000].map(inSeconds), [1, 1, 1, 1, 1, 2, 60]);
});

test('F8 a refusal is known by its code and its reason, and says when to try again', () => {
  const refusal = new Refusal('conflict.left', 'it left', 60, { noso: 'one' });
  const { code, reason, why, detail, retryAfter, also } = refusal;
  assert.equal(
    [code, reason, why, detail, retryAfter],
    ['conflict', 'left', 'conflict.left', 'it left', 60],
  );
  assert.equal(also, { noso: 'one' });
  const bare = new Refusal('full');
  assert.equal(
    [bare.code, bare.reason, bare.why, bare.retryAfter],
    ['full', undefined, 'full', undefined],
  );
});
