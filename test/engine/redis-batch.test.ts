import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { Batch } from '../../src/engine/redis/batch.js';
import { Pace } from '../../src/engine/redis/pace.js';
import { suite } from '../support/suite.js';
import { settle } from './thread.js';

const test = suite('what goes to Redis together');

const whyOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.why : String(error)),
  );

/** Batches that are answered when a test says so. */
function batches(most: number) {
  const world = manualClock(0);
  const sent: { items: number[]; answer: () => void; fail: (error: Error) => void }[] = [];
  const send = (items: number[]) =>
    new Promise<string[]>((resolve, reject) => {
      sent.push({
        ...{ items, fail: reject },
        answer: () => resolve(items.map((item) => `of ${item}`)),
      });
    });
  return { world, sent, batch: new Batch(send, most, new Pace(world)) };
}
const itemsOf = (sent: { items: number[] }[]) => sent.map(({ items }) => items);

test('what is asked in one turn goes in one command, each answered with its own', async () => {
  const { sent, batch } = batches(10);
  assert.ok(batch.idle);
  const answers = [1, 2, 3].map((item) => batch.add(item));
  assert.not.ok(batch.idle);
  await settle();
  assert.equal(itemsOf(sent), [[1, 2, 3]]);
  const next = batch.add(4);
  await settle();
  assert.is(sent.length, 1, 'it waits for what is under way');
  sent[0]?.answer();
  assert.equal(await Promise.all(answers), ['of 1', 'of 2', 'of 3']);
  await settle();
  assert.equal(itemsOf(sent), [[1, 2, 3], [4]]);
  sent[1]?.answer();
  assert.is(await next, 'of 4');
  await settle();
  assert.ok(batch.idle);
});

test('what fills a whole one is sent behind it at once, and so many of them', async () => {
  const { sent, batch } = batches(2);
  void batch.add(0);
  await settle();
  for (let item = 1; item < 45; item += 1) void batch.add(item);
  assert.equal(sent[1]?.items, [1, 2], 'at once');
  await settle();
  assert.is(sent.length, 16, 'no more at once');
  assert.equal(sent[15]?.items, [29, 30]);
  sent[0]?.answer();
  await settle();
  assert.equal(sent[16]?.items, [31, 32]);
  assert.is(sent.length, 17);
});

test('what would have gone alone is not sent beside as many as go at once', async () => {
  const { sent, batch } = batches(2);
  for (let item = 1; item < 36; item += 1) void batch.add(item);
  await settle();
  assert.is(sent.length, 16, 'the first of them was to be sent at the end of the turn');
  assert.equal(sent[15]?.items, [31, 32]);
  for (const one of sent) one.answer();
  await settle();
  assert.equal(itemsOf(sent.slice(16)), [[33, 34]]);
  sent[16]?.answer();
  await settle();
  assert.equal(sent[17]?.items, [35]);
  sent[17]?.answer();
  await settle();
  assert.ok(batch.idle);
});

test('who has waited waits for no company, and whom nobody waits for is not sent', async () => {
  const { world, sent, batch } = batches(10);
  const first = batch.add(1);
  await settle();
  void batch.add(2);
  world.advance(100);
  void batch.add(3);
  await settle();
  assert.is(sent.length, 1);
  world.advance(1);
  void batch.add(4);
  await settle();
  assert.equal(itemsOf(sent), [[1], [2, 3, 4]]);
  const late = whyOf(batch.add(5));
  sent[0]?.answer();
  await first;
  world.advance(1700);
  const kept = batch.add(6);
  sent[1]?.answer();
  await settle();
  assert.equal(sent[2]?.items, [5, 6], 'to the ms');
  sent[2]?.answer();
  assert.equal([await late, await kept], ['done', 'of 6']);
  const over = batches(10);
  void over.batch.add(1);
  await settle();
  const given = whyOf(over.batch.add(2));
  over.world.advance(1701);
  const then = over.batch.add(3);
  await settle();
  assert.is(await given, 'unavailable.no_answer');
  over.sent[1]?.answer();
  assert.is(await then, 'of 3');
  assert.equal(over.sent[1]?.items, [3]);
});

test('F1 a batch that fails takes along what waits, and the next one is sent', async () => {
  const { sent, batch } = batches(10);
  const one = whyOf(batch.add(1));
  await settle();
  const two = whyOf(batch.add(2));
  sent[0]?.fail(new Error('gone'));
  assert.equal([await one, await two], ['Error: gone', 'Error: gone']);
  await settle();
  assert.is(sent.length, 1);
  const three = batch.add(3);
  await settle();
  sent[1]?.answer();
  assert.is(await three, 'of 3');
});
