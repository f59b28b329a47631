import * as assert from 'uvu/assert';
import { KEPT_UNCLOSED } from '../../src/engine/redis/keys.js';
import { REPLAY } from '../../src/engine/redis/scripts/replayLua.js';
import { suite } from '../support/suite.js';
import { type Arg, BEGUN, type Bench, ENDS, endOf, found, NOW, storiesOf } from './scriptBench.js';

// What a node puts back after a loss, by the script alone. Whole losses are redis-replay.test.ts'.

const story = storiesOf(suite('the script that puts back'));

const SECOND = 1000;

/** What is kept of single numbers, and of how many there were. */
async function keptOf(b: Bench) {
  const keys = b.keys.noso('n');
  const all = (key: string): Promise<Record<string, string>> => b.redis.hgetall(key);
  const [seats, marks, passes] = [
    await all(keys.seats),
    await all(keys.marks),
    await all(keys.passes),
  ];
  const counts = await b.redis.hmget(keys.state, 'count', 'total', 'peak', 'byHand');
  return { seats, marks, passes, counts: counts.map(Number).join(' ') };
}

const LATER = NOW + 60 * SECOND;
type Put = [number: number, what: string, sitting: number, at: number, heard: Arg, key: string];

/** Puts changes back a minute after the opening; which found no room. */
const putBack = async (b: Bench, ...changes: Put[]) => {
  const answer = (await b.live(REPLAY, ['node', '', ...changes.flat()])) as Arg[];
  assert.equal(answer.slice(0, 2), ['ok', BEGUN]);
  return answer.slice(5);
};

story(
  'P1 P2 who was seated is put back once, on its latest sitting, since the earliest that anybody says',
  async (b) => {
    await found(b, { pocket: '300000' });
    await b.at(LATER);
    const { seen } = b.keys.noso('n');
    const seat: Put = [4711, 't', 1, NOW + 5000, NOW + 9000, 'pass'];
    assert.equal(await putBack(b, seat), []);
    const there = {
      ...{ seats: { 4711: '1:5000' }, marks: {}, passes: { pass: '4711' }, counts: '1 1 1 0' },
    };
    assert.equal(await keptOf(b), there);
    assert.is(await b.redis.zscore(seen, '4711'), `${NOW + 9000}`);
    await putBack(b, seat, [4711, 't', 1, NOW + 6000, NOW + 8000, 'pass']);
    assert.equal(await keptOf(b), there);
    assert.is(await b.redis.zscore(seen, '4711'), `${NOW + 9000}`, 'heard last');
    await putBack(b, [4711, 't', 1, NOW + 4500, NOW + 1, '']);
    assert.is(await b.redis.zscore(seen, '4711'), `${NOW + 9000}`, 'nor since it was put back');
    await putBack(b, [4711, 't', 1, NOW + 4000, LATER + 5000, '']);
    assert.equal((await keptOf(b)).seats, { 4711: '1:4000' });
    assert.is(await b.redis.zscore(seen, '4711'), `${LATER}`, 'no later than now');
    await putBack(b, [4711, 't', 2, NOW - 5, LATER, 'other'], [4711, 't', 1, NOW, LATER, '']);
    assert.equal((await keptOf(b)).seats, { 4711: '2:0:-:0:1' }, 'the end of its first was lost');
    assert.is((await keptOf(b)).counts, '1 1 1 0');
    await putBack(b, [4711, 't', 2, NOW + 9000, LATER + 1, '']);
    assert.is(await b.redis.zscore(seen, '4711'), `${LATER}`);
    assert.equal((await keptOf(b)).passes, { pass: '4711', other: '4711' });
    await putBack(b, [4799, 'b', 0, 0, 0, 'pass'], [4712, 'b', 0, 0, 0, 'third']);
    assert.equal((await keptOf(b)).passes, { pass: '4711', other: '4711', third: '4712' });
  },
);

