import * as assert from 'uvu/assert';
import * as catalogue from '../../src/engine/redis/scripts/catalogueLua.js';
import * as once from '../../src/engine/redis/scripts/onceLua.js';
import { suite } from '../support/suite.js';
import { type Arg, type Bench, endOf, NOW, storiesOf } from './scriptBench.js';

// Scripts of what the catalogue has of one NoSo, at instants that are given to the ms.

const story = storiesOf(suite('scripts of a NoSo in the catalogue'));

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const EPOCH = NOW;
const FIELD = 'noso:n';
const ENDS = NOW + HOUR;

const noso = (version: number, is: string) =>
  `${version}:${JSON.stringify({ id: 'n', venue: 'v', endsAt: ENDS, life: { is } })}`;
const put = (b: Bench, value: string) => b.redis.hset(b.keys.documents, FIELD, value);

story(
  'A8 who means to come is kept until a day after its end, and forgotten when it opens',
  async (b) => {
    const intents = b.keys.intents('n');
    const intend = (digest: string) => b.ask(catalogue.INTEND, [FIELD, digest, 500], [intents]);
    assert.equal(await intend('a'), ['ok', EPOCH, -1, NOW]);
    await put(b, '');
    assert.equal(await intend('a'), ['ok', EPOCH, -1, NOW]);
    await put(b, noso(3, 'open'));
    assert.equal(await intend('a'), ['ok', EPOCH, 0, NOW]);
    await put(b, noso(3, 'scheduled'));
    assert.equal(await intend('a'), ['ok', EPOCH, 1, NOW]);
    assert.is(await endOf(b, intents), ENDS + 500);
    await intend('b');
    const among = (...digests: string[]) => b.ask(catalogue.INTENTS, digests, [intents]);
    assert.equal(await among('x', 'a'), ['ok', EPOCH, 2, 1]);
    assert.equal(await among('x'), ['ok', EPOCH, 2, 0]);
    const read = () => b.ask(catalogue.READ, [FIELD], [b.keys.drawn, intents]);
    assert.is(((await read()) as Arg[])[5], 0, 'none was drawn yet');
    await b.redis.set(b.keys.drawn, 41);
    assert.equal(await read(), ['ok', EPOCH, NOW, noso(3, 'scheduled'), '', '41', 2]);

    const replace = (was: string, to: string, opens: string, meant: number, until: Arg) =>
      b.ask(catalogue.REPLACE, [FIELD, was, to, opens, 'v', meant, until], [intents]);
    const [three, four, five] = [noso(3, 'scheduled'), noso(4, 'scheduled'), noso(5, 'open')];
    assert.equal(await replace('other', four, '', 2, 1), ['ok', EPOCH, 0]);
    assert.equal(await replace(three, four, '', 1, 1), ['ok', EPOCH, 0], 'one more means to come');
    assert.equal(await replace(three, four, '', 2, ENDS + 7), ['ok', EPOCH, NOW]);
    assert.is(await endOf(b, intents), ENDS + 7);
    await b.redis.hset(b.keys.open, 'v', 'other');
    assert.equal(await replace(four, five, 'n', 2, 0), ['ok', EPOCH, 0], 'L2');
    assert.is(await b.redis.scard(intents), 2);
    assert.is(((await read()) as Arg[])[4], 'other');
    await b.redis.hdel(b.keys.open, 'v');
    assert.equal(await replace(four, five, 'n', 2, 0), ['ok', EPOCH, NOW + 1]);
    assert.equal([await b.redis.exists(intents), await b.redis.hget(b.keys.open, 'v')], [0, 'n']);
    await b.redis.sadd(intents, 'a', 'b');
    assert.equal(await b.ask(catalogue.WITHDRAW, ['x'], [intents]), ['ok', EPOCH, 0, NOW]);
    assert.equal(await b.ask(catalogue.WITHDRAW, ['a'], [intents]), ['ok', EPOCH, 1, NOW]);
    assert.equal(await b.ask(catalogue.WITHDRAW, [''], [intents]), ['ok', EPOCH, 1, NOW]);
    assert.is(await b.redis.exists(intents), 0);
  },
);

