import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { type Caller, createGuesses, type Turn } from '../../src/service/guesses.js';
import { suite } from '../support/suite.js';

const test = suite('guesses');

/** Codes that begin with `right` lead to the NoSo that follows. */
const codes = {
  lookUp: (typed: string) => (typed.startsWith('right') ? typed.slice('right '.length) : null),
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

function desk() {
  const clock = manualClock(1_000_000);
  const guesses = createGuesses({ clock, codes, now: clock.now });
  const lines = new Map<object, { hungUp: boolean; gone: Set<() => void> }>();

  function caller(from: string, line: object | null = {}): Caller {
    const state = (line && lines.get(line)) ?? { hungUp: false, gone: new Set<() => void>() };
    if (line) lines.set(line, state);
    return {
      from,
      line,
      whenGone(work) {
        state.gone.add(work);
        return () => state.gone.delete(work);
      },
      hangUp() {
        state.hungUp = true;
        for (const work of [...state.gone]) work();
      },
    };
  }

  const self = {
    clock,
    guesses,
    caller,
    lines,
    /** Who was let in, in order. */
    served: [] as string[],
    refused: [] as string[],
    /** Tries a code, under a name; a wrong one ends at once. */
    try(name: string, typed: string, who: Caller): void {
      guesses.turn(who, typed).then(
        (turn: Turn) => {
          self.served.push(name);
          const noso = codes.lookUp(typed);
          if (noso !== null) turn.right(noso);
          turn.end();
        },
        (error: unknown) => {
          if (!(error instanceof Refusal)) throw error;
          self.refused.push(`${name} ${error.why}`);
        },
      );
    },
    /** Wrong codes, each on a connection of its own, until the next would have to wait. */
    async slow(from: string) {
      for (let k = 0; k < 100; k += 1) self.try(`wrong ${k}`, 'wrong', caller(from));
      await settled();
      assert.is(self.served.length, 100, 'a hundred at once are as good as any');
      self.served.length = 0;
    },
    /** Moves time on in steps of 250 ms: one more may fail in each. */
    async pass(steps: number) {
      for (let k = 0; k < steps; k += 1) {
        clock.advance(250);
        await settled();
      }
    },
  };
  return self;
}

test('F6 beyond a hundred, four look-ups a second may fail, however many wait', async () => {
  const { served, pass, slow, caller, try: attempt } = desk();
  await slow('here');
  for (let k = 0; k < 500; k += 1) attempt(`${k}`, 'wrong', caller('here'));
  await settled();
  assert.is(served.length, 0, 'the rest waits before it is looked up');
  await pass(400);
  assert.ok(served.length >= 396 && served.length <= 400, `${served.length} in a hundred seconds`);
});

test('F6 another address does not wait, and one that was quiet for a while may fail again', async () => {
  const { served, clock, slow, caller, try: attempt } = desk();
  await slow('here');
  attempt('elsewhere', 'wrong', caller('there'));
  await settled();
  assert.equal(served, ['elsewhere']);
  clock.advance(3_600_000);
  for (let k = 0; k < 101; k += 1) attempt(`${k}`, 'wrong', caller('here'));
  await settled();
  assert.is(served.length, 101, 'a hundred, and no more than a hundred, however long ago');
});

test('F6 right codes cost nothing, and all that wait are let in one after the other', async () => {
  const { served, pass, slow, caller, try: attempt } = desk();
  await slow('here');
  for (let k = 0; k < 30; k += 1) attempt(`guest ${k}`, `right noso${k}`, caller('here'));
  await pass(1);
  assert.is(served.length, 30, 'there is room for one, who gives it back');
});

test('F6 where a code was right others of the NoSo are not waited for; wrong ones are', async () => {
  const { served, pass, slow, caller, try: attempt } = desk();
  await slow('here');
  attempt('first', 'right one', caller('here'));
  await pass(1);
  for (let k = 0; k < 1000; k += 1) attempt('wrong', 'wrong', caller('here'));
  attempt('guest', 'right one', caller('here'));
  attempt('of another', 'right two', caller('here'));
  await settled();
  assert.equal(served, ['first', 'wrong', 'guest'], 'of the wrong ones there was room for one');
});

test('F6 an address is at home at two NoSos, and a thousand look-ups a second there', async () => {
  const { served, pass, slow, caller, try: attempt } = desk();
  await slow('here');
  for (const noso of ['one', 'two', 'three']) attempt(noso, `right ${noso}`, caller('here'));
  await pass(1);
  assert.equal(served.sort(), ['one', 'three', 'two']);
  attempt('wrong', 'wrong', caller('here'));
  await settled();
  served.length = 0;
  for (const noso of ['one', 'two', 'three']) {
    for (let k = 0; k < 800; k += 1) attempt(noso, `right ${noso}`, caller('here'));
  }
  await settled();
  // Who was let in last is not known here: it is two of the three.
  assert.is(served.length, 1000);
  assert.is(new Set(served).size, 2);
});

test('F6 who was wrong least often is let in first, whatever came before', async () => {
  const { served, pass, slow, caller, try: attempt } = desk();
  await slow('here');
  const guesser = caller('here', {});
  attempt('guesser', 'wrong', guesser);
  await pass(1);
  assert.equal(served.splice(0), ['guesser']);
  for (let k = 0; k < 4; k += 1) attempt('guesser', 'wrong', guesser);
  attempt('guest', 'right noso', caller('here'));
  await pass(1);
  assert.equal(served.splice(0), ['guest', 'guesser']);
});

test('F6 whoever comes again as soon as they are answered is behind whoever comes in between', async () => {
  const { served, clock, slow, caller, try: attempt } = desk();
  await slow('here');
  // Sixty connections, a new one for each guess.
  for (let k = 0; k < 60; k += 1) attempt('guesser', 'wrong', caller('here'));
  const waits: number[] = [];
  for (let guest = 0; guest < 40; guest += 1) {
    const name = `guest ${guest}`;
    for (let step = 0; ; step += 1) {
      if (step > 20) assert.unreachable(`${name} waits for five seconds`);
      const before = served.length;
      clock.advance(250);
      await settled();
      const own = served.slice(before);
      for (const each of own) if (each === 'guesser') attempt('guesser', 'wrong', caller('here'));
      if (own.includes(name)) {
        waits.push(step);
        break;
      }
      if (step === 0) {
        clock.advance((guest * 37) % 200);
        await settled();
        attempt(name, `right noso${guest}`, caller('here'));
      }
    }
  }
  const longest = Math.max(...waits);
  assert.ok(longest <= 4, `${longest} quarters of a second`);
});

test('F6 a connection that asks for more than four things at once is hung up on', async () => {
  const { served, refused, pass, slow, lines, caller, try: attempt } = desk();
  await slow('here');
  const line = {};
  for (let k = 0; k < 4; k += 1) attempt('own', 'wrong', caller('here', line));
  await settled();
  assert.is(lines.get(line)?.hungUp, false);
  attempt('own', 'wrong', caller('here', line));
  await settled();
  assert.is(lines.get(line)?.hungUp, true);
  assert.is(refused.length, 5, 'none of it is waited for any more');
  await pass(8);
  assert.equal(served, []);
  // A proxy's connection is everybody's: nobody is known by it.
  for (let k = 0; k < 50; k += 1) attempt('guest', 'right noso', caller('here', null));
  await pass(1);
  assert.is(served.length, 50);
});

test('F6 F4 no more than a thousand of an address wait; who was wrong most often goes first', async () => {
  const { served, refused, pass, slow, caller, try: attempt } = desk();
  await slow('here');
  const guesser = caller('here', {});
  attempt('guesser', 'wrong', guesser);
  await pass(1);
  served.length = 0;
  for (let k = 0; k < 999; k += 1) attempt('other', 'wrong', caller('here'));
  attempt('guesser', 'wrong', guesser);
  await settled();
  assert.equal(refused, []);
  attempt('guest', 'right noso', caller('here'));
  await settled();
  assert.equal(refused, ['guesser rate_limited.guesses']);
  await pass(2);
  assert.ok(served.includes('guest'));
});

test('F6 F2 whoever is gone is not waited for; whoever waits at the end is sent elsewhere', async () => {
  const { refused, served, guesses, slow, pass, lines, caller, try: attempt } = desk();
  await slow('here');
  const line = {};
  attempt('gone', 'wrong', caller('here', line));
  await settled();
  for (const work of lines.get(line)?.gone ?? []) work();
  attempt('stays', 'wrong', caller('here'));
  await settled();
  guesses.stop();
  await pass(4);
  assert.equal(served, []);
  assert.equal(refused.sort(), ['gone rate_limited.guesses', 'stays unavailable.draining']);
});
