import * as assert from 'uvu/assert';
import type { Refusal } from '../../src/domain/errors.js';
import { suite } from '../support/suite.js';
import { desk, settled } from './guessDesk.js';

const test = suite('guesses');

test('F6 beyond a hundred, ten look-ups a second may fail, however many wait', async () => {
  const { served, pass, slow, caller, try: attempt } = desk();
  await slow('here');
  for (let k = 0; k < 500; k += 1) void attempt(`${k}`, 'wrong', caller('here'));
  await settled();
  assert.is(served.length, 0, 'the rest waits before it is looked up');
  await pass(400);
  assert.ok(served.length >= 396 && served.length <= 400, `${served.length} in forty seconds`);
});

test('F6 a return code counts as two and a half: four a second of them may fail', async () => {
  const { clock, guesses, pass, slow, caller } = desk();
  await slow('here');
  let looked = 0;
  for (let k = 0; k < 500; k += 1) {
    guesses.turn(caller('here'), null).then(
      () => (looked += 1),
      (error: unknown) => assert.unreachable(String(error)),
    );
  }
  await pass(200);
  assert.ok(looked >= 78 && looked <= 80, `${looked} in twenty seconds, ${clock.now()}`);
});

test('F6 beyond a hundred, three wrong codes a second are answered, and right ones at once', async () => {
  const { served, answered, pass, slow, caller, try: attempt } = desk();
  await slow('here');
  for (let k = 0; k < 60; k += 1) void attempt('wrong', 'wrong', caller('here'));
  await pass(80);
  assert.is(served.length, 60, 'eight seconds: all are looked up');
  assert.ok(answered.length >= 23 && answered.length <= 24, `${answered.length}`);
  void attempt('guest', 'right noso', caller('here'));
  await settled();
  assert.is(answered.at(-1), 'guest');
});

test('F6 of wrong codes that wait for their answer new ones and old go, of whoever was hardly wrong', async () => {
  const { answered, pass, slow, caller, try: attempt } = desk();
  const guesser = caller('here', {});
  for (let k = 0; k < 2; k += 1) void attempt('guess', 'wrong', guesser);
  await settled();
  await slow('here');
  for (const name of ['guess', 'typo 1', 'typo 2', 'typo 3', 'typo 4', 'typo 5', 'typo 6']) {
    void attempt(name, 'wrong', name === 'guess' ? guesser : caller('here'));
    await settled();
    await pass(1);
  }
  await pass(30);
  // They come one each tenth of a second, and one goes each third: who has waited for 0.2 s, for half a
  // second (nobody: the oldest), the newest, for a second (nobody), the oldest; last of all who guesses.
  assert.equal(answered, ['typo 1', 'typo 2', 'typo 6', 'typo 3', 'typo 4', 'typo 5', 'guess']);
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
  void attempt('first', 'right one', caller('here'));
  await pass(1);
  for (let k = 0; k < 900; k += 1) void attempt('wrong', 'wrong', caller('here'));
  void attempt('guest', 'right one', caller('here'));
  void attempt('of another', 'right two', caller('here'));
  await settled();
  assert.equal(served, ['first', 'wrong', 'guest'], 'of the wrong ones there was room for one');
});

test('F6 an address is at home at the two NoSos whose codes it showed last', async () => {
  const { served, pass, slow, caller, try: attempt } = desk();
  await slow('here');
  for (const noso of ['one', 'two', 'three']) {
    void attempt(noso, `right ${noso}`, caller('here'));
    await pass(1);
  }
  assert.equal(served, ['one', 'two', 'three']);
  for (let k = 0; k < 10; k += 1) void attempt('wrong', 'wrong', caller('here'));
  await settled();
  served.length = 0;
  for (const noso of ['one', 'two', 'three']) {
    void attempt(noso, `right ${noso}`, caller('here'));
  }
  await settled();
  assert.equal(served, ['two', 'three']);
});

test('F6 what is tried at home is counted, right or wrong: a thousand codes a second', async () => {
  const { served, pass, slow, caller, try: attempt } = desk();
  await slow('here');
  void attempt('first', 'right one', caller('here'));
  await pass(1);
  void attempt('wrong', 'wrong', caller('here'));
  await settled();
  served.length = 0;
  for (let k = 0; k < 699; k += 1) void attempt('wrong', 'wrong', caller('here'));
  for (let k = 0; k < 400; k += 1) void attempt('guest', 'right one', caller('here'));
  await settled();
  assert.is(served.length, 300);
});

test('F6 who was wrong least often is let in first, whatever came before', async () => {
  const { served, pass, slow, caller, try: attempt } = desk();
  const guesser = caller('here', {});
  for (let k = 0; k < 2; k += 1) void attempt('guesser', 'wrong', guesser);
  await settled();
  await slow('here');
  for (let k = 0; k < 4; k += 1) void attempt('guesser', 'wrong', guesser);
  void attempt('guest', 'right noso', caller('here'));
  void attempt('guest', 'right noso', caller('here'));
  await settled();
  await pass(1);
  assert.equal(served.splice(0), ['guest', 'guest', 'guesser']);
});

