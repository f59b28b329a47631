import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Noso } from '../../src/domain/noso.js';
import { createIntents } from '../../src/service/intents.js';
import { createTokens } from '../../src/service/tokens.js';
import { suite } from '../support/suite.js';
import { inHouse, SECRETS, whyOf } from './house.js';

const test = suite('who means to come');

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;

/** Over an engine that remembers digests, and NoSos that are planned, whatever they are called. */
function scene(secrets = SECRETS) {
  const clock = manualClock(DAY);
  let drawn = 99_999;
  const held = new Map<string, string[]>();
  const of = (noso: string) => held.get(noso) ?? [];
  const intents = createIntents({
    engine: {
      draw: async (count) => {
        drawn += count;
        return Array.from({ length: count }, (_, k) => drawn - count + 1 + k);
      },
      intend: async (noso, digest) => void held.set(noso, [...of(noso), digest]),
      withdraw: async (noso, digest) =>
        void held.set(
          noso,
          of(noso).filter((each) => each !== digest),
        ),
      intents: async (noso, digests) => ({
        count: of(noso).length,
        among: digests.some((digest) => of(noso).includes(digest)),
      }),
    },
    clock,
    writing: {
      noso: async (id) => ({ id, life: { is: 'scheduled' } }) as Noso,
      isNoso: async (id) => id !== 'nowhere',
    },
    tokens: createTokens(SECRETS, clock.now),
    secrets,
  });
  return { clock, intents, of, held };
}

test('one address draws 20 numbers at once, and one more every 30 s; others are not kept waiting', async () => {
  const { clock, intents } = scene();
  const draw = (from: string, own: number | null = null) => intents.draw('one', own, from);
  const numbers = new Set<string>();
  for (let k = 0; k < 20; k += 1) numbers.add((await draw('here')).number);
  assert.is(numbers.size, 20);
  assert.is(Math.max(...[...numbers].map(Number)), 100_019, 'none is drawn in vain');
  const more = await whyOf(draw('here'));
  assert.equal([more.why, more.retryAfter], ['rate_limited.draws', 30]);
  assert.is((await draw('here', 4711)).number, '4711', 'whoever has one draws none');
  assert.ok(await draw('there'));
  clock.advance(29 * SECOND);
  assert.is((await whyOf(draw('here'))).retryAfter, 1);
  clock.advance(SECOND);
  assert.ok(await draw('here'));
  assert.is((await whyOf(draw('here'))).retryAfter, 30);
  clock.advance(600 * SECOND);
  for (let k = 0; k < 20; k += 1) await draw('here');
  assert.is((await whyOf(draw('here'))).why, 'rate_limited.draws', 'no more than 20, ever');
  clock.advance(15 * SECOND);
  assert.is((await whyOf(draw('here'))).retryAfter, 15);
  intents.stop();
});

test('all together draw 20,000 in a day', async () => {
  const { clock, intents } = scene();
  let k = 0;
  const draw = () => intents.draw('one', null, `address ${k++ >> 4}`);
  clock.advance(DAY - 1);
  for (let n = 0; n < 20_000; n += 1) await draw();
  const more = await whyOf(draw());
  assert.equal([more.why, more.retryAfter], ['rate_limited.draws', 1], 'until the day is over');
  clock.advance(1);
  assert.ok(await draw());
  for (let n = 1; n < 20_000; n += 1) await draw();
  assert.is((await whyOf(draw())).retryAfter, DAY / SECOND);
  intents.stop();
});

test('A8 what is kept of one number is another thing at every NoSo, and under every secret', async () => {
  const { intents, of, held } = scene();
  const who = { number: 4711, noso: null };
  assert.equal(await intents.intend('one', who), { noso: 'one', number: '4711' });
  await intents.intend('two', who);
  await intents.intend('one', { ...who, number: 4712 });
  const digests = [...of('one'), ...of('two')];
  assert.is(new Set(digests).size, 3);
  for (const digest of digests) assert.match(digest, /^[\w-]{22}$/);
  assert.is(await intents.intends('one', 4711), true);
  assert.is(await intents.intends('one', 4713), false);
  await intents.withdraw('one', who);
  assert.is(await intents.intends('one', 4711), false);
  assert.is(await intents.intends('two', 4711), true);
  await intents.withdraw('nowhere', who);
  assert.equal([...held.keys()], ['one', 'two'], 'the store was not asked');
  for (const work of [intents.intend, intents.withdraw]) {
    assert.is((await whyOf(work('two', { number: 4711, noso: 'one' }))).why, 'forbidden.noso');
    await work('one', { number: 4711, noso: 'one' });
  }
  intents.stop();
});

test('who said so under an older secret is known, moved, and counted once', async () => {
  const [first = ''] = SECRETS;
  const before = scene();
  const who = { number: 4711, noso: null };
  await before.intents.intend('one', who);
  const after = scene(['another secret that is as long as it has to be', first]);
  after.held.set('one', before.of('one'));
  assert.is(await after.intents.intends('one', 4711), true);
  await after.intents.intend('one', who);
  assert.is(after.of('one').length, 1);
  assert.is.not(after.of('one')[0], before.of('one')[0]);
  after.held.set('one', before.of('one'));
  await after.intents.withdraw('one', who);
  assert.equal(after.of('one'), []);
  for (const { intents } of [before, after]) intents.stop();
});

test(
  'nobody means to come to what is open, or is not there',
  inHouse(async ({ engine, clock, writing, tokens, noso }) => {
    const intents = createIntents({ engine, clock, writing, tokens, secrets: SECRETS });
    const open = await noso();
    const planned = await noso({}, false);
    const who = { number: 4711, noso: null };
    assert.is((await whyOf(intents.draw(open.id, null, 'here'))).why, 'conflict.state');
    assert.is((await whyOf(intents.intend(open.id, who))).why, 'conflict.state');
    assert.is((await whyOf(intents.intend('nowhere', who))).why, 'not_found');
    const { number, token } = await intents.draw(planned.id, null, 'here');
    assert.equal(tokens.verify('number', token)?.noso, undefined, 'one that is kept');
    assert.is(tokens.verify('number', token)?.number, Number(number));
    intents.stop();
  }),
);

test('whoever may draw as many again as anybody is forgotten', async () => {
  const { clock, intents } = scene();
  await intents.draw('one', null, 'here');
  for (let k = 0; k < 3; k += 1) clock.advance(600 * SECOND);
  for (let k = 0; k < 20; k += 1) await intents.draw('one', null, 'here');
  clock.advance(600 * SECOND - 1);
  assert.ok(await intents.draw('one', null, 'here'));
  intents.stop();
});

test('what is forgotten every ten minutes is whoever has nothing to wait for', async () => {
  const { clock, intents } = scene();
  const draw = () => intents.draw('one', null, 'here');
  clock.advance(585 * SECOND);
  for (let k = 0; k < 20; k += 1) await draw();
  clock.advance(15 * SECOND); // it is looked at
  const soon = await whyOf(draw());
  assert.equal([soon.why, soon.retryAfter], ['rate_limited.draws', 15]);
  clock.advance(290 * SECOND);
  for (let k = 0; k < 10; k += 1) await draw();
  clock.advance(310 * SECOND); // and again
  for (let k = 0; k < 10; k += 1) await draw();
  assert.is((await whyOf(draw())).why, 'rate_limited.draws');
  intents.stop();
});
