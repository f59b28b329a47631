import * as assert from 'uvu/assert';
import { createScreens, type Said } from '../../src/service/screens.js';
import { suite } from '../support/suite.js';

const test = suite('what screens said of themselves');

test('W10 of ten thousand screens what they said is known; who said something longest ago goes first', () => {
  const said: unknown[] = [];
  const screens = createScreens((all) => said.push(...all));
  for (let k = 0; k < 10_000; k += 1) screens.hear([[`wall ${k}`, { width: k + 1 }]]);
  screens.note('wall 0', { height: 720 });
  assert.equal(said, [['wall 0', { width: 1, height: 720 }]], 'what is new is told');
  screens.note('wall 0', { height: 720 });
  assert.is(said.length, 1, 'once');
  screens.note('another', {});
  assert.equal(screens.of('wall 1'), {});
  assert.equal(screens.of('wall 0'), { width: 1, height: 720 });
  assert.equal(screens.of('wall 2'), { width: 3 });
});

test('W10 what is told again is told in messages of five hundred, of what is known', () => {
  const told: Said[] = [];
  const screens = createScreens((said) => told.push(said));
  const names = Array.from({ length: 1001 }, (_, k) => `wall ${k}`);
  screens.hear(names.map((name, k) => [name, { width: k + 1 }]));
  screens.repeat([...names, 'unknown']);
  assert.equal(
    told.map((said) => said.length),
    [500, 500, 1],
  );
  assert.equal(
    told.flat().map(([wall]) => wall),
    names,
  );
  assert.equal(told[0]?.[0], ['wall 0', { width: 1 }]);
  told.length = 0;
  screens.repeat(['unknown']);
  screens.repeat([]);
  screens.repeat(names.slice(0, 500));
  assert.is(told.length, 1);
});
