import * as assert from 'uvu/assert';
import { queueOf } from './queue.js';
import { suite } from './suite.js';

const test = suite('whose turn it is');

test('files go in their order, but for browsers beyond so many at a time', () => {
  const queue = queueOf(['browser/a', 'browser/b', 'browser/c', 'http/d', 'e'], 2);
  assert.is(queue.take(), 'browser/a');
  assert.is(queue.take(), 'browser/b');
  assert.is(queue.take(), 'http/d', 'a third browser waits');
  queue.done('http/d');
  assert.is(queue.take(), 'e');
  assert.is(queue.take(), undefined, 'what is left is for those who run a browser');
  queue.done('browser/b');
  assert.is(queue.take(), 'browser/c');
  queue.done('browser/a');
  assert.is(queue.take(), undefined);
});

test('every file has its turn once, however many run at a time and whenever they end', async () => {
  const files = Array.from({ length: 60 }, (_, k) => `${k % 3 === 0 ? 'browser' : 'http'}/${k}`);
  for (const browsers of [1, 2, 4]) {
    const queue = queueOf(files, browsers);
    const ran: string[] = [];
    let running = 0;
    let most = 0;
    const lane = async (seed: number) => {
      for (let file = queue.take(); file; file = queue.take()) {
        if (file.startsWith('browser')) running += 1;
        most = Math.max(most, running);
        for (let turn = (ran.length * seed) % 5; turn >= 0; turn -= 1) await null;
        ran.push(file);
        if (file.startsWith('browser')) running -= 1;
        queue.done(file);
      }
    };
    await Promise.all([1, 2, 3, 4].map(lane));
    assert.equal([...ran].sort(), [...files].sort());
    assert.ok(most <= browsers, `${most} at a time`);
  }
});
