import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import { createComingBack } from '../../src/service/comingBack.js';
import { createDesk } from '../../src/service/desk.js';
import { createReturns, sameCode } from '../../src/service/returns.js';
import { opened } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';
import { inHouse, whyOf } from './house.js';

const test = suite('how people come back');

const MINUTE = 60_000;

test('P10 of a return code every sign counts, whatever lies between them', () => {
  assert.ok(sameCode('MMM-PPP', 'MMM-PPP') && sameCode('MMM-PPP', ' mmm ppp'));
  for (const wrong of ['MMM-PPM', 'PMM-PPP', 'MMM-PP', 'MMM-PPPP', '', 'é']) {
    assert.not.ok(sameCode('MMM-PPP', wrong), wrong);
  }
});

test(
  'P8 P10 with a pass, a number and its return code another browser goes on, and the pass is used up',
  inHouse(async ({ reception, noso, code, enter, caller, tokens, engine }) => {
    const here = await noso();
    const [mine, theirs] = [await enter(here), await enter(here)];
    const { returnCode } = mine.seat;
    const number = Number(mine.seat.number);
    const newPass = async () => (await reception.exchange(code(here), caller)).pass;
    const back = (pass: string | null, number: number, returnCode: string) =>
      reception.comeBack({ pass, number, returnCode, caller });
    const pass = await newPass();
    for (const [other, typed] of [
      [number, theirs.seat.returnCode],
      [Number(theirs.seat.number), returnCode],
      [4711, returnCode],
    ] as const) {
      assert.is((await whyOf(back(pass, other, typed))).why, 'bad_code.return');
    }
    assert.is((await whyOf(back(mine.seat.pass, number, returnCode))).why, 'bad_code.pass');
    assert.is((await whyOf(back('nonsense', number, returnCode))).why, 'bad_code.pass');
    const { seat, token } = await back(pass, number, returnCode);
    assert.equal([seat.number, seat.pass], [mine.seat.number, mine.seat.pass]);
    const claims = tokens.verify('number', token);
    assert.equal([claims?.number, claims?.noso], [number, here.id], 'good at this NoSo alone');
    const once = await back(pass, number, returnCode);
    assert.is(once.seat.number, mine.seat.number, 'sent again');
    const used = back(pass, Number(theirs.seat.number), theirs.seat.returnCode);
    assert.is((await whyOf(used)).why, 'bad_code.return', 'the pass stands for another number');
    const full = await whyOf(back(null, number, returnCode));
    assert.is(full.why, 'bad_code.return', 'without a pass only where it is full');
    await engine.leave(here.id, number, null);
    const left = back(await newPass(), number, returnCode);
    assert.is((await whyOf(left)).why, 'bad_code.return');
  }),
);

test(
  'P10 without a pass at what is full, ten tries a minute for each',
  inHouse(async ({ reception, noso, enter, caller }) => {
    const here = await noso({ capacity: 2 });
    const roomy = await noso({ capacity: 3 });
    const mine = await enter(here);
    const back = (returnCode: string) =>
      reception.comeBack({ pass: null, number: Number(mine.seat.number), returnCode, caller });
    assert.is((await whyOf(back(mine.seat.returnCode))).why, 'bad_code.return', 'there is room');
    await enter(here);
    const elsewhere = await enter(roomy);
    for (let k = 0; k < 9; k += 1) {
      assert.is((await whyOf(back('MMM-MMM'))).why, 'bad_code.return');
    }
    const { seat, taken } = await back(mine.seat.returnCode);
    assert.equal([seat.noso, seat.number, taken.sitting], [here.id, mine.seat.number, 1]);
    const more = await whyOf(back(mine.seat.returnCode));
    assert.equal([more.why, more.retryAfter], ['rate_limited.guesses', 30]);
    const other = reception.comeBack({
      ...{ pass: null, number: Number(elsewhere.seat.number), caller },
      returnCode: elsewhere.seat.returnCode,
    });
    assert.is((await whyOf(other)).why, 'rate_limited.guesses');
  }),
);

