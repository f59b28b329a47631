import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as assert from 'uvu/assert';
import { type ManualClock, manualClock, realClock } from '../../src/clock.js';
import { createDeadline, unavailable, within as withinAlone } from '../../src/engine/deadline.js';
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
const turnOver = () => new Promise(setImmediate);

test('F1 whoever is answered in time is told so, as it goes, and nothing is left running', async () => {
  const { clock, timers } = counted();
  const within = createDeadline(clock, 1000);
  const [one, two, three] = [open<number>(), open<number>(), open<number>()];
  const all = [one, two, three].map(({ work }) => said(within(work)));
  assert.is(timers(), 1, 'one for all that come together');
  one.done(1);
  two.fail(new Error('two'));
  await turnOver();
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
    await turnOver();
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
  await turnOver();
  assert.is(settled, 1);
});

/** Holds up the event loop, as a storm does. */
function block(until: () => boolean): void {
  while (!until());
}

test('F1 what another thread had done while the loop was held up is read before anybody is given up', async () => {
  const done = new Int32Array(new SharedArrayBuffer(4));
  const writer = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     parentPort.on('message', (k) => {
       parentPort.postMessage(k);
       Atomics.add(workerData, 0, 1);
     });`,
    { eval: true, workerData: done },
  );
  try {
    await once(writer, 'online');
    const answers = new Map<number, (k: number) => void>();
    writer.on('message', (k: number) => answers.get(k)?.(k));
    const ask = (k: number) =>
      new Promise<number>((resolve) => {
        answers.set(k, resolve);
        writer.postMessage(k);
      });
    // Told some promises later, as what waits for a commit is, and from whatever phase of the loop.
    const told = async (k: number) => (await Promise.all([await ask(k)]))[0];
    const within = createDeadline(realClock, 60);
    const phases = [
      (work: () => void) => setImmediate(work),
      (work: () => void) => setTimeout(work),
    ];
    for (const [round, phase] of [...phases, ...phases].entries()) {
      await new Promise<void>((resolve) => phase(resolve));
      const began = realClock.steady();
      const asked = [0, 1, 2].map((k) => said(within(told(round * 3 + k))));
      // The answers are there, and the time is up, before the loop turns again.
      block(() => Atomics.load(done, 0) === round * 3 + 3 && realClock.steady() > began + 120);
      assert.equal(
        await Promise.all(asked),
        [0, 1, 2].map((k) => round * 3 + k),
      );
    }
  } finally {
    await writer.terminate();
  }
});

test('F1 nobody is given up who has not waited, however the loop is held up, nor whom alone would not be', async () => {
  const ms = 150;
  const shared = createDeadline(realClock, ms);
  let [late, lateAlone] = [0, 0];
  const waits: Promise<unknown>[] = [];
  for (let k = 0; k < 120; k += 1) {
    // Turns of up to 15 ms, some requests in each, which take about as long as they may.
    const turn = realClock.steady() + ((k * 7) % 15);
    block(() => realClock.steady() >= turn);
    for (let n = 0; n < 3; n += 1) {
      const asked = realClock.steady();
      const takes = 60 + ((k * 31 + n * 17) % 110);
      const work = new Promise((resolve) => {
        if (k % 10 > 0) setTimeout(resolve, takes);
      });
      const waited = () => realClock.steady() - asked;
      waits.push(
        shared(work).catch(() => {
          late += 1;
          // A timer counts whole ms.
          assert.ok(waited() >= ms - 25 - 1.5, `given up after ${waited()} ms`);
        }),
        withinAlone(realClock, ms, work).catch(() => (lateAlone += 1)),
      );
    }
    await turnOver();
  }
  await Promise.all(waits);
  assert.ok(late >= 36, 'who is not answered at all is');
  assert.ok(late >= lateAlone, `${late} with others, ${lateAlone} alone`);
});