story(
  'P4 P5 who left stays gone, whoever comes late; and there is no more room than there is',
  async (b) => {
    await found(b, { capacity: '2' });
    await b.at(LATER);
    await putBack(b, [1, 't', 1, NOW, NOW, ''], [1, 'l', 1, NOW + 7000, 0, '']);
    assert.equal(await keptOf(b), {
      ...{ seats: {}, marks: { 1: '1:7000:left' }, passes: {}, counts: '0 1 1 0' },
    });
    await putBack(b, [1, 't', 1, NOW, NOW, ''], [1, 'l', 1, NOW + 9000, 0, '']);
    assert.equal((await keptOf(b)).marks, { 1: '1:7000:left' }, 'told again');
    await putBack(b, [2, 'l', 1, NOW + 8000, 0, ''], [2, 't', 1, NOW, NOW, '']);
    assert.equal(await keptOf(b), {
      ...{
        seats: {},
        marks: { 1: '1:7000:left', 2: '1:8000:left' },
        passes: {},
        counts: '0 2 1 0',
      },
    });
    // Of an older sitting, and of one that was never put back.
    await putBack(b, [1, 't', 2, NOW + 9000, NOW, ''], [1, 'l', 1, NOW + 9500, 0, '']);
    assert.equal((await keptOf(b)).seats, { 1: '2:9000' });
    await putBack(b, [1, 'l', 3, NOW - 5, 0, '']);
    assert.equal((await keptOf(b)).marks, { 1: '3:0:left', 2: '1:8000:left' });
    // Somebody left who was not known to sit: whoever sits since then does.
    await putBack(b, [3, 't', 1, NOW + 9000, NOW, ''], [3, 'g', 0, NOW + 8999, 0, '']);
    assert.equal((await keptOf(b)).seats, { 3: '1:9000' });
    await putBack(b, [3, 'g', 0, NOW + 9000, 0, ''], [4, 'g', 0, NOW + 9000, 0, '']);
    assert.equal((await keptOf(b)).seats, {});
    assert.is((await keptOf(b)).marks[3], '1:9000:left');
    const seats = [5, 6, 7, 8].map((number): Put => [number, 't', 1, NOW, NOW, '']);
    assert.equal(await putBack(b, ...seats), [3, 4]);
    assert.is((await keptOf(b)).counts, '2 5 2 0');
  },
);

story(
  'P9 what doors did is put back as it was, and whoever sits by hand does not lapse',
  async (b) => {
    await found(b, { pocket: '300000' });
    await b.at(LATER);
    await putBack(b, [1, 'h', 1, NOW + 5000, 0, 'north'], [2, 'h', 1, NOW + 6000, 0, '']);
    assert.equal(await keptOf(b), {
      ...{ seats: { 1: '1:5000:north:0:1', 2: '1:6000:.:0:1' }, marks: {}, passes: {} },
      counts: '2 2 2 2',
    });
    assert.is(await b.redis.exists(b.keys.noso('n').seen), 0);
    await putBack(b, [2, 'v', 1, NOW + 7000, 0, ''], [3, 'v', 1, NOW + 7000, 0, '']);
    assert.equal((await keptOf(b)).marks, { 2: '1:7000:voided:1', 3: '1:7000:voided:1' });
    assert.is((await keptOf(b)).counts, '1 1 2 1', 'as if it had never been');
    await putBack(b, [1, 'o', 1, NOW + 8000, 0, ''], [4, 'o', 1, NOW + 8000, 0, '']);
    assert.is((await keptOf(b)).counts, '0 2 2 2', 'the other was seated by hand as well');
    assert.is((await keptOf(b)).marks[4], '1:8000:left');
    const [open, undone] = ['in|ok|north|5|0', 'in|ok|north|5|1'];
    const clicks = async () => (await keptOf(b)).passes;
    await putBack(b, [1, 'c', 1, 0, 0, `k ${open}`]);
    assert.equal(await clicks(), { 'c:k': `1 1 ${open}` });
    await putBack(b, [1, 'c', 1, 0, 0, `k ${undone}`], [9, 'c', 1, 0, 0, `k ${open}`]);
    assert.equal(await clicks(), { 'c:k': `1 1 ${undone}` }, 'what was undone stays so');
  },
);

story('P1 a node says that it is there, and for which epoch it has no more', async (b) => {
  await found(b);
  await b.at(LATER);
  const { nodes } = b.keys.noso('n');
  const says = async (epoch: Arg) => {
    await b.live(REPLAY, ['node', epoch]);
    return b.redis.hget(nodes, 'node');
  };
  assert.is(await says(''), `${LATER}:0`);
  assert.is(await says(BEGUN), `${LATER}:${BEGUN}`);
  assert.is(await says(BEGUN - 1), `${LATER}:0`);
  assert.is(await says('new'), `${LATER}:${BEGUN}`);
  assert.is(await endOf(b, nodes), ENDS + KEPT_UNCLOSED);
  await b.at(ENDS);
  await putBack(b, [1, 't', 1, NOW, NOW, '']);
  assert.equal((await keptOf(b)).seats, {}, 'it is over');
});
