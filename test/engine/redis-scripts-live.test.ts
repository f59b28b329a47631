import * as assert from 'uvu/assert';
import { GRAVE, KEPT_UNCLOSED } from '../../src/engine/redis/keys.js';
import { CHANGE } from '../../src/engine/redis/scripts/changeLua.js';
import * as lifecycle from '../../src/engine/redis/scripts/lifecycleLua.js';
import { BUMP, TAIL } from '../../src/engine/redis/scripts/logLua.js';
import { REPLAY } from '../../src/engine/redis/scripts/replayLua.js';
import { HEAR, LAPSE } from '../../src/engine/redis/scripts/singleLua.js';
import { suite } from '../support/suite.js';
import {
  type Arg,
  BEGUN,
  type Bench,
  ENDS,
  endOf,
  found,
  HEAD,
  HOUR,
  NOW,
  storiesOf,
} from './scriptBench.js';

// Scripts of an open NoSo, at instants that are given to the ms. What is asked of seats is redis-exact.test.ts'.

const story = storiesOf(suite('scripts of an open NoSo'));

const SECOND = 1000;

const field = (b: Bench, name: string) => b.redis.hget(b.keys.noso('n').state, name);
story(
  'P1 a NoSo is founded once, by whoever has just read that it is open, and not over a grave',
  async (b) => {
    await b.at(NOW + 5 * SECOND + 1);
    assert.is(await found(b), 'stale');
    await b.at(NOW + 5 * SECOND);
    assert.is(await found(b), 'there');
    assert.is(await found(b), 'there', 'whoever comes second');
    assert.is(await field(b, 'epoch'), `${(2 + 5 * SECOND) * HEAD + 77}`, 'higher than any it had');
    assert.is(await field(b, 'settled'), `${NOW + 6 * SECOND}`, 'others may know more of it');
    const tail = async () => ((await b.live(TAIL, ['', 9, ''])) as Arg[])[0];
    await b.at(NOW + 6 * SECOND - 1);
    assert.is(await tail(), 'settling');
    await b.at(NOW + 6 * SECOND);
    assert.is(await tail(), 'ok');
    assert.is(await b.live(lifecycle.BURY, [''], undefined, ['w', 't']), 1);
    await b.endsWithin(b.keys.noso('n').state, GRAVE);
    assert.is(await found(b), 'closed');
    assert.is(await b.live(lifecycle.BURY, ['again'], undefined, ['w', 't']), 0);
    assert.equal(await b.live(TAIL, ['', 9, '']), ['closed']);
    await b.redis.del(b.keys.noso('n').state);
    assert.equal(await b.live(TAIL, ['', 9, '']), ['missing']);
    await b.redis.hset(b.keys.noso('n').seats, '4711', '1:0');
    assert.is(
      await found(b, { openedAt: NOW + 5 * SECOND + 1, readAt: NOW + 9 * SECOND }),
      'there',
    );
    assert.is(await b.redis.exists(b.keys.noso('n').seats), 0, 'of an earlier life');
    assert.equal(
      [await field(b, 'epoch'), await field(b, 'settled')],
      [`${(2 + 999) * HEAD + 77}`, '0'],
    );
    await b.redis.del(b.keys.noso('n').state);
    await found(b, { openedAt: NOW + 5 * SECOND, readAt: NOW + 9 * SECOND });
    assert.is(await field(b, 'settled'), `${NOW + 7 * SECOND}`, 'a second after it opened');
  },
);

