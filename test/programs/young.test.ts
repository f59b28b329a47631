import * as assert from 'uvu/assert';
import { collectOnce } from '../../src/programs/collected.js';
import { keepYoungSmall, sizeOfYoung } from '../../src/programs/young.js';
import { suite } from '../support/suite.js';

const test = suite('young memory');

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
    assert.ok((await rush()) <= large * 0.6, `${large} bytes by itself`);
    await collectOnce();
    assert.ok(sizeOfYoung() < large / 4, 'what is calm takes little');
    const again = await rush();
    assert.ok(again <= large * 0.6);
    assert.ok(again >= large / 8, 'and it grows again');
  } finally {
    stop();
  }
});
