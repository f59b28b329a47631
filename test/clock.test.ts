import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { realClock } from '../src/clock.js';
import { suite } from './support/suite.js';
import { until } from './support/wait.js';

const test = suite('the clock of a server');

test('F3 what goes at multiples of a quarter of a second wakes the process once, and never early', async () => {
  const first: Record<number, number> = {};
  /** What was done, turn by turn. */
  const done: string[][] = [];
  let now: string[] | null = null;
  const stops = [250, 500, 750].map((ms) => {
    const began = performance.now();
    return realClock.every(ms, () => {
      first[ms] ??= performance.now() - began;
      if (now === null) {
        now = [];
        done.push(now);
        queueMicrotask(() => {
          now = null;
        });
      }
      now.push(String(ms));
    });
  });
  await pause(100);
  const began = performance.now();
  let late = 0;
  stops.push(
    realClock.every(250, () => {
      late ||= performance.now() - began;
      now?.push('later');
    }),
  );
  const all = ['250', '500', '750', 'later'];
  const isWhole = (each: string[]) => all.every((one) => each.includes(one));
  await until(() => done.some(isWhole), { what: 'all of them in one turn' });
  for (const stop of stops) stop();
  for (const [ms, after] of Object.entries(first)) assert.ok(after >= Number(ms) - 1, `${ms}`);
  assert.ok(late >= 249, 'nor who came in between');
  const since = done.slice(done.findIndex((each) => each.includes('later')));
  assert.ok(since.every((each) => each.includes('250') && each.includes('later')));
});

test('who comes while others are called waits for its whole time, and who is stopped by them is not called', async () => {
  let came = 0;
  let waited = 0;
  let stopped = 0;
  const stops = [
    realClock.every(250, () => {
      stops[1]?.();
      if (came > 0) return;
      came = performance.now();
      stops.push(
        realClock.every(250, () => {
          waited ||= performance.now() - came;
        }),
      );
    }),
    realClock.every(250, () => {
      stopped += 1;
    }),
  ];
  await until(() => waited > 0, { what: 'it to be called' });
  for (const stop of stops) stop();
  assert.ok(waited > 125, `${waited} ms`);
  assert.is(stopped, 0);
});

test('what is stopped goes no more, twice stopped or not, and neither does the process wait for it', async () => {
  let times = 0;
  const stop = realClock.every(250, () => {
    times += 1;
  });
  await until(() => times === 2, { what: 'two pulses' });
  stop();
  stop();
  let others = 0;
  const stopOther = realClock.every(250, () => {
    others += 1;
  });
  await until(() => others === 2, { what: 'two more' });
  stopOther();
  assert.is(times, 2);
});