test(
  'P4 a seat is told to its number alone, and why there is none; leaving is told to the others',
  inHouse(async ({ reception, noso, enter, toldOf, clock, tokens }) => {
    const [here, there] = [await noso(), await noso()];
    const mine = await enter(here);
    const [number, token] = [Number(mine.seat.number), mine.token];
    assert.equal(await reception.seat(token, here.id), {
      ...mine.seat,
      serverTime: clock.now(),
    });
    assert.is((await whyOf(reception.seat(token, there.id))).why, 'forbidden.noso');
    assert.is((await whyOf(reception.seat('nonsense', here.id))).why, 'unauthorized.invalid');
    assert.is((await whyOf(reception.seat(token, 'nowhere'))).why, 'not_found');
    assert.is(await reception.seat(tokens.number(4711), here.id), null, 'never seated');

    await reception.leave(token, 'nowhere');
    assert.is((await whyOf(reception.leave(token, there.id))).why, 'forbidden.noso');
    assert.is(await reception.end(here.id, number, 2), false, 'no such sitting');
    assert.equal(toldOf('left'), []);
    clock.advance(1000);
    await reception.leave(token, here.id);
    await reception.leave(token, here.id);
    assert.equal(toldOf('left'), [[here.id, number, null]], 'once');
    assert.equal(await reception.seat(token, here.id), { unseated: 'left', at: clock.now() });

    const sit = (back: boolean) =>
      reception.sit({ number, noso: here.id, pass: mine.seat.pass, back });
    assert.is((await whyOf(sit(false))).why, 'conflict.left');
    const soon = await whyOf(sit(true));
    assert.equal([soon.why, soon.retryAfter], ['too_soon', 60]);
    clock.advance(MINUTE);
    const again = await sit(true);
    assert.is(again.taken.sitting, 2);
    assert.is.not(again.seat.returnCode, mine.seat.returnCode, 'of another sitting');
    assert.is(await reception.end(here.id, number, 2), true);
    assert.equal(toldOf('left').at(-1), [here.id, number, 2]);
  }),
);

test(
  'A8 a number is kept, and kept no more, where it sits',
  inHouse(async ({ reception, noso, enter, tokens, engine, catalogue }) => {
    const [here, there] = [await noso(), await noso()];
    const mine = await enter(here);
    const read = (token: string) => tokens.verify('number', token);
    const kept = await reception.keep(mine.token, here.id, true);
    assert.equal([read(kept)?.number, read(kept)?.noso], [Number(mine.seat.number), undefined]);
    const passing = await reception.keep(kept, here.id, false);
    assert.is(read(passing)?.noso, here.id);
    assert.is((await whyOf(reception.keep(passing, there.id, true))).why, 'forbidden.noso');
    await engine.command(here.id, { do: 'close', by: 'organizer' });
    await catalogue.refresh();
    assert.is(await reception.seat(passing, here.id), null, 'it is over');
    assert.is((await whyOf(reception.keep(passing, here.id, true))).why, 'not_open.closed');
  }),
);

test('P10 what the store does not answer is no full NoSo, and is said', () => {
  let ask: () => Promise<never> = () => Promise.reject(new Error('not yet'));
  return inHouse(
    async ({ reception, noso, caller }) => {
      await noso({ capacity: 2 });
      const back = () =>
        reception.comeBack({ pass: null, number: 4711, returnCode: 'MMM-MMM', caller });
      ask = () => Promise.reject(new Refusal('unavailable.no_answer'));
      assert.is((await whyOf(back())).why, 'unavailable.no_answer');
      ask = () => Promise.reject(new Refusal('not_open.closed'));
      assert.is((await whyOf(back())).why, 'bad_code.return');
    },
    (engine) => ({ ...engine, tail: () => ask() }),
  )();
});

