import * as assert from 'uvu/assert';
import { GONE } from '../../src/engine/redis/keys.js';
import * as catalogue from '../../src/engine/redis/scripts/catalogueLua.js';
import * as once from '../../src/engine/redis/scripts/onceLua.js';
import { RATION } from '../../src/engine/redis/scripts/rationLua.js';
import * as witness from '../../src/engine/redis/scripts/witnessLua.js';
import { shareOf } from '../../src/engine/redis/shares.js';
import { suite } from '../support/suite.js';
import { type Arg, NOW, storiesOf } from './scriptBench.js';

// Scripts of the catalogue, each asked by itself, at instants that are given to the ms.

const story = storiesOf(suite('scripts of the catalogue'));

const SECOND = 1000;
/** The epoch of a catalogue whose first script ran at `NOW`. */
const EPOCH = NOW;

story('P8 a ration is of the last of its time, to the piece, and of no time to come', async (b) => {
  const key = b.keys.rationed('n', 'ways');
  const ask = () => b.one(RATION, key, [2, 500, 30]);
  assert.equal([await ask(), await ask(), await ask()], [1, 2, -1]);
  await b.endsWithin(key, 15_500);
  await b.at(NOW + 15_499);
  assert.is(await ask(), -1);
  await b.at(NOW + 15_500);
  assert.is(await ask(), 1);
  await b.at(NOW);
  assert.is(await ask(), 1, 'the clock was set back');
  assert.equal(await b.redis.hkeys(key), [String(NOW / 500)]);
});

story('an id is spent once, for as long as it would have been good', async (b) => {
  const key = b.keys.spent('x');
  const ask = () => b.ask(once.SPEND, [NOW + 9 * SECOND], [key]);
  assert.equal(await ask(), ['ok', EPOCH, 1]);
  await b.endsWithin(key, 9 * SECOND);
  assert.equal(await ask(), ['ok', EPOCH, 0]);
  const other = b.keys.spent('y');
  await b.ask(once.RESTORE_SPENT, [NOW], [other]);
  assert.is(await b.redis.exists(other), 0, 'it has ended');
  await b.ask(once.RESTORE_SPENT, [NOW + 9 * SECOND], [other]);
  await b.endsWithin(other, 9 * SECOND);
  await b.ask(once.RESTORE_SPENT, [NOW + 99 * SECOND], [other]);
  await b.endsWithin(other, 9 * SECOND);
  assert.equal(await b.ask(once.SPEND, [NOW + SECOND], [other]), ['ok', EPOCH, 0]);
  const late = b.keys.spent('z');
  assert.equal(await b.ask(once.SPEND, [NOW - SECOND], [late]), ['ok', EPOCH, 1]);
});

story('an id is reserved for the first who comes, also where it is put back', async (b) => {
  const key = b.keys.reserved('x');
  assert.equal(await b.ask(once.HOLDER, [], [key]), ['ok', EPOCH, '']);
  assert.equal(await b.ask(once.RESERVE, ['one', NOW + 9 * SECOND], [key]), ['ok', EPOCH, 'one']);
  assert.equal(await b.ask(once.RESERVE, ['two', NOW + 99 * SECOND], [key]), ['ok', EPOCH, 'one']);
  await b.endsWithin(key, 9 * SECOND);
  await b.ask(once.RESTORE_RESERVED, ['two', NOW + 99 * SECOND], [key]);
  assert.equal(await b.ask(once.HOLDER, [], [key]), ['ok', EPOCH, 'one']);
  const other = b.keys.reserved('y');
  await b.ask(once.RESTORE_RESERVED, ['two', NOW], [other]);
  assert.is(await b.redis.exists(other), 0);
  await b.ask(once.RESTORE_RESERVED, ['two', NOW + 9 * SECOND], [other]);
  await b.endsWithin(other, 9 * SECOND);
  await b.ask(once.RESERVE, ['late', NOW - 5], [b.keys.reserved('z')]);
});