story(
  'L7 P4 it is closed by schedule at its end by both clocks, and its traces are gone',
  async (b) => {
    await found(b, { pocket: '1000' });
    const keys = b.keys.noso('n');
    const traces = [keys.seats, keys.seen, keys.marks, keys.passes, keys.log, keys.nodes];
    const take = (number: number) => b.live(CHANGE, [number, `e${NOW}`, `of ${number}`, '']);
    await take(4711);
    for (const key of [keys.seats, keys.seen, keys.log, keys.passes]) {
      assert.is(await endOf(b, key), ENDS + KEPT_UNCLOSED, key);
    }
    const seal = (by: string, told?: [Arg, Arg]) => b.live(lifecycle.SEAL, [by, 'token'], told);
    await b.at(NOW + 999);
    assert.equal(await seal('schedule'), ['early', NOW + 999]);
    assert.is(await b.redis.hlen(keys.seats), 1);
    assert.equal(await b.live(LAPSE, []), ['ok', BEGUN, 1, NOW + 999, NOW, `${NOW + 1000}`]);
    await b.at(NOW + 1000);
    assert.equal(await b.live(LAPSE, []), ['ok', BEGUN, 2, NOW + 1000, NOW, '']);
    await take(4712);
    await b.live(REPLAY, ['node', 'new']);
    const amend = (version: number, capacity: Arg) =>
      b.live(lifecycle.AMEND, [version, '{}', ENDS, capacity, NOW, '']);
    for (const key of traces) await b.redis.persist(key);
    assert.is(((await amend(2, '')) as Arg[])[5], 0, 'it was changed meanwhile');
    assert.is(((await amend(1, 0)) as Arg[])[5], 0, 'more are seated');
    assert.is(((await amend(1, 1)) as Arg[])[5], 1);
    assert.equal([await field(b, 'version'), await field(b, 'capacity')], ['2', '1']);
    for (const key of traces) assert.is(await endOf(b, key), ENDS + KEPT_UNCLOSED, key);
    await b.at(ENDS - 1);
    assert.is(((await seal('schedule')) as Arg[])[0], 'early');
    await b.at(ENDS);
    const sealed = (await seal('schedule')) as Arg[];
    assert.equal(sealed.slice(0, 4), ['sealed', `${ENDS}`, 'schedule', '2']);
    assert.is(await b.redis.exists(...traces), 0);
    assert.is(await b.redis.exists(keys.minutes), 1, 'the record is to be written yet');
    assert.equal(await seal('organizer'), sealed, 'closing again tells the same');
    assert.equal(await b.live(TAIL, ['', 9, '']), ['sealed']);
  },
);

story(
  'P1 another server begins an epoch that settles when all who were there have put back',
  async (b) => {
    await found(b);
    const { state, nodes } = b.keys.noso('n');
    const said = async () => (await b.live(HEAR, [])) as Arg[];
    const [begins, second] = [NOW + 9 * SECOND, (at: number) => NOW + at * SECOND];
    await b.redis.hset(nodes, 'here', `${second(9)}:${BEGUN}`, 'there', `${second(6.5)}:0`);
    await b.redis.hset(nodes, 'gone', `${second(6.5) - 1}:0`);
    await b.redis.hset(state, 'replid', 'ffff');
    await b.at(begins);
    assert.is((await said())[0], 'settling');
    const replid = (await field(b, 'replid')) as string;
    const epoch = (1 + begins - NOW) * HEAD + Number.parseInt(replid.slice(0, 4), 16) + 1;
    const facts = await b.redis.hmget(state, 'epoch', 'settled', 'latest');
    assert.equal(facts, [`${epoch}`, `${begins + 700}`, `${begins + 6000}`]);
    assert.equal((await b.redis.hkeys(nodes)).sort(), ['here', 'there']);
    await b.redis.hset(nodes, 'here', `${begins}:${epoch}`, 'there', `${begins}:${epoch}`);
    await b.at(begins + 699);
    assert.is((await said())[0], 'settling');
    await b.at(begins + 700);
    assert.is((await said())[0], 'ok', 'all have said that they are done');
    await b.redis.hset(nodes, 'here', `${second(9)}:${BEGUN}`, 'there', `${second(6.5)}:0`);
    assert.is((await said())[0], 'settling', 'none has');
    await b.redis.hset(nodes, 'here', `${begins + 600}:${epoch}`);
    await b.at(begins + 2499);
    assert.is((await said())[0], 'settling', 'there was one to the last');
    await b.at(begins + 2500);
    assert.is((await said())[0], 'ok', 'it is not waited for any longer');
    await b.redis.hset(nodes, 'there', `${begins}:0`);
    await b.at(begins + 2499);
    assert.is((await said())[0], 'settling', 'here it is');
    await b.redis.hset(nodes, 'there', `${begins + 4000}:7`);
    await b.at(begins + 5999);
    assert.is((await said())[0], 'settling');
    await b.at(begins + 6000);
    assert.is((await said())[0], 'ok', 'nor is anybody longer than that');
    const leave = async () => ((await b.live(CHANGE, [4711, 'l2', '', ''])) as Arg[])[5];
    await b.at(begins + 700 + 60_000);
    assert.is(await leave(), 'absent');
    await b.at(begins + 700 + 60_000 - 1);
    assert.is(await leave(), `ended:2:${9 * SECOND + 60_699}`, 'whoever leaves is remembered');
    const bump = async (...asked: Arg[]) => ((await b.live(BUMP, asked)) as Arg[])[1];
    assert.is(await bump(epoch, epoch, 0), epoch, 'nothing is missing');
    assert.is(await bump(epoch - 1, epoch, 9), epoch, 'somebody has noticed');
    assert.is(
      await bump(epoch, epoch, 1),
      (1 + 69_699) * HEAD + Number.parseInt(replid.slice(0, 4), 16) + 1,
    );
  },
);

