import * as assert from 'uvu/assert';
import { Bucket } from '../../src/service/bucket.js';
import { suite } from '../support/suite.js';

const test = suite('so many at once, and so many a second');

test('F6 a bucket holds no more than its burst, and fills evenly', () => {
  const bucket = new Bucket(3, 2, 1000);
  const take = (now: number, n?: number) => bucket.take(now, n);
  assert.equal([take(1000), take(1000), take(1000), take(1000)], [true, true, true, false]);
  assert.is(bucket.inMs(1), 500);
  assert.is(take(1250), false);
  assert.is(bucket.inMs(1), 250);
  assert.is(bucket.inMs(0), 1, 'in a millisecond, not in none');
  assert.is(take(1500), true);
  assert.is(take(3000, 4), false, 'more than it holds');
  assert.is(take(3000, 3), true);
  assert.is(bucket.inMs(3), 1500);
  bucket.giveBack();
  assert.is(take(3000), true, 'what was given back');
  for (let k = 0; k < 9; k += 1) bucket.giveBack();
  assert.is(take(3000, 4), false);
  assert.is(take(3000, 3), true);
  assert.is(take(60_000, 4), false);
  assert.is(take(60_000, 3), true);
});
