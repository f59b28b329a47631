import * as assert from 'uvu/assert';
import { collectOnce } from '../../src/programs/collected.js';
import { suite } from '../support/suite.js';

const test = suite('what starting leaves behind');

/** Something that grew old, and is not needed any more. */
function oldGarbage(): WeakRef<object> {
  const thing = { old: [] as object[] };
  // Whatever outlives two collections of what is young is old: these are many.
  for (let k = 0; k < 2_000_000; k += 1) thing.old[k % 1000] = { k };
  return new WeakRef(thing);
}

test('what is old is collected as well, not only what is young', async () => {
  const garbage = oldGarbage();
  await new Promise(setImmediate); // it is held until this turn is over
  await collectOnce();
  assert.is(garbage.deref(), undefined);
});
