import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import { createCodes } from '../../src/service/codes.js';
import { createGuesses } from '../../src/service/guesses.js';
import { createCatalogue } from '../../src/service/mirror.js';
import { createPasses } from '../../src/service/passes.js';
import { createReception } from '../../src/service/reception.js';
import { createTokens } from '../../src/service/tokens.js';
import { suite } from '../support/suite.js';
import { inHouse, whyOf } from './house.js';

const test = suite('reception');

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('F1 what takes several steps is answered within 2 s, though each of them is in time', async () => {
  const clock = manualClock(1_000_000);
  let reads = 0;
  const slowly = <T>(answer: T) =>
    new Promise<T>((resolve) => void clock.after(1500, () => resolve(answer)));
  const engine = {
    now: () => clock.now(),
    changesSince: () => {
      reads += 1;
      return slowly({ epoch: 1, revision: 0, changes: [] });
    },
    leave: () => slowly(true),
  } as Partial<Engine> as Engine;
  const catalogue = createCatalogue(engine, clock, (error) => assert.unreachable(String(error)));
  const secrets = ['a secret that is as long as a secret has to be'];
  const codes = createCodes({
    secrets,
    publicUrl: () => 'http://localhost',
    nosos: () => catalogue.nosos(),
    revision: () => catalogue.revision(),
  });
  const tokens = createTokens(secrets, clock.now);
  const passes = createPasses(secrets, clock.now);
  const nothing = () => {};
  const deps = {
    engine,
    clock,
    catalogue,
    codes,
    tokens,
    passes,
    exchanges: { admit: async () => {} },
    guesses: createGuesses({ clock, codes, now: clock.now }),
    left: nothing,
    tookSeat: nothing,
  };
  const reception = createReception(deps);
  const caller = {
    from: 'here',
    line: null,
    isGone: () => false,
    whenGone: () => nothing,
    hangUp: nothing,
  };
  void catalogue.refresh(); // somebody else's, which has to be over first
  const began = clock.now();
  let answeredAt = 0;
  const asked = reception.exchange('MMM-MMM-MMM', caller).then(
    () => 'granted',
    (error: unknown) => {
      answeredAt = clock.now();
      return error instanceof Refusal ? error.code : String(error);
    },
  );
  await turn(); // it may be looked up: nobody guesses
  for (let k = 0; k < 100; k += 1) {
    clock.advance(50);
    await turn();
  }
  assert.is(await asked, 'unavailable');
  assert.ok(reads >= 2, 'it was read, and read again');
  assert.is(answeredAt - began, 1850);
});

test('F6 what cannot be a code takes no turn; a wrong one that waited is told to wait on', () => {
  const turns: (string | null)[] = [];
  let waited = false;
  let wrongs = 0;
  const turn = {
    right: () => {},
    async wrong() {
      wrongs += 1;
      return waited;
    },
  };
  return inHouse(async (house) => {
    const { noso, enter, clock } = house;
    const here = await noso({ capacity: 1 });
    const reception = createReception({
      ...house,
      exchanges: { admit: async () => {} },
      guesses: {
        async turn(_, typed) {
          turns.push(typed);
          return turn;
        },
      },
      left: () => {},
      tookSeat: () => {},
    });
    const { caller } = house;
    const exchange = (code: string) => whyOf(reception.exchange(code, caller));
    assert.match((await exchange('no code')).why, /^bad_code/);
    assert.equal([turns, wrongs], [[], 0]);
    assert.is((await exchange('MMM-MMM-MMM')).why, 'bad_code.gone_by');
    waited = true;
    const wrong = await exchange('MMM-MMM-MMM');
    assert.equal([wrong.why, wrong.retryAfter], ['rate_limited.guesses', 1]);
    assert.is(wrongs, 2);
    await enter(here);
    const seat = { token: null, meant: true, keep: false, back: false, caller };
    const full = reception.enter({ ...seat, way: { code: house.code(here) } });
    assert.is((await whyOf(full)).why, 'full', 'a right code is told the truth');
    const before = turns.length;
    const { pass } = await reception.exchange(house.code(here), caller);
    assert.is((await whyOf(reception.enter({ ...seat, way: { pass } }))).why, 'full');
    assert.is(turns.length, before + 1, 'a pass is no guess');
    for (const work of [
      reception.sitByCode({ number: 234_567, noso: null, code: 'MMM-MMM-MMM', caller }),
      reception.enter({ ...seat, way: { code: 'MMM-MMM-MMM' } }),
      reception.findByCode('MMM-MMM-MMM', caller, null),
    ]) {
      assert.is((await whyOf(work)).why, 'rate_limited.guesses');
    }
    assert.is(turns.length, before + 4, 'each way to try a code takes a turn');
    const back = { pass: null, number: 4711, returnCode: 'MMM-MMM', caller };
    assert.is((await whyOf(reception.comeBack(back))).why, 'rate_limited.guesses');
    assert.is(turns.at(-1), null);

    // Whoever has a pass for it knows its codes, those that it had as well.
    const known = turns.length;
    const old = house.code(here);
    assert.is((await reception.findByCode(old, caller, here.id)).noso.id, here.id);
    assert.is(turns.length, known);
    clock.advance(300_000);
    assert.match((await whyOf(reception.findByCode(old, caller, here.id))).why, /^bad_code/);
    assert.is(turns.length, known);
    assert.match((await whyOf(reception.findByCode(old, caller, null))).why, /^rate_limited/);
    assert.match((await whyOf(reception.findByCode(old, caller, 'another'))).why, /^rate_limited/);
    assert.is(turns.length, known + 2);
  })();
});
