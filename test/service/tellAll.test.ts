import * as assert from 'uvu/assert';
import { shownWall } from '../../src/service/shownWall.js';
import { tellAll } from '../../src/service/tellAll.js';
import { suite } from '../support/suite.js';
import { inHouse } from './house.js';

const test = suite('what each is told');

test('F9 each is told, whoever cannot be is named, and who comes meanwhile waits', () => {
  const all = new Set([1, 2, 3]);
  const told: number[] = [];
  const faults: unknown[] = [];
  const fault = new Error('two');
  tellAll(
    all,
    (one) => {
      all.add(4);
      if (one === 2) throw fault;
      told.push(one);
    },
    (error) => faults.push(error),
  );
  assert.equal([told, faults], [[1, 3], [fault]]);
});

test(
  'W8 a wall is told its name, its measures, and how many walls hang with it',
  inHouse(async ({ places, catalogue }) => {
    const place = { city: 'Lyon', timeZone: 'Europe/Paris' };
    const [here, there] = [
      await places.add({ ...place, name: 'Here' }),
      await places.add({ ...place, name: 'There' }),
    ];
    const { id } = await places.addWall(here.id, { name: 'Bar' });
    await places.addWall(here.id, {});
    for (let k = 0; k < 3; k += 1) await places.addWall(there.id, {});
    assert.equal(shownWall(catalogue, id), {
      ...{ name: 'Bar', diagonal: null, distance: null, walls: 2 },
    });
    await places.amendWall(id, { diagonal: 55, distance: 8 });
    assert.equal(shownWall(catalogue, id), { name: 'Bar', diagonal: 55, distance: 8, walls: 2 });
    assert.equal(shownWall(catalogue, 'gone'), {
      ...{ name: '', diagonal: null, distance: null, walls: 0 },
    });
  }),
);
