import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { judge } from './bounds.js';
import { chosen } from './contestants/all.js';
import { wallCosts, wallFigures } from './curves/walls.js';
import { liveAlone, type Pace } from './life.js';
import { mostWithin } from './load/walls.js';
import { median, quantile, seeded, shuffled } from './measure/stats.js';
import { readOptions } from './options.js';
import { compared, summarize } from './summary.js';
import { table } from './table.js';

const test = suite('bench');
const N = 200;
const PACE: Pace = { storms: 3, idleFor: 0, settleFor: 0, crowd: 300 };

/** A slice of the benchmark: right or wrong, never fast or slow. */
async function slice(key: string) {
  const [contestant] = chosen([key]);
  assert.ok(contestant);
  return liveAlone(contestant, { n: N, walls: 5, storms: PACE.storms }, PACE);
}

for (const key of ['good-practice', 'ours', 'ours-http']) {
  test(
    `W3 P2 a slice of the benchmark: ${key} seats 200, and five walls end exact`,
    async () => {
      const life = await slice(key);
      // A life throws unless all are acknowledged and every wall ends on exactly 200.
      assert.is(life.warm[0]?.latency.length, N);
      assert.is(life.warm[0]?.delays.length, 5);
      assert.is(
        life.leaves.length,
        life.reconnect ? 1 : 0,
        'all left between two storms, and were let go',
      );
      if (life.reconnect) assert.is(life.reconnect.lowest, key === 'ours' ? N : 0);
      const summaries = compared([summarize(key, key, [life])], key);
      const again = JSON.parse(JSON.stringify(summaries)) as typeof summaries;
      assert.equal(again, summaries, 'figures are finite numbers or null');
      assert.is(summaries[0]?.ratio.join, 1);
      assert.equal(summaries[0]?.quartiles.join, [1, 1]);
      assert.ok(
        (summaries[0]?.base ?? 0) > 0,
        'the processes were looked at before the first phone',
      );
      assert.is(table(summaries).split('\n').length, 2);
      for (const verdict of judge(summaries)) assert.is(verdict.holds, verdict.is <= verdict.most);
    },
    { deadline: 60_000 },
  );
}

test(
  'W4 a slice of the frames: twelve walls are told of joins one after the other, and end exact',
  async () => {
    const walls = 12;
    // It throws unless all are acknowledged and every wall ends on exactly what is seated.
    const costs = await wallCosts(chosen(['ours']), walls, { turns: 1, seconds: 0.5, seed: 1 });
    assert.equal(Object.keys(costs), ['ours']);
    const { one, many } = costs.ours?.[0] ?? {};
    assert.ok(one && many && one.cpu > 0 && many.cpu > 0, 'the servers were looked at');
    assert.ok(one.frames >= 1 && many.frames >= walls, 'the frames of the spell were counted');
    const figures = wallFigures(walls, costs.ours ?? []);
    assert.equal(JSON.parse(JSON.stringify(figures)), figures, 'figures are finite numbers');
  },
  { deadline: 60_000 },
);

test('figures: of a frame is what is more with many walls than the same joins with one', () => {
  const one = { cpu: 100, frames: 80, seconds: 10 };
  const turn = (more: number) => ({ one, many: { cpu: 200 + more, frames: 16_080, seconds: 20 } });
  assert.equal(wallFigures(201, [turn(64), turn(16), turn(160)]), {
    walls: 201,
    share: 64 / 1000 / 20,
    perFrame: 4,
    quartiles: [1, 10],
    perSecond: 16_080 / 201 / 20,
  });
  assert.is(wallFigures(201, [turn(-5)]).perFrame, 0, 'noise is no gain');
});

test('figures: medians, quantiles, and the most frames within a second', () => {
  assert.is(median([3, 1, 2]), 2);
  assert.is(median([4, 1, 2, 3]), 2.5);
  assert.is(quantile([5, 1, 4, 2, 3], 0.5), 3);
  assert.is(quantile([1, 2, 3], 0.99), 3);
  assert.is(mostWithin([0, 100, 200, 1000, 1050, 1100], 950), 4);
});

test('turns: the same seed gives the same order, and nobody is left out', () => {
  const order = (seed: number) => shuffled([1, 2, 3, 4, 5, 6, 7, 8], seeded(seed));
  assert.equal(order(7), order(7));
  assert.is.not(order(7).join(), order(8).join());
  assert.equal(order(7).sort(), [1, 2, 3, 4, 5, 6, 7, 8]);
});

test('options: a wrong one is refused', () => {
  assert.is(readOptions(['--quick']).n, 1000);
  assert.equal(readOptions(['--only', 'a,b']).only, ['a', 'b']);
  assert.equal(readOptions(['--frames', '300,1000']).frames, [300, 1000]);
  assert.is(readOptions([]).frames, null);
  assert.throws(() => readOptions(['--frames', '300,']));
  assert.throws(() => readOptions(['--n', 'many']));
  assert.throws(() => readOptions(['--nonsense']));
  assert.throws(() => chosen(['nobody']));
});
