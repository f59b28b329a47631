import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Lifecycle, Noso } from '../../src/domain/noso.js';
import { clearLeftovers } from '../../src/service/leftovers.js';
import { suite } from '../support/suite.js';

const test = suite('what is left of a NoSo that is over');

function scene() {
  const clock = manualClock(1_000_000);
  const kept = new Map([
    ['door', [{ id: 'd', noso: 'n' }]],
    ['paper', [{ id: 'p', noso: 'n' }]],
  ]);
  const state = {
    life: { is: 'open' } as Partial<Lifecycle> | null,
    isRead: true,
    removing: async (): Promise<void> => {},
  };
  const asked: string[] = [];
  const told = { wrote: 0, errors: [] as unknown[] };
  const { stop } = clearLeftovers({
    engine: {
      now: () => clock.now(),
      async remove(kind, id) {
        asked.push(`${kind} ${id}`);
        await state.removing();
        kept.set(kind, []);
      },
    },
    clock,
    catalogue: {
      noso: () => (state.life ? ({ life: state.life } as Noso) : undefined),
      doors: () => kept.get('door') as never,
      papers: () => kept.get('paper') as never,
      isRead: () => state.isRead,
    },
    wrote: async () => {
      told.wrote += 1;
    },
    onError: (error) => told.errors.push(error),
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let k = 0; k < 3; k += 1) await new Promise(setImmediate);
    return [kept.get('door')?.length, kept.get('paper')?.length];
  };
  return { clock, kept, state, asked, told, stop, pass };
}

test('L4 F8 paper goes with the close; a door is told of the end first, and gone within the minute', async () => {
  const { clock, state, told, stop, pass } = scene();
  assert.equal(await pass(10_000), [1, 1], 'while it is open');
  assert.is(told.wrote, 0);
  state.life = { is: 'closed', closedAt: clock.now() };
  assert.equal(await pass(1999), [1, 1]);
  assert.equal(await pass(1), [1, 0]);
  assert.is(told.wrote, 1, 'others are told');
  assert.equal(await pass(37_999), [1, 0], 'whoever holds it is told of the end');
  assert.equal(await pass(1), [0, 0], 'within the minute');
  assert.is(told.wrote, 2);
  await pass(10_000);
  assert.is(told.wrote, 2, 'there is nothing left');
  stop();
});

test('L4 what is cancelled goes as what is closed, and what is no more at once', async () => {
  const { clock, state, stop, pass } = scene();
  state.life = { is: 'cancelled', cancelledAt: clock.now() };
  assert.equal(await pass(2000), [1, 0]);
  assert.equal(await pass(37_999), [1, 0]);
  assert.equal(await pass(1), [0, 0]);
  stop();
  const other = scene();
  other.state.life = { is: 'scheduled' };
  assert.equal(await other.pass(60_000), [1, 1]);
  other.state.life = null;
  assert.equal(await other.pass(2000), [0, 0]);
  other.stop();
});

test('L4 F1 what another node removed first is no news, and what the store does not answer is tried again', async () => {
  const { state, asked, told, stop, pass } = scene();
  state.life = { is: 'closed', closedAt: 0 };
  for (const [error, errors, wrote] of [
    [new Refusal('not_found'), 0, 1],
    [new Refusal('unavailable.no_answer'), 1, 1],
    [new Error('a fault'), 2, 1],
  ] as const) {
    state.removing = () => Promise.reject(error);
    await pass(2000);
    assert.equal([told.errors.length, told.wrote], [errors, wrote], error.message);
  }
  asked.length = 0;
  state.removing = () => new Promise(() => {});
  await pass(2000);
  await pass(60_000);
  assert.equal(asked, ['door d'], 'one look at a time');
  stop();
});

test('L4 nothing is removed before it is known what there is', async () => {
  const { state, asked, stop, pass } = scene();
  state.life = null;
  state.isRead = false;
  await pass(60_000);
  assert.equal(asked, []);
  state.isRead = true;
  await pass(2000);
  assert.equal(asked, ['door d', 'paper p']);
  stop();
});
