import * as assert from 'uvu/assert';
import { newVenue, opened } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';
import { inHouse, whyOf } from './house.js';

const test = suite('what organizers write');

test('whoever writes reads it, others are told, and what another node wrote is looked for once', () => {
  let reads = 0;
  return inHouse(
    async ({ writing, engine, catalogue, toldOf }) => {
      await writing.save('venue', newVenue('v'));
      assert.is(catalogue.venue('v')?.id, 'v');
      assert.is(toldOf('wrote').length, 1);
      await writing.remove('venue', 'v');
      assert.is(catalogue.venue('v'), undefined);
      assert.is(toldOf('wrote').length, 2);
      assert.is((await whyOf(writing.remove('venue', 'v'))).why, 'not_found');
      assert.is(toldOf('wrote').length, 2);

      const id = await opened(engine);
      const asked = async (work: () => Promise<unknown>) => {
        reads = 0;
        return [await work(), reads];
      };
      assert.equal(await asked(() => writing.isNoso(id)), [true, 1]);
      assert.equal(await asked(() => writing.isNoso(id)), [true, 0]);
      assert.equal(await asked(() => writing.isNoso('nowhere')), [false, 1]);
      const other = await opened(engine);
      assert.equal(await asked(async () => (await writing.noso(other)).id), [other, 1]);
      assert.equal(await asked(async () => (await writing.noso(other)).id), [other, 0]);
      const nothing = await whyOf(writing.venue('nowhere', 'venue: no such venue'));
      assert.equal([nothing.why, nothing.detail], ['not_found', 'venue: no such venue']);
      assert.is((await whyOf(writing.noso('nowhere'))).detail, 'no such NoSo');
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