story(
  'L5 L7 Redis’ clock that is set is known by what nodes say, and time never goes back',
  async (b) => {
    await found(b);
    const time = async (claim: Arg, hour: Arg = '') =>
      ((await b.live(HEAR, [], [claim, hour])) as Arg[])[3];
    const facts = async () =>
      (await b.redis.hmget(b.keys.noso('n').state, 'shift', 'tick')).map(Number);
    await b.at(NOW + 500);
    assert.is(await time(''), NOW + 500);
    assert.equal(await facts(), [0, NOW], 'noted twice a second');
    await b.at(NOW + 501);
    await time('');
    assert.equal(await facts(), [0, NOW + 501]);
    // Set ahead by an hour: a node that has gone on evenly knows better.
    await b.at(NOW + HOUR / 2);
    assert.is(await time(NOW + 700), NOW + 700);
    assert.equal(await facts(), [700 - HOUR / 2, NOW + HOUR / 2]);
    await b.at(NOW + HOUR / 2 + 50);
    assert.is(await time(''), NOW + 750, 'and the others go by it');
    // The node and TIME agree: what was said was said long ago.
    assert.is(await time(NOW + HOUR / 2 + 50 + 2000), NOW + HOUR / 2 + 50);
    assert.is((await facts())[0], 0);
    // Nearly nothing: no clock was set.
    await b.at(NOW + HOUR / 2 + 2050);
    assert.is(await time(1), NOW + HOUR / 2 + 2050);
    await b.redis.hset(b.keys.noso('n').state, 'shift', 0, 'tick', NOW + 5000);
    await b.at(NOW + 2999);
    assert.is(await time(''), NOW + 5000, 'set back, and nobody says by how much');
    await b.redis.hset(b.keys.noso('n').state, 'shift', 0, 'tick', NOW + 5000);
    await b.at(NOW + 7001);
    assert.is(await time(NOW + 5001), NOW + 7001, 'a node that is as near says nothing new');
    await b.redis.hset(b.keys.noso('n').state, 'tick', NOW + 5000);
    assert.is(await time(NOW + 5000), NOW + 5000);
    await b.redis.hset(b.keys.noso('n').state, 'shift', 0, 'tick', NOW, 'lastAt', NOW + 900);
    await b.at(NOW + 100);
    assert.is(await time(''), NOW + 900, 'it never goes back behind the log');
    // Who set its clock as well is told by how much this NoSo is apart.
    await b.redis.hset(b.keys.noso('n').state, 'shift', HOUR, 'tick', NOW + 100);
    const look = async (hour: Arg) => ((await b.live(lifecycle.LOOK, [], ['', hour])) as Arg[])[8];
    assert.is(await look(NOW + 100), HOUR);
    assert.is(await look(NOW + 100 + HOUR - 1999), 0);
    assert.is(await look(NOW + 100 + HOUR - 2000), 2000);
  },
);

story('W2 the log keeps fifty thousand entries, and what is of the last two minutes', async (b) => {
  await found(b);
  const keys = b.keys.noso('n');
  const taken = 52_998;
  // One a ms, but for the last 51,000, which came two minutes later.
  const fill = `for k = 1, ARGV[1] do
    redis.call('RPUSH', KEYS[1], (k <= ARGV[1] - 51000 and k or k + 130000) .. '+' .. k) end`;
  await b.redis.eval(fill, 1, keys.log, taken);
  const lastAt = NOW + taken + 130_000;
  await b.redis.hset(keys.state, 'seq', taken, 'count', 7, 'lastAt', lastAt, 'samples', 9);
  const take = (number: number) => b.live(CHANGE, [number, `e${NOW}`, '', '']);
  await b.at(lastAt + 2000);
  await take(1);
  assert.is(await b.redis.llen(keys.log), taken + 1, 'looked at once in a thousand');
  await take(2);
  assert.is(await b.redis.lindex(keys.log, 0), `${taken - 50_999 + 130_000}+${taken - 50_999}`);
  assert.equal(await b.redis.lrange(keys.log, -1, -1), [`${lastAt + 2000 - NOW}+2`]);
});
