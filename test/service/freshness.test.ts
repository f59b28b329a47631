import * as assert from 'uvu/assert';
import { createFreshness, NEVER, STRENGTH } from '../../src/service/freshness.js';
import { suite } from '../support/suite.js';

const test = suite('how old what is known is');

function scene() {
  const time = { engine: 1_000_000, steady: 500 };
  const freshness = createFreshness({ now: () => time.engine }, { steady: () => time.steady });
  return { time, ...freshness };
}

test('W4 what is shown as live is younger than two seconds, by both clocks', () => {
  const { time, note, within } = scene();
  assert.is(STRENGTH, 2000);
  const read = note();
  assert.equal(read, { at: 1_000_000, tick: 500 });
  const after = (engine: number, steady: number) => {
    Object.assign(time, { engine: 1_000_000 + engine, steady: 500 + steady });
    return within(read, STRENGTH);
  };
  assert.is(after(1999, 1999), true);
  assert.is(after(2000, 1999), false);
  assert.is(after(1999, 2000), false);
  assert.is(after(5000, 0), false, 'the engine’s clock leapt ahead');
  assert.is(after(0, 5000), false, 'it was set back, and time went by all the same');
  assert.is(after(-1999, 0), true);
  assert.is(after(-2000, 0), false, 'of the future is nobody knows how old');
  assert.is(within(NEVER, Number.MAX_SAFE_INTEGER), false);
});
