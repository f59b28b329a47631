import * as assert from 'uvu/assert';
import { Bucket } from '../../src/service/bucket.js';
import { suite } from '../support/suite.js';

const test = suite('so many at once, and so many a second');

test('F6 a bucket holds no more than its burst, and fills evenly', () => {
  const bucket = new Bucket(3, 2, 1000);
  const take = (now: number, n?: number) => bucket.take(now, n);
  assert.equal([take(1000), take(1000), take(1000), take(1000)], [true, true, true, false]);
  assert.is(bucket.inMs(), 500);
  assert.is(take(1250), false);
  assert.is(bucket.inMs(), 250);
  assert.is(take(1500), true);
  assert.is(bucket.hasOne(1999), false);
  assert.is(bucket.hasOne(2000), true, 'and there it stays');
  assert.is(bucket.inMs(), 1, 'in a millisecond, not in none');
  assert.is(take(3000, 3), true);
  assert.is(bucket.inMs(), 500);
  bucket.giveBack();
  assert.is(take(3000), true, 'what was given back');
  for (let k = 0; k < 9; k += 1) bucket.giveBack(2.5);
  assert.equal([take(3000), take(3000), take(3000), take(3000)], [true, true, true, false]);
  assert.equal(
    [60, 60, 60, 60].map((s) => take(s * 1000)),
    [true, true, true, false],
  );
});

test('F6 what is taken beyond what there is is missing later', () => {
  const bucket = new Bucket(3, 2, 0);
  assert.is(bucket.take(0, 5), true, 'there was one');
  assert.is(bucket.take(1000), false);
  assert.is(bucket.inMs(), 500);
  assert.is(bucket.take(1499), false);
  assert.is(bucket.take(1500), true);
});
