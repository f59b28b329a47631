import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { createLimits } from '../../src/service/limits.js';
import { suite } from '../support/suite.js';

const test = suite('limits: who is held, and who is forgotten');

function scene() {
  const clock = manualClock(1_000_000);
  const limits = createLimits(clock);
  const bad = new Refusal('bad_code.gone_by');
  /** What one more failure comes to by now: told as it is, refused at once, or held. */
  const fail = async (address: string, refusal: Refusal = bad) => {
    let met: Refusal | null = null;
    void limits.judge(address, refusal).then((answer) => {
      met = answer;
    });
    for (let k = 0; k < 5; k += 1) await Promise.resolve();
    const answer = met as Refusal | null;
    return answer === null ? 'held' : answer === refusal ? 'told' : answer.why;
  };
  const use = async (address: string) => {
    for (let k = 0; k < 100; k += 1) assert.is(await fail(address), 'told');
  };
  return { clock, limits, bad, fail, use };
}

test('F6 failures come back at two a second, evenly, and not for a clock that is set back', async () => {
  const { clock, fail, use } = scene();
  await use('10.0.0.1');
  assert.is(await fail('10.0.0.1'), 'held');
  clock.advance(499);
  assert.is(await fail('10.0.0.1'), 'held');
  clock.advance(2);
  assert.is(await fail('10.0.0.1'), 'told');
  assert.is(await fail('10.0.0.1'), 'held');
  const time = { now: 1_000_000 };
  const back = createLimits({ ...clock, now: () => time.now });
  const bad = new Refusal('bad_code.gone_by');
  for (let k = 0; k < 100; k += 1) assert.is(await back.judge('10.0.0.1', bad), bad);
  time.now -= 3_600_000;
  const held = back.judge('10.0.0.1', bad);
  time.now += 400;
  const more = back.judge('10.0.0.1', bad);
  clock.advance(1000);
  for (const answer of await Promise.all([held, more])) {
    assert.equal([answer.why, answer.retryAfter], ['rate_limited.guesses', 1]);
  }
});

test('F6 of tokens and codes alike a failure counts, and of nothing else', async () => {
  const { fail, use } = scene();
  await use('10.0.0.1');
  for (const [why, is] of [
    ['bad_code.pass', 'held'],
    ['bad_code.not_a_code', 'held'],
    ['unauthorized.invalid', 'held'],
    ['unauthorized.expired', 'held'],
    ['forbidden.role', 'told'],
    ['not_found', 'told'],
    ['full', 'told'],
    ['rate_limited.exchanges', 'told'],
  ] as const) {
    assert.is(await fail('10.0.0.1', new Refusal(why)), is, why);
  }
});

test('F6 five thousand are held at once, and whoever comes then is refused without', async () => {
  const { clock, fail, use } = scene();
  await use('10.0.0.1');
  for (let k = 0; k < 5000; k += 1) assert.is(await fail('10.0.0.1'), 'held');
  assert.is(await fail('10.0.0.1'), 'rate_limited.guesses');
  clock.advance(1000);
  for (let k = 0; k < 5; k += 1) await Promise.resolve();
  const answers = new Set<string>();
  for (let k = 0; k < 5002; k += 1) answers.add(await fail('10.0.0.1'));
  assert.equal([...answers], ['told', 'held'], 'two came back, and there is room again');
  assert.is(await fail('10.0.0.1'), 'rate_limited.guesses');
});

test('F6 A1 fifty thousand addresses are remembered; the one that failed longest ago goes first', async () => {
  const { fail, use, limits, bad } = scene();
  await use('10.0.0.1');
  await use('10.0.0.2');
  const others = (k: number) => `10.${1 + (k >> 16)}.${(k >> 8) & 255}.${k & 255}`;
  for (let k = 0; k < 49_998; k += 1) await limits.judge(others(k), bad);
  assert.is(await fail('10.0.0.1'), 'held', 'it is known, and failed last');
  await limits.judge(others(49_998), bad);
  assert.is(await fail('10.0.0.1'), 'held');
  assert.is(await fail('10.0.0.2'), 'told', 'forgotten');
});
