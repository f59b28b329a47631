import * as assert from 'uvu/assert';
import { collectOnce } from '../../src/programs/collected.js';
import { keepYoungSmall, sizeOfYoung } from '../../src/programs/young.js';
import { suite } from '../support/suite.js';

const test = suite('young memory');

/** From 24 on the engine adds single pages beyond what it grew to, as many as a turn needs. */
const HOLDS = Number(process.versions.node.split('.')[0]) < 24;

/** Things that stay, among many that do not, as in a rush; the largest that young memory was, in bytes. */
async function rush(): Promise<number> {
  const stays: object[] = [];
  let most = 0;
  for (let turn = 0; turn < 400; turn += 1) {
    for (let k = 0; k < 2000; k += 1) stays.push({ turn, k, all: [k] });
    for (let k = 0; k < 50_000; k += 1) void { k };
    await new Promise(setImmediate);
    most = Math.max(most, sizeOfYoung());
  }
  return most;
}

test('F3 a rush takes half as much young memory as the engine would let it, after a calm too', async () => {
  const large = await rush();
  await collectOnce();
  const stop = keepYoungSmall();
  try {
    const held = await rush();
    if (HOLDS) assert.ok(held <= large * 0.6, `${held} bytes; ${large} by itself`);
    await collectOnce();
    const calm = sizeOfYoung();
    assert.ok(calm < held / 2, 'what is calm takes little');
    const again = await rush();
    if (HOLDS) assert.ok(again <= large * 0.6, `${again} bytes; ${large} by itself`);
    assert.ok(again > calm * 2, 'and it grows again');
  } finally {
    stop();
  }
});
