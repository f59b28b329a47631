import * as assert from 'uvu/assert';
import { RATIONS, Recent } from '../../src/domain/ration.js';
import { suite } from '../support/suite.js';

const test = suite('what was counted lately');

test('P8 P10 how long ways in and tries count, and in what pieces of time', () => {
  assert.equal(RATIONS, {
    ways: { within: 15_000, piece: 500 },
    tries: { within: 60_000, piece: 2000 },
  });
  const ways = new Recent();
  assert.equal([0, 499, 500, 15_000].map(ways.pieceAt), [0, 0, 1, 30]);
  const tries = new Recent('tries');
  assert.equal([0, 1999, 2000, 60_000].map(tries.pieceAt), [0, 0, 1, 30]);
});

test('P8 what is counted goes by after its time, and a piece more, and not before', () => {
  const recent = new Recent();
  recent.pass(100);
  recent.add(100);
  recent.add(100);
  recent.pass(110);
  recent.add(110);
  assert.is(recent.total, 3);
  assert.is(recent.pass(130), false);
  assert.is(recent.total, 3);
  assert.is(recent.pass(131), true);
  assert.is(recent.total, 1);
  recent.add(131, -1);
  recent.add(131);
  assert.is(recent.pass(141), true);
  assert.is(recent.total, 0);
  recent.add(141);
  assert.is(recent.pass(1_000_000), true, 'however long after');
  assert.is(recent.total, 0);
});

test('P8 of a time that is past nothing is let go, and nothing is brought back', () => {
  const recent = new Recent();
  recent.pass(100);
  recent.add(100);
  assert.is(recent.pass(99), false);
  assert.is(recent.pass(100), false);
  assert.is(recent.total, 1);
  assert.is(recent.pass(130), false);
  assert.is(recent.total, 1);
  assert.is(recent.pass(131), true);
});