story(
  'L4 files are asked to be rewritten once a minute, and once more for what came since',
  async (b) => {
    const ask = (what: string) => b.one(once.REWRITE, b.keys.rewrite, [what]);
    assert.is(await ask('due'), 0, 'nothing is wanted');
    assert.is(await ask('wanted'), 1);
    await b.at(NOW + 90 * SECOND);
    assert.is(await ask('due'), 0, 'nothing since');
    assert.is(await ask('wanted'), 1);
    await b.at(NOW + 90 * SECOND + 10);
    assert.is(await ask('wanted'), 0);
    await b.at(NOW + 150 * SECOND - 1);
    assert.is(await ask('due'), 0);
    await b.at(NOW + 150 * SECOND);
    assert.is(await ask('due'), 1);
    assert.is(await ask('busy'), 0);
    await b.at(NOW + 155 * SECOND - 1);
    assert.is(await ask('due'), 0);
    await b.at(NOW + 155 * SECOND);
    assert.is(await ask('due'), 1, 'what could not be done is tried again');
  },
);

story(
  'A4 what is drawn is drawn once, of the share and the space that it is for, and counted',
  async (b) => {
    const store = '0123456789abcdef01';
    await b.redis.hset(b.keys.state, 'id', store);
    const chunk = b.keys.drawnChunk(1);
    const numbers = Array.from({ length: 40 }, (_, k) => 100_000 + k);
    const draw = (count: number, most: number) =>
      b.ask(
        once.DRAW,
        [count, most, ...numbers.flatMap((number) => [number, number - 65_536])],
        [b.keys.drawn, ...numbers.map(() => chunk)],
      ) as Promise<Arg[]>;
    const own = numbers.filter((number) => shareOf(store, number) === 1).map(String);
    assert.equal(await draw(2, 99), ['ok', EPOCH, 2, 1, ...own.slice(0, 2)]);
    assert.is(await b.redis.get(b.keys.drawn), '2');
    assert.equal(await draw(2, 3), ['ok', EPOCH, 3, 1, own[2]], 'no more are for that space');
    assert.equal(await draw(0, 99), ['ok', EPOCH, 3, 1]);
    assert.equal(await draw(99, 99), ['ok', EPOCH, own.length, 1, ...own.slice(3)]);
    assert.is(await b.redis.bitcount(chunk), own.length);
  },
);

story('A4 F5 a store that holds less than it did is noticed, and for everybody', async (b) => {
  const more = [b.keys.drawn];
  const look = (id: string, revision = 0, drawn = 0) =>
    b.ask(witness.WITNESS, [id, revision, drawn], more);
  await b.redis.set(b.keys.revision, 70).then(() => b.redis.set(b.keys.drawn, 30));
  assert.equal(await look('store', 70, 30), ['whole', 'store', 70, 30]);
  await b.redis.hset(b.keys.state, 'settled', NOW + 1);
  assert.equal(await look('store', 71, 31), ['settling']);
  await b.at(NOW + 1);
  assert.is(await b.one(witness.ANEW, 'any', []).catch(() => 'refused'), 'refused');
  assert.is(await b.ask(witness.ANEW, ['new']), 0, 'nothing is missed');
  assert.equal(await look('store', 71, 30), ['less', 'documents']);
  assert.equal(await look('store', 70, 30), ['less', 'another'], 'whoever asks');
  for (const script of [catalogue.SAVE, once.RESTORE]) {
    assert.equal(await b.ask(script, ['wish:x', '{}']), ['lost']);
  }
  assert.equal(await b.ask(catalogue.BRING_UP, ['x']), ['lost']);
  assert.is(await b.ask(witness.ANEW, ['new']), 1);
  assert.equal(await look('store'), ['anew', 'new', 70, 30]);
  assert.equal(await look('new', 70, 31), ['less', 'numbers']);
  assert.is(await b.redis.hget(b.keys.state, 'lost'), 'new');
  await b.redis.hdel(b.keys.state, 'lost');
  assert.equal(await look('stranger'), ['less', 'another']);
});

