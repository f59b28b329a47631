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
  const caller = { from: 'here', line: null, whenGone: () => nothing, hangUp: nothing };
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
  for (let k = 0; k < 50; k += 1) {
    clock.advance(100);
    await turn();
  }
  assert.is(await asked, 'unavailable');
  assert.ok(reads >= 2, 'it was read, and read again');
  assert.ok(answeredAt - began < 2000, `${answeredAt - began} ms`);
});
