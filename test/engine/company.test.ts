import * as assert from 'uvu/assert';
import { inCompany } from '../../src/engine/company.js';
import { suite } from '../support/suite.js';

const test = suite('company');

/** How many turns of the event loop pass before the work is done. */
async function turnsUntil(crowded: boolean): Promise<number> {
  let done = false;
  inCompany(crowded, () => {
    done = true;
  });
  assert.not(done, 'never within the turn itself');
  let turns = 0;
  for (; !done; turns += 1) await new Promise(setImmediate);
  return turns;
}

test('who is alone is not kept waiting; in a crowd some turns are', async () => {
  assert.is(await turnsUntil(false), 1);
  assert.is(await turnsUntil(true), 8);
});
