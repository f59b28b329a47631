import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { createIdentify } from '../../src/service/identity.js';
import {
  createRestored,
  noteRestored,
  readRestored,
  restoredIn,
} from '../../src/service/restored.js';
import { createSessions } from '../../src/service/sessions.js';
import { memoryEngine } from '../support/memoryEngine.js';
import { suite } from '../support/suite.js';
import { type House, inHouse } from './house.js';

const test = suite('a copy that was restored');

const turn = () => new Promise((resolve) => setImmediate(resolve));

test(
  'A4 kept numbers of between a backup and its restoring are nobody’s',
  inHouse(async (house: House) => {
    const { clock, tokens, engine, catalogue } = house;
    const from = clock.now();
    await noteRestored(engine, [[from - 5500, from]]);
    const restored = createRestored({ engine, clock });
    await turn();
    const sessions = createSessions({ engine, clock, tell: () => {} });
    const identify = createIdentify({ tokens, catalogue, restored, sessions });
    const { refuses } = restored;
    const second = Math.floor(from / 1000);
    for (const [at, is] of [
      [second - 7, false],
      [second - 6, true],
      [second, true],
      [second + 1, false],
    ] as const) {
      assert.is(refuses(at), is, `${at - second}`);
    }
    const kept = tokens.number(4711);
    assert.is(await identify(kept), null);
    const passing = tokens.numberAt(4711, 'one', from);
    assert.is((await identify(passing))?.role, 'participant', 'of a NoSo that the copy has');
    clock.advance(1000);
    assert.is((await identify(tokens.number(4711)))?.role, 'participant');
    assert.equal(await readRestored(engine), [[from - 5500, from]]);
    assert.equal(
      restoredIn([
        ['spent', 1],
        ['restored\n[[1,2]]', 1],
      ]),
      [[1, 2]],
    );
    assert.equal(restoredIn([]), []);
  }),
);

test('A4 until the store has said which those are, it is asked again every second', async () => {
  const clock = manualClock(0);
  let fails = 3;
  let asks = 0;
  const engine = {
    ...memoryEngine(clock),
    holder: async () => {
      asks += 1;
      if (asks <= fails) throw new Error('no answer');
      return '[[0,5000]]';
    },
  };
  const restored = createRestored({ engine, clock });
  assert.is(restored.refuses(1), false);
  for (let k = 0; k < 6; k += 1) {
    await turn();
    clock.advance(1000);
  }
  assert.is(asks, 4);
  assert.is(restored.refuses(1), true);
  fails = 0;
});

test('F1 a store that is mute is not asked again before it answers, and not before a second is over', async () => {
  const clock = manualClock(0);
  let asks = 0;
  let fails = false;
  const holder = () => {
    asks += 1;
    return fails ? Promise.reject(new Error('no answer')) : new Promise<null>(() => {});
  };
  createRestored({ engine: { ...memoryEngine(clock), holder }, clock });
  clock.advance(10_000);
  assert.is(asks, 1);
  fails = true;
  createRestored({ engine: { ...memoryEngine(clock), holder }, clock });
  await turn();
  assert.is(asks, 2);
  clock.advance(999);
  assert.is(asks, 2);
  clock.advance(1);
  assert.is(asks, 3);
});

test('A4 a copy of a copy refuses what was made between either backup and its restoring', async () => {
  const clock = manualClock(0);
  const engine = memoryEngine(clock);
  await noteRestored(engine, [
    [10_000, 20_000],
    [40_000, 50_000],
  ]);
  const { refuses, stop } = createRestored({ engine, clock });
  await turn();
  assert.equal([9, 10, 20, 21, 39, 40, 50, 51].map(refuses), [
    ...[false, true, true, false],
    ...[false, true, true, false],
  ]);
  stop();
});
