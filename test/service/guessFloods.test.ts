import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { ANSWER, desk, LOOK_UP, settled } from './guessDesk.js';

const test = suite('floods of guesses');

/** Guests who come at once. */
const TOGETHER = 4;

type Desk = ReturnType<typeof desk>;

/** `lanes` who each ask again as soon as they are answered, on their own connection or ever new ones. */
function closedLoop({ try: attempt, caller }: Desk, lanes: number, fresh: boolean): void {
  const lane = async (line: object): Promise<void> => {
    while (await attempt('guess', 'wrong', caller('here', fresh ? {} : line)));
  };
  for (let k = 0; k < lanes; k += 1) void lane({});
}

/** `lanes` who wait for `patience` ms, and then go and come again: who was right is told at once. */
function impatient({ try: attempt, caller, clock, go }: Desk, lanes: number, patience: number) {
  const lane = async (): Promise<void> => {
    for (;;) {
      const line = {};
      const stop = clock.after(patience, () => go(line));
      await attempt('guess', 'wrong', caller('here', line));
      stop();
    }
  };
  for (let k = 0; k < lanes; k += 1) clock.after((k * patience) / lanes, () => void lane());
}

/** Guests who come a few at a time, each with a right code of another NoSo; their longest wait, ms. */
async function longestWait(desk: Desk, guests: number): Promise<number> {
  const { clock, caller, try: attempt } = desk;
  let longest = 0;
  for (let k = 0; k < guests; k += TOGETHER) {
    await desk.pass(3 + (k % 11), 37);
    const began = clock.now();
    let waiting = TOGETHER;
    for (let i = 0; i < TOGETHER; i += 1) {
      void attempt('guest', `right noso${k + i}`, caller('here')).then(() => (waiting -= 1));
    }
    await settled();
    while (waiting > 0) {
      if (clock.now() - began > 60_000) return Number.POSITIVE_INFINITY;
      await desk.pass(1, LOOK_UP / 2);
    }
    longest = Math.max(longest, clock.now() - began);
  }
  return longest;
}

/** Guesses looked up are as few as they have to be, and guests wait as long as they may, ms. */
async function endures(here: Desk, guests: number, most: number): Promise<void> {
  const { clock, served } = here;
  const began = clock.now();
  const longest = await longestWait(here, guests);
  const guesses = served.filter((name) => name === 'guess').length;
  const seconds = (clock.now() - began) / 1000;
  assert.ok(longest <= most, `a guest waited ${longest} ms`);
  assert.ok(guesses <= 10 * seconds + 1, `${guesses} guesses in ${seconds} s`);
  here.guesses.stop();
}

for (const fresh of [true, false]) {
  for (const [lanes, guests] of [
    [60, 100],
    [230, 100],
    [5000, 20],
  ] as const) {
    const how = fresh ? 'ever new connections' : 'as many connections';
    test(`F6 ${lanes} who ask again as soon as they are answered, over ${how}, keep no guest waiting`, async () => {
      const here = desk();
      await here.slow('here');
      closedLoop(here, lanes, fresh);
      await endures(here, guests, 800);
    });
  }
}

for (const patience of [150, 400, 1000]) {
  test(`F6 who goes after ${patience} ms and comes again is looked up no more often, and outlasts no guest`, async () => {
    const here = desk();
    await here.slow('here');
    impatient(here, 60, patience);
    await endures(here, 100, patience + 800);
  });
  test(`F6 nor does it help them, after ${patience} ms, that hundreds wait who came before`, async () => {
    const here = desk();
    await here.slow('here');
    closedLoop(here, 110, true);
    closedLoop(here, 110, false);
    impatient(here, 10, patience);
    await endures(here, 100, 2500);
  });
}

test('F6 who goes without their answer has had it: the others are answered no sooner', async () => {
  const here = desk();
  await here.slow('here');
  const { clock, answered, caller, try: attempt } = here;
  impatient(here, 20, 150);
  await here.pass(400, 50);
  assert.ok(here.guesses.isSlowed('here'), 'the address is slowed all the while');
  answered.length = 0;
  for (let k = 0; k < 200; k += 1) void attempt('wrong', 'wrong', caller('here'));
  await here.pass(200, 50);
  const most = (200 * 50) / ANSWER;
  assert.ok(answered.length <= most + 1, `${answered.length} answers in ${clock.now()} ms`);
});
