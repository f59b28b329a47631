import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { openHouse } from './silence/house.js';
import { MAY_DIFFER, readFigures } from './silence/others.js';
import { runPairs } from './silence/pairs.js';

const test = suite('silence: two runs that differ in one participant’s bytes');

/** `npm run silence` for more of them, on Redis as well. */
const pairs = 200;
const seed = 20260601;

test(
  `S5 P9 L6 ${pairs} pairs from seed ${seed}: other phones, walls, doors, whoever asks and whoever reads the figures are told the same bytes`,
  async () => {
    const began = Date.now();
    const outcome = await runPairs({ pairs, together: 40, seed });
    const seconds = Math.round((Date.now() - began) / 1000);
    console.log(`${outcome.pairs} pairs, ${outcome.frames} frames compared, ${seconds} s`);
    assert.equal(outcome.differences.slice(0, 2), [], `seed ${seed}`);
    assert.ok(outcome.frames > outcome.pairs * 10, `${outcome.frames} frames`);
  },
  { deadline: 160_000 },
);

test(
  'S5 the comparison sees a difference where there is one',
  async () => {
    const outcome = await runPairs({ pairs: 2, together: 2, seed, also: true, times: 1 });
    assert.ok(outcome.differences.length > 0);
    assert.ok(outcome.differences.every(({ world }) => world === 0));
    // Who asks is told of it too, not only those who have a line.
    assert.ok(outcome.differences.some(({ who }) => who.startsWith('asked')));
  },
  { deadline: 40_000 },
);

test(
  'S5 a slow disk makes no difference: time is held while it works',
  async () => {
    const outcome = await runPairs({ pairs: 6, together: 6, seed, slow: 40, times: 1 });
    assert.equal(outcome.differences, []);
  },
  { deadline: 60_000 },
);

test('S5 of the figures all are compared but those that may differ, each of which is there', async () => {
  const house = await openHouse(null);
  try {
    const all = await (await fetch(`${house.local.url}/metrics`)).text();
    const names = [...all.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name as string);
    for (const [figure, why] of MAY_DIFFER) {
      assert.ok(
        names.some((name) => figure.test(name)),
        `${figure} is no figure`,
      );
      assert.ok(why.length > 0);
    }
    const compared = (await readFigures(house)).join('\n');
    const left = names.filter(
      (name) => name.startsWith('noso_') && compared.includes(`TYPE ${name} `),
    );
    assert.equal(left.sort(), [
      ...['noso_clicks_total', 'noso_consoles_connected', 'noso_doors_connected'],
      ...['noso_errors_total', 'noso_nosos_open', 'noso_walls_connected'],
    ]);
  } finally {
    await house.stop();
  }
});