story(
  'the catalogue follows the live state, and gives the venue free by its own NoSo alone',
  async (b) => {
    const publish = (version: number, open: 0 | 1, id = 'n') =>
      b.ask(catalogue.PUBLISH, [FIELD, version, '{}', id, 'v', open]);
    await put(b, '3:{}');
    await b.redis.hset(b.keys.open, 'v', 'n');
    assert.equal(await publish(3, 0), ['ok', EPOCH, 0], 'it is as new');
    assert.equal(await publish(4, 1), ['ok', EPOCH, NOW]);
    assert.equal(await publish(5, 0, 'other'), ['ok', EPOCH, NOW + 1]);
    assert.is(await b.redis.hget(b.keys.open, 'v'), 'n');
    assert.equal(await publish(6, 0), ['ok', EPOCH, NOW + 2]);
    assert.is(await b.redis.hget(b.keys.open, 'v'), null);
    assert.is(await b.redis.hget(b.keys.documents, FIELD), '6:{}');

    const remove = (revision: Arg, venue: string) =>
      b.ask(catalogue.REMOVE, [revision, venue, FIELD, '', 'wall:w', 'w']);
    await b.redis.hset(b.keys.beats, 'w', 1, 'other', 1);
    assert.equal(await remove(NOW + 1, ''), ['ok', EPOCH, 0]);
    await b.redis.hset(b.keys.open, 'v', 'n');
    assert.equal(await remove(NOW + 2, 'v'), ['ok', EPOCH, -1]);
    await b.redis.hdel(b.keys.open, 'v');
    assert.equal(await remove(NOW + 2, 'v'), ['ok', EPOCH, NOW + 3]);
    assert.equal(await b.redis.hkeys(b.keys.beats), ['other']);
    assert.equal(await b.redis.hmget(b.keys.documents, FIELD, 'wall:w'), ['', '']);
  },
);

story(
  'P1 documents are put back unless there is a newer one, with the venue that they take',
  async (b) => {
    const restore = (revision: number, value: string, venue: string, id = 'n') =>
      b.ask(once.RESTORE, [FIELD, revision, value, venue, id]);
    const state = async () => [
      await b.redis.hget(b.keys.documents, FIELD),
      await b.redis.get(b.keys.revision),
      await b.redis.hget(b.keys.open, 'v'),
    ];
    assert.equal(await restore(50, '2:a', '+v'), ['ok', EPOCH]);
    assert.equal(await state(), ['2:a', '50', 'n']);
    assert.is(await b.redis.hget(b.keys.state, 'settled'), `${NOW + SECOND}`, 'all are waited for');
    await restore(50, '2:b', '-v');
    assert.equal(await state(), ['2:a', '50', 'n']);
    await restore(51, '3:c', '-v', 'other');
    assert.equal(await state(), ['3:c', '51', 'n'], 'another NoSo is open there');
    await b.redis.set(b.keys.revision, 99);
    await b.at(NOW + 2 * SECOND);
    await restore(52, '4:d', '-v');
    assert.equal(await state(), ['4:d', '99', null]);
    assert.is(await b.redis.hget(b.keys.state, 'settled'), `${NOW + SECOND}`);
    await restore(53, '5:e', '');
    assert.equal(await state(), ['5:e', '99', null]);

    const [chunk, other] = [b.keys.drawnChunk(0), b.keys.drawnChunk(1)];
    const drawn = (bits: number[]) =>
      b.ask(once.RESTORE_DRAWN, bits, [b.keys.drawn, chunk, other].slice(0, 1 + bits.length));
    await drawn([7, 9]);
    await drawn([7, 9]);
    await drawn([8]);
    assert.equal([await b.redis.get(b.keys.drawn), await b.redis.bitcount(chunk)], ['3', 2]);

    const [intents, words] = [b.keys.intents('n'), b.keys.intended('n')];
    const intend = (...said: Arg[]) =>
      b.ask(once.RESTORE_INTENTS, [FIELD, 500, ...said], [intents, words]);
    await put(b, noso(3, 'scheduled'));
    await intend('+', 'a', 10, '-', 'b', 20, '+', 'c', 30);
    await intend('-', 'a', 9, '+', 'b', 19, '-', 'c', 30);
    assert.equal((await b.redis.smembers(intents)).sort(), ['a'], 'the last word counts');
    assert.is(await endOf(b, intents), ENDS + 500);
    await b.endsWithin(words, 60_000);
    await put(b, noso(4, 'open'));
    await intend('+', 'd', 99);
    assert.is(await b.redis.exists(intents, words), 0);
  },
);
