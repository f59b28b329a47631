import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Noso } from '../../src/domain/noso.js';
import { clearLeftovers } from '../../src/service/leftovers.js';
import { suite } from '../support/suite.js';

const test = suite('what is left of a NoSo that is over');

test('L4 F8 paper goes with the close; a door is told of the end first, and gone within the minute', async () => {
  const clock = manualClock(1_000_000);
  let life = { is: 'open' } as Noso['life'];
  const kept = new Map([
    ['door', [{ id: 'd', noso: 'n' }]],
    ['paper', [{ id: 'p', noso: 'n' }]],
  ]);
  const { stop } = clearLeftovers({
    engine: {
      now: () => clock.now(),
      async remove(kind) {
        kept.set(kind, []);
      },
    },
    clock,
    catalogue: {
      noso: () => ({ life }) as Noso,
      doors: () => kept.get('door') as never,
      papers: () => kept.get('paper') as never,
      isRead: () => true,
    },
    wrote: async () => {},
    onError: (error) => assert.unreachable(String(error)),
  });
  const pass = async (seconds: number) => {
    for (let k = 0; k < seconds; k += 1) {
      clock.advance(1000);
      await new Promise(setImmediate);
    }
    return [kept.get('door')?.length, kept.get('paper')?.length];
  };
  assert.equal(await pass(10), [1, 1], 'while it is open');
  life = { is: 'closed', closedAt: clock.now() } as Noso['life'];
  assert.equal(await pass(3), [1, 0]);
  assert.equal(await pass(30), [1, 0], 'whoever holds it is told of the end');
  assert.equal(await pass(25), [0, 0], 'within the minute');
  stop();
});
