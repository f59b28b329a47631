import * as assert from 'uvu/assert';
import { newVenue } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';
import { inHouse, whyOf } from './house.js';

const test = suite('venues and walls that other nodes keep');

test('W8 what another node wrote a moment ago is listed and changed, and what is known is not looked for', () => {
  let reads = 0;
  return inHouse(
    async ({ places, engine, clock, toldOf }) => {
      await engine.save('venue', 'v', newVenue('v'));
      assert.equal(
        (await places.list()).map(({ id }) => id),
        ['v'],
      );
      const wall = { venue: 'v', hash: 'x' };
      const save = (id: string, after: number) =>
        engine.save('wall', id, { ...wall, id, name: id, createdAt: clock.now() + after });
      await save('second', 2);
      await save('third', 3);
      await save('first', 1);
      assert.equal(
        (await places.walls('v')).map(({ id }) => id),
        ['first', 'second', 'third'],
        'in the order in which they were hung',
      );
      await save('fourth', 4);
      assert.is((await places.amendWall('fourth', { name: 'Attic' })).name, 'Attic');
      await save('fifth', 5);
      await places.identifyWall('fifth');
      assert.is(toldOf('identify').length, 1);
      reads = 0;
      await places.identifyWall('fifth');
      assert.is(reads, 0);
      await whyOf(places.identifyWall('nowhere'));
      assert.is(reads, 1);
    },
    (engine) => ({
      ...engine,
      changesSince: (revision) => {
        reads += 1;
        return engine.changesSince(revision);
      },
    }),
  )();
});
