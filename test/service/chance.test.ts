import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { chance, shuffled } from '../../src/service/chance.js';
import { suite } from '../support/suite.js';

const test = suite('chance');

test('A3 W6 each number below another is as likely, and each order', () => {
  const tally = new Map<number, number>();
  for (let k = 0; k < 6000; k += 1) {
    const drawn = chance(6);
    tally.set(drawn, (tally.get(drawn) ?? 0) + 1);
  }
  assert.equal([...tally.keys()].sort(), [0, 1, 2, 3, 4, 5]);
  // Six sigmas of a thousand: one run of 50 million.
  for (const count of tally.values()) assert.ok(Math.abs(count - 1000) < 175, `${[...tally]}`);
  const things = ['a', 'b', 'c'];
  const orders = new Map<string, number>();
  for (let k = 0; k < 6000; k += 1) {
    const order = shuffled(things, chance).join('');
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.equal(things, ['a', 'b', 'c'], 'what is shuffled is another list');
  assert.is(orders.size, 6);
  for (const count of orders.values()) assert.ok(Math.abs(count - 1000) < 175, `${[...orders]}`);
});

/** Waiting a little longer or shorter tells nobody anything. */
const MAY_BE_FORESEEN = ['engine/redis/connect.ts', 'programs/demo/demo.ts'];

test('A3 the server draws nothing by what can be foreseen', async () => {
  const files = (await readdir('src', { recursive: true })).filter((each) => each.endsWith('.ts'));
  const found: string[] = [];
  for (const file of files) {
    if ((await readFile(join('src', file), 'utf8')).includes('Math.random')) found.push(file);
  }
  assert.equal(found.sort(), MAY_BE_FORESEEN);
});