test('F6 a connection that asks for more than four things at once is hung up on', async () => {
  const { served, refused, pass, slow, lines, caller, try: attempt } = desk();
  await slow('here');
  const line = {};
  for (let k = 0; k < 4; k += 1) void attempt('own', 'wrong', caller('here', line));
  await settled();
  assert.is(lines.get(line)?.hungUp, false);
  void attempt('own', 'wrong', caller('here', line));
  await settled();
  assert.is(lines.get(line)?.hungUp, true);
  assert.is(refused.length, 5, 'none of it is waited for any more');
  await pass(8);
  assert.equal(served, []);
  // A proxy's connection is everybody's: nobody is known by it.
  for (let k = 0; k < 50; k += 1) void attempt('guest', 'right noso', caller('here', null));
  await pass(1);
  assert.is(served.length, 50);
});

test('F6 who is hung up on for what came with a code has not had it looked up', async () => {
  const { served, refused, pass, slow, caller, try: attempt, go } = desk();
  await slow('here');
  await pass(1, 200);
  for (let k = 0; k < 1000; k += 1) {
    const line = {};
    void attempt('hasty', 'wrong', caller('here', line));
    go(line);
  }
  void attempt('guest', 'right noso', caller('here'));
  await settled();
  assert.equal(served, ['guest'], 'nothing of what there was room for was used up');
  assert.is(refused.length, 1000);
});

test('F6 F4 no more than 8,000 of an address wait; who was wrong most often goes first', async () => {
  const { served, refused, pass, slow, caller, try: attempt } = desk();
  const guesser = caller('here', {});
  for (let k = 0; k < 2; k += 1) void attempt('guesser', 'wrong', guesser);
  await settled();
  await slow('here');
  void attempt('guesser', 'wrong', guesser);
  for (let k = 0; k < 7999; k += 1) void attempt('other', 'wrong', caller('here'));
  await settled();
  assert.equal(refused, []);
  void attempt('guest', 'right noso', caller('here'));
  await settled();
  assert.equal(refused, ['guesser rate_limited.guesses']);
  await pass(4);
  assert.ok(served.includes('guest'));
});

test('F6 F2 whoever is gone is not waited for; whoever waits at the end is sent elsewhere', async () => {
  const { refused, served, guesses, slow, pass, caller, try: attempt, go } = desk();
  await slow('here');
  const line = {};
  void attempt('held', 'wrong', caller('here'));
  await pass(1);
  assert.equal(served.splice(0), ['held']);
  void attempt('gone', 'wrong', caller('here', line));
  await settled();
  go(line);
  void attempt('stays', 'wrong', caller('here'));
  await settled();
  guesses.stop();
  await pass(10);
  assert.equal(served, []);
  assert.equal(refused.sort(), [
    ...['gone rate_limited.guesses', 'held unavailable.draining'],
    'stays unavailable.draining',
  ]);
});

test('F6 of 50,000 addresses the one that tried longest ago is forgotten first; who waits, never', async () => {
  const { guesses, refused, pass, slow, caller, try: attempt } = desk();
  const slowed = ['waiting', 'first', 'second', 'third'];
  for (const from of slowed) await slow(from);
  void attempt('waiting', 'wrong', caller('waiting'));
  await settled();
  for (let k = slowed.length; k < 50_000; k += 1) await guesses.turn(caller(`${k}`), 'wrong');
  const known = () => slowed.filter(guesses.isSlowed);
  await pass(1); // there is room for one look-up, and for no answer
  assert.equal(known(), slowed);
  await guesses.turn(caller('first'), 'wrong');
  assert.equal(known(), slowed, 'who is known already takes the place of nobody');
  await guesses.turn(caller('one more'), 'wrong');
  assert.equal(known(), ['waiting', 'first', 'third']);
  await guesses.turn(caller('and one'), 'wrong');
  assert.equal(known(), ['waiting', 'first']);
  assert.equal(refused, []);
  guesses.stop();
});

test('F6 F4 no more than 20,000 wait in all; whoever is sent away may ask again in a second', async () => {
  const { guesses, refused, slow, caller } = desk();
  const whys: string[] = [];
  const ask = (from: string) =>
    guesses.turn(caller(from), 'wrong').then(
      () => assert.unreachable('there is no room'),
      ({ why, retryAfter }: Refusal) => whys.push(`${why} ${retryAfter}`),
    );
  for (const from of ['a', 'b', 'c', 'd']) await slow(from);
  for (const from of ['a', 'b', 'c']) {
    for (let k = 0; k < (from === 'c' ? 4000 : 8000); k += 1) void ask(from);
    await settled();
  }
  assert.equal(whys, []);
  await ask('d');
  assert.equal(whys.splice(0), ['rate_limited.guesses 1']);
  void ask('c');
  await settled();
  assert.equal(whys.splice(0), ['rate_limited.guesses 1'], 'one of its own makes room');
  guesses.stop();
  await settled();
  assert.is(whys.length, 20_000);
  assert.equal([...new Set(whys)], ['unavailable.draining 1']);
  assert.equal(refused, []);
});
