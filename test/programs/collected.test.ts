import { constants, PerformanceObserver } from 'node:perf_hooks';
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { collectGently, collectOnce, collectWhenCalm } from '../../src/programs/collected.js';
import { suite } from '../support/suite.js';

const test = suite('what is collected by command');

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

test('F3 what is collected gently is gone, and nothing is printed of how', async () => {
  const printed: unknown[] = [];
  const { emitWarning } = process;
  const listen = (warning: unknown) => printed.push(warning);
  process.on('warning', listen);
  try {
    const garbage = oldGarbage();
    await new Promise(setImmediate);
    // Marking that was under way already may have passed it by.
    for (let k = 0; k < 3 && garbage.deref(); k += 1) {
      await collectGently();
      await new Promise(setImmediate);
    }
    assert.is(garbage.deref(), undefined);
    assert.equal(printed, []);
    assert.is(process.emitWarning, emitWarning);
  } finally {
    process.off('warning', listen);
  }
});

/** An entry has more than its type says. */
const kindOf = (entry: object) => (entry as { detail: { kind: number } }).detail.kind;

test('F3 what is young is collected last, so that its memory is given back', async () => {
  const { NODE_PERFORMANCE_GC_MAJOR, NODE_PERFORMANCE_GC_MINOR } = constants;
  const kinds: unknown[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) kinds.push(kindOf(entry));
  });
  observer.observe({ entryTypes: ['gc'] });
  try {
    await collectGently();
    for (let turn = 0; turn < 8; turn += 1) await new Promise(setImmediate); // it is told of later
    const whole = kinds.lastIndexOf(NODE_PERFORMANCE_GC_MAJOR);
    assert.ok(whole >= 0 && kinds.indexOf(NODE_PERFORMANCE_GC_MINOR, whole) > whole, `${kinds}`);
    assert.is((globalThis as { gc?: unknown }).gc, undefined);
  } finally {
    observer.disconnect();
  }
});

const MIB = 2 ** 20;
const LOOK = 2000;

/** A process of which the test says how busy it is and what it holds. */
function processOf(left: () => number) {
  const clock = manualClock();
  const heap = { busy: 0, held: 16 * MIB, collected: 0 };
  const errors: unknown[] = [];
  let fails = false;
  const stop = collectWhenCalm(clock, (error) => errors.push(error), {
    busy: () => heap.busy,
    held: () => heap.held,
    collect: async () => {
      heap.collected += 1;
      if (fails) throw new Error('no');
      heap.held = left();
    },
  });
  /** So many looks, all that follows from each included. */
  const looks = async (count: number) => {
    for (let k = 0; k < count; k += 1) {
      clock.advance(LOOK);
      await new Promise(setImmediate);
    }
  };
  return { heap, looks, errors, stop, fail: () => (fails = true) };
}

test('F3 a rush is collected once, when it has been calm for a while', async () => {
  const { heap, looks, stop } = processOf(() => 48 * MIB);
  await looks(10);
  assert.is(heap.collected, 0, 'nothing grew');
  Object.assign(heap, { held: 90 * MIB, busy: 0.5 });
  await looks(20);
  assert.is(heap.collected, 0, 'whoever comes is not to wait for it');
  heap.busy = 0.01;
  await looks(3);
  heap.busy = 0.1;
  await looks(1);
  heap.busy = 0.01;
  await looks(3);
  assert.is(heap.collected, 0, 'calm, but not for long');
  await looks(1);
  assert.is(heap.collected, 1);
  await looks(100);
  assert.is(heap.collected, 1, 'all that is left is in use');
  heap.held = 59 * MIB;
  await looks(100);
  assert.is(heap.collected, 1, 'too little to be worth it');
  heap.held = 61 * MIB;
  await looks(4);
  assert.is(heap.collected, 2);
  stop();
  heap.held = 900 * MIB;
  await looks(10);
  assert.is(heap.collected, 2, 'stopped');
});

test('F3 what the engine gives back by itself counts, and a collection that fails is told', async () => {
  const { heap, looks, errors, stop, fail } = processOf(() => 48 * MIB);
  heap.held = 60 * MIB;
  await looks(4);
  assert.is(heap.collected, 1);
  heap.held = 20 * MIB;
  await looks(2);
  heap.held = 33 * MIB;
  fail();
  await looks(4);
  assert.is(heap.collected, 2, 'against the least that it held');
  assert.is(errors.length, 1);
  stop();
});
