import * as assert from 'uvu/assert';
import { type ManualClock, manualClock } from '../../src/clock.js';
import { createDeadline, unavailable } from '../../src/engine/deadline.js';
import { suite } from '../support/suite.js';

const test = suite('deadlines');

/** A clock that counts the timers that are set and not stopped. */
function counted(): { clock: ManualClock; timers: () => number } {
  const inner = manualClock();
  let timers = 0;
  const after: ManualClock['after'] = (ms, work) => {
    timers += 1;
    let on = true;
    const end = () => {
      if (on) timers -= 1;
      on = false;
    };
    const stop = inner.after(ms, () => {
      end();
      work();
    });
    return () => {
      end();
      stop();
    };
  };
  return { clock: { ...inner, after }, timers: () => timers };
}

/** Work that is done, or fails, when it is told to. */
function open<T>() {
  let done: (value: T) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const work = new Promise<T>((resolve, reject) => {
    done = resolve;
    fail = reject;
  });
  return { work, done, fail };
}

const said = (promise: Promise<unknown>) =>
  promise.then(
    (value) => value,
    (error: Error) => error.message,
  );
const turn = () => new Promise(setImmediate);

test('F1 whoever is answered in time is told so, as it goes, and nothing is left running', async () => {
  const { clock, timers } = counted();
  const within = createDeadline(clock, 1000);
  const [one, two, three] = [open<number>(), open<number>(), open<number>()];
  const all = [one, two, three].map(({ work }) => said(within(work)));
  assert.is(timers(), 1, 'one for all that come together');
  one.done(1);
  two.fail(new Error('two'));
  await turn();
  assert.is(timers(), 1, 'somebody waits still');
  three.done(3);
  assert.equal(await Promise.all(all), [1, 'two', 3]);
  assert.is(timers(), 0);
  const later = open<number>();
  const last = said(within(later.work));
  assert.is(timers(), 1);
  later.done(4);
  assert.is(await last, 4);
});

test('F1 nobody waits longer than that, nor much less, whoever they come with', async () => {
  const { clock } = counted();
  const within = createDeadline(clock, 1000, () => unavailable('late', 'late'));
  const waits: { from: number; until: number }[] = [];
  for (let from = 0; from < 200; from += 7) {
    const entry = { from, until: 0 };
    waits.push(entry);
    within(new Promise(() => {})).catch(() => {
      entry.until = clock.now();
    });
    clock.advance(7);
  }
  for (let k = 0; k < 1300; k += 1) {
    clock.advance(1);
    await turn();
  }
  for (const { from, until } of waits) {
    assert.ok(until - from <= 1001 && until - from >= 974, `${from} waited ${until - from} ms`);
  }
});

test('an answer that is there, and yet to be read, is read before anybody is given up', async () => {
  const { clock } = counted();
  const within = createDeadline(clock, 1000);
  const there = open<string>();
  const answer = said(within(there.work));
  clock.advance(1000); // the timer went off
  there.done('in time');
  assert.is(await answer, 'in time');
});

test('what is settled is told once, whatever becomes of it', async () => {
  const { clock } = counted();
  const within = createDeadline(clock, 1000);
  let settled = 0;
  const late = open<string>();
  const answer = said(within(late.work, () => (settled += 1)));
  clock.advance(1000);
  assert.is(await answer, 'unavailable.no_answer: the store does not answer');
  late.done('too late');
  await turn();
  assert.is(settled, 1);
});
