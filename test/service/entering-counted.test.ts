import * as assert from 'uvu/assert';
import { createDesk } from '../../src/service/desk.js';
import { createEntering, PASS_MINUTES } from '../../src/service/entering.js';
import { planned } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';
import { type House, inHouse, whyOf } from './house.js';

const test = suite('what is counted of those who come in');

const id = (k: number) => `an-id-of-their-own-${k}`;
const MINUTE = 60_000;

/** Ways in whose turns, and what is counted of them, are the test's to see. */
function direct(house: House) {
  const right: string[] = [];
  const admitted: unknown[] = [];
  const turn = { right: (noso: string) => right.push(noso), wrong: async () => false };
  const entering = createEntering({
    ...{ ...house, desk: createDesk(house), tookSeat: () => {} },
    exchanges: { admit: async (...of) => void admitted.push(of) },
  });
  return { entering, right, admitted, trying: { from: 'here', turn } };
}

test(
  'P8 F6 every way in by a code is counted with its address, once, and whoever is right is told from who guesses',
  inHouse(async (house) => {
    const { noso, code, clock } = house;
    const { entering, right, admitted, trying } = direct(house);
    const here = await noso({ capacity: 7 });
    const first = code(here);
    const common = { token: null, meant: true, keep: false, back: false, ...trying };
    const seen = async (work: () => Promise<unknown>) => {
      right.length = 0;
      admitted.length = 0;
      await work().catch(() => {});
      return [right.length, admitted.length];
    };
    const way = { code: first, id: id(1) };
    assert.equal(await seen(() => entering.findByCode(first, trying.turn)), [1, 0]);
    assert.equal(await seen(() => entering.exchange(first, trying)), [1, 1]);
    assert.equal([right, admitted], [[here.id], [[here.id, 7, 'here']]]);
    assert.equal(await seen(() => entering.enter({ way: { code: first }, ...common })), [1, 1]);
    assert.equal(await seen(() => entering.enter({ way, ...common })), [1, 1]);
    const sat = { number: 234_567, noso: null, code: first, ...trying };
    assert.equal(await seen(() => entering.sitByCode(sat)), [1, 1]);
    assert.equal([right, admitted], [[here.id], [[here.id, 7, 'here']]]);
    clock.advance(5 * MINUTE);
    assert.equal(
      await seen(() => entering.enter({ way, ...common })),
      [1, 0],
      'it was here before',
    );
    for (const [code, own] of [
      [first, undefined],
      [first, id(2)],
      ['MMM-MMM-MMM', id(1)],
    ] as const) {
      const way = { code, id: own };
      assert.equal(await seen(() => entering.enter({ way, ...common })), [0, 0]);
    }
    const pass = house.passes.entry(here.id, clock.now(), here.startsAt);
    assert.equal(await seen(() => entering.enter({ way: { pass }, ...common })), [0, 0]);
  }),
);

test(
  'P8 what is too much of codes is refused on every way in',
  inHouse(async (house) => {
    const { noso, code, reception, caller } = house;
    const here = await noso({ capacity: 1 });
    for (let k = 0; k < 200; k += 1) await reception.exchange(code(here), caller);
    const common = { token: null, meant: true, keep: false, back: false, caller };
    for (const work of [
      reception.exchange(code(here), caller),
      reception.enter({ way: { code: code(here) }, ...common }),
      reception.enter({ way: { code: code(here), id: id(1) }, ...common }),
      reception.sitByCode({ number: 234_567, noso: null, code: code(here), caller }),
    ]) {
      const { why, retryAfter } = await whyOf(work);
      assert.equal([why, retryAfter], ['rate_limited.exchanges', 5]);
    }
  }),
);

test(
  'P4 a code brings nobody back who left: that is said by a pass and a wish',
  inHouse(async ({ reception, engine, noso, code, caller, clock }) => {
    const here = await noso();
    const number = 234_567;
    const sit = () => reception.sitByCode({ number, noso: null, code: code(here), caller });
    await sit();
    await engine.leave(here.id, number, null);
    clock.advance(2 * MINUTE);
    assert.is((await whyOf(sit())).why, 'conflict.left');
    assert.is((await engine.tail(here.id, null)).count, 0);
  }),
);

test(
  'L6 a code of what opened on another node a moment ago is known',
  inHouse(async ({ reception, engine, codes, catalogue, caller }) => {
    const noso = await planned(engine);
    const open = await engine.command(noso, { do: 'open', by: 'organizer' });
    assert.is(catalogue.noso(noso), undefined);
    const shown = codes.shown(open, engine.now())?.code as string;
    assert.is((await reception.exchange(shown, caller)).noso.id, noso);
    assert.is(PASS_MINUTES, 10);
  }),
);