test('P4 P8 P10 whoever left meanwhile does not come back by it, and what the store says is said', () => {
  let meanwhile: () => Promise<unknown> = async () => {};
  let meets: Error | null = null;
  return inHouse(
    async ({ reception, noso, code, enter, caller, engine, clock }) => {
      const here = await noso();
      const mine = await enter(here);
      const number = Number(mine.seat.number);
      const { pass } = await reception.exchange(code(here), caller);
      const back = () =>
        reception.comeBack({ pass, number, returnCode: mine.seat.returnCode, caller });
      for (const error of [
        new Refusal('unavailable.no_answer'),
        Object.assign(new Error('a fault'), { code: 'conflict' }),
      ]) {
        meets = error;
        assert.is(await back().catch((why: unknown) => why), error);
      }
      meets = null;
      meanwhile = async () => {
        await engine.leave(here.id, number, null);
        clock.advance(2 * MINUTE);
      };
      assert.is((await whyOf(back())).why, 'bad_code.return');
      assert.is((await engine.tail(here.id, null)).count, 0);
    },
    (engine) => ({
      ...engine,
      async seat(noso, number) {
        const seat = await engine.seat(noso, number);
        await meanwhile();
        return seat;
      },
      async take(noso, taking) {
        if (meets && !taking.fresh) throw meets;
        return engine.take(noso, taking);
      },
    }),
  )();
});

test(
  'F6 P10 who is right is told from who guesses',
  inHouse(async (house) => {
    const { reception, noso, code, enter, caller, catalogue } = house;
    const here = await noso();
    const mine = await enter(here);
    const right: string[] = [];
    const turn = { right: (noso: string) => right.push(noso), wrong: async () => false };
    const { comeBack } = createComingBack({
      ...{ ...house, desk: createDesk(house), left: () => {} },
      returns: createReturns({ ...house, nosos: catalogue.nosos }),
    });
    const { pass } = await reception.exchange(code(here), caller);
    const { number, returnCode } = mine.seat;
    const wrong = comeBack({ pass, number: Number(number), returnCode: 'MMM-MMM', turn });
    assert.is((await whyOf(wrong)).why, 'bad_code.return');
    assert.equal(right, []);
    await comeBack({ pass, number: Number(number), returnCode, turn });
    assert.equal(right, [here.id]);
  }),
);

test(
  'P4 whoever leaves a NoSo that this node has not heard of leaves it all the same',
  inHouse(async ({ reception, engine, catalogue, tokens, passes, toldOf }) => {
    const id = await opened(engine);
    const pass = passes.read(passes.entry(id, engine.now(), engine.now()));
    if (pass?.number !== null) return assert.unreachable('an entry pass');
    const taking = { number: 234_567, fresh: false, back: false };
    await engine.take(id, { ...taking, proof: pass.proof, key: pass.key });
    assert.is(catalogue.noso(id), undefined);
    await reception.leave(tokens.number(234_567), id);
    assert.is((await engine.tail(id, null)).count, 0);
    assert.equal(toldOf('left'), [[id, 234_567, null]]);
  }),
);

test('P10 the store is asked how full a NoSo is where that is to be known', () => {
  const asked: string[] = [];
  return inHouse(
    async ({ reception, noso, caller, engine, catalogue }) => {
      await noso({ capacity: null });
      const past = await noso({ capacity: 2 });
      await engine.command(past.id, { do: 'close', by: 'organizer' });
      await catalogue.refresh();
      const here = await noso({ capacity: 2 });
      const back = { pass: null, number: 4711, returnCode: 'MMM-MMM', caller };
      assert.is((await whyOf(reception.comeBack(back))).why, 'bad_code.return');
      assert.equal(asked, [here.id]);
    },
    (engine) => ({
      ...engine,
      tail(id, since) {
        asked.push(id);
        return engine.tail(id, since);
      },
    }),
  )();
});