story(
  'U1 a store is brought up, or refused by its name; one that was emptied is no store',
  async (b) => {
    const versions = () => b.redis.hmget(b.keys.state, 'layout', 'live', 'id');
    assert.equal(await b.ask(catalogue.SAVE, ['wish:x', '{}']), ['empty']);
    assert.equal(await b.ask(catalogue.BRING_UP, ['one']), ['ok', 'one']);
    assert.equal(await b.ask(catalogue.BRING_UP, ['two']), ['ok', 'one']);
    const [layout = '', live = ''] = (await versions()) as string[];
    await b.redis.hset(b.keys.state, 'layout', Number(layout) + 1);
    const newer = ['newer', String(Number(layout) + 1), b.keys.state, Number(layout)];
    assert.equal((await b.ask(catalogue.BRING_UP, ['x'])) as Arg[], [
      ...['newer', Number(layout) + 1],
      ...newer.slice(2),
    ]);
    assert.equal(await b.ask(catalogue.SAVE, ['wish:x', '{}']), newer);
    assert.is(await b.redis.exists(b.keys.documents), 0);
    await b.redis.hset(b.keys.state, 'layout', layout, 'live', Number(live) + 1);
    assert.equal(await b.ask(catalogue.BRING_UP, ['x']), [
      ...['newer', String(Number(live) + 1), b.keys.state, Number(live)],
    ]);
    await b.redis.hset(b.keys.state, 'live', live);
    assert.equal(await b.ask(catalogue.BRING_UP, ['x']), ['ok', 'one']);
  },
  { fresh: true },
);

story(
  'P1 another server begins a new epoch, and tells nothing until all have put back',
  async (b) => {
    const save = () => b.ask(catalogue.SAVE, ['wish:x', '{}']);
    assert.equal(await save(), ['ok', EPOCH, NOW, '1:{}']);
    const facts = () => b.redis.hmget(b.keys.state, 'epoch', 'settled', 'share');
    assert.equal(await facts(), [`${EPOCH}`, '0', '1'], 'a new one has nothing to wait for');
    await b.redis.hset(b.keys.state, 'replid', 'another');
    assert.equal(await save(), ['settling', EPOCH + 1]);
    assert.equal(await facts(), [`${EPOCH + 1}`, `${NOW + SECOND}`, '2']);
    await b.at(NOW + SECOND - 1);
    assert.equal(await save(), ['settling', EPOCH + 1]);
    assert.equal(await b.ask(once.RESTORE, []), ['ok', EPOCH + 1], 'putting back is done before');
    await b.at(NOW + SECOND);
    assert.equal(await save(), ['ok', EPOCH + 1, NOW + SECOND, '2:{}']);
    await b.redis.hset(b.keys.state, 'replid', 'third');
    await b.at(NOW + 9 * SECOND);
    assert.equal(await save(), ['settling', NOW + 9 * SECOND]);
  },
);

story('revisions only grow, and versions with them', async (b) => {
  const save = (field: string) => b.ask(catalogue.SAVE, [field, '{}']);
  assert.equal(await save('wish:x'), ['ok', EPOCH, NOW, '1:{}']);
  assert.equal(await save('wish:y'), ['ok', EPOCH, NOW + 1, '1:{}']);
  assert.equal(await save('wish:x'), ['ok', EPOCH, NOW + 2, '2:{}']);
  await b.at(NOW + 5);
  const exchange = (was: string, value: string) =>
    b.ask(catalogue.EXCHANGE, ['wish:x', was, value]);
  assert.equal(await exchange('1:{}', '9:{}'), ['ok', EPOCH, 0, '2:{}']);
  assert.equal(await exchange('2:{}', '3:{}'), ['ok', EPOCH, NOW + 5, '']);
  const changes = (since: number, most: number) => b.ask(catalogue.CHANGES, [since, most]);
  const [x, y] = [
    ['wish:x', `${NOW + 5}`, '3:{}'],
    ['wish:y', `${NOW + 1}`, '1:{}'],
  ] as [string[], string[]];
  const head = ['ok', EPOCH, `${NOW + 5}`];
  assert.equal(await changes(0, 9), [...head, ...y, ...x]);
  assert.equal(await changes(0, 1), [...head, ...y]);
  assert.equal(await changes(NOW + 1, 9), [...head, ...x]);
  await exchange('3:{}', '');
  await b.at(NOW + 6 + GONE);
  assert.is(((await changes(0, 9)) as Arg[]).length, 9);
  await b.at(NOW + 7 + GONE);
  assert.is(((await changes(0, 9)) as Arg[]).length, 9, 'told a last time');
  assert.equal(await changes(0, 9), ['ok', EPOCH, `${NOW + 6}`, ...y]);
  assert.is(await b.redis.hexists(b.keys.documents, 'wish:x'), 0);
});
