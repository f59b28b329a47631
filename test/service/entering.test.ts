import * as assert from 'uvu/assert';
import { unavailable } from '../../src/engine/deadline.js';
import type { Engine } from '../../src/engine/engine.js';
import { suite } from '../support/suite.js';
import { HOUR, inHouse, whyOf } from './house.js';

const test = suite('how people come in');

const id = (k: number) => `an-id-of-their-own-${k}`;
const MINUTE = 60_000;

test(
  'L6 a code is exchanged for a pass of ten minutes, which counts from the opening',
  inHouse(async ({ reception, clock, noso, code, caller, passes }) => {
    const here = await noso();
    const { pass, expiresAt, noso: shown } = await reception.exchange(code(here), caller);
    assert.is(Date.parse(expiresAt), clock.now() + 10 * MINUTE);
    assert.equal([shown.id, shown.count], [here.id, null]);
    assert.equal(reception.readPass(pass), {
      noso: here.id,
      kind: 'entry',
      until: clock.now() + 10 * MINUTE,
    });
    assert.is(reception.readPass('nonsense'), null);
    const read = passes.read(pass);
    assert.equal(read?.proof, { kind: 'entry', issuedAt: clock.now() });
    for (const wrong of ['MMM-MMM-MMM', 'no code', '']) {
      assert.match((await whyOf(reception.exchange(wrong, caller))).why, /^bad_code/);
    }
    clock.advance(10 * MINUTE + 1);
    const late = await whyOf(reception.drawNumber({ pass, keep: false }));
    assert.is(late.why, 'bad_code.pass');
  }),
);

test(
  'P8 a pass stands for the number that it drew first, kept or not, and is no seat’s',
  inHouse(async ({ reception, noso, code, caller, tokens, passes }) => {
    const here = await noso();
    const { pass } = await reception.exchange(code(here), caller);
    const one = await reception.drawNumber({ pass, keep: false });
    const two = await reception.drawNumber({ pass, keep: true });
    assert.equal([one.again, two.again], [false, true]);
    assert.is(two.number, one.number);
    assert.match(one.number, /^[1-9]\d{5}$/);
    const number = Number(one.number);
    const claims = (token: string) => tokens.verify('number', token);
    assert.equal([claims(one.token)?.number, claims(one.token)?.noso], [number, here.id]);
    assert.equal([claims(two.token)?.number, claims(two.token)?.noso], [number, undefined]);

    const seated = await reception.sit({ number, noso: null, pass, back: false });
    assert.is(seated.seat.number, one.number);
    assert.equal(reception.readPass(seated.seat.pass), { noso: here.id, kind: 'seat' });
    assert.is(passes.read(seated.seat.pass)?.number, number);
    const asked = await whyOf(reception.drawNumber({ pass: seated.seat.pass, keep: false }));
    assert.is(asked.why, 'bad_code.pass', 'a seat’s pass draws nothing');
    // Nor does it seat another number, nor nobody's.
    const other = { number: number + 1, noso: null, pass: seated.seat.pass, back: false };
    assert.is((await whyOf(reception.sit(other))).why, 'bad_code.pass');
    const nobody = { way: { pass: seated.seat.pass }, token: null, meant: true };
    const entered = reception.enter({ ...nobody, keep: false, back: false, caller });
    assert.is((await whyOf(entered)).why, 'bad_code.pass');
    const used = { number: number + 1, noso: null, pass, back: false };
    assert.is((await whyOf(reception.sit(used))).why, 'conflict.pass_used');
  }),
);

test(
  'P3 P8 asked again with the same id it is the same person, whatever the code is by then',
  inHouse(async ({ reception, engine, clock, noso, code, caller }) => {
    const here = await noso();
    const enter = (code: string, own?: string) =>
      reception.enter({
        ...{ way: { code, id: own }, token: null, meant: true, keep: false, back: false },
        caller,
      });
    const first = code(here);
    const one = await enter(first, id(1));
    const two = await enter(first, id(1));
    const three = await enter(first, id(2));
    const four = await enter(first);
    const five = await enter(first);
    assert.equal(
      [one, two, three, four, five].map(({ again }) => again),
      [false, true, false, false, false],
    );
    assert.is(two.seat.number, one.seat.number);
    assert.is(new Set([one, three, four, five].map(({ seat }) => seat.number)).size, 4);
    clock.advance(5 * MINUTE);
    assert.is((await whyOf(enter(first))).why, 'bad_code.gone_by');
    assert.is((await whyOf(enter(first, id(3)))).why, 'bad_code.gone_by', 'nobody of that id came');
    const late = await enter(first, id(1));
    assert.equal([late.seat.number, late.again], [one.seat.number, true]);
    assert.is((await engine.tail(here.id, null)).count, 4);
  }),
);

test(
  'A8 a number of another NoSo draws a new one where it was just there, and is refused where it was meant',
  inHouse(async ({ reception, noso, code, caller, enter, tokens }) => {
    const [here, there] = [await noso(), await noso()];
    const mine = await enter(here);
    const ask = (token: string, meant: boolean, keep = false) =>
      reception.enter({ way: { code: code(there) }, token, meant, keep, back: false, caller });
    assert.is((await whyOf(ask(mine.token, true))).why, 'forbidden.noso');
    const another = await ask(mine.token, false);
    assert.is.not(another.seat.number, mine.seat.number);
    assert.is(another.kept, false);
    const kept = await enter(here, true);
    assert.is(kept.kept, true);
    const elsewhere = await ask(kept.token, true);
    assert.equal([elsewhere.seat.number, elsewhere.token], [kept.seat.number, kept.token]);
    assert.equal([elsewhere.kept, elsewhere.again], [true, false]);
    const again = await ask(another.token, true, true);
    assert.equal([again.seat.number, again.kept], [another.seat.number, true]);
    assert.is.not(again.token, another.token, 'a token that is kept');
    assert.is(tokens.verify('number', again.token)?.noso, undefined);
    assert.is((await whyOf(ask('nonsense', true))).why, 'unauthorized.invalid');
    const sat = { number: Number(mine.seat.number), noso: here.id };
    const byCode = await reception.sitByCode({ ...sat, code: code(here), caller });
    assert.equal([byCode.seat.number, byCode.seat.pass], [mine.seat.number, mine.seat.pass]);
    const wrong = reception.sitByCode({ ...sat, code: code(there), caller });
    assert.is((await whyOf(wrong)).why, 'forbidden.noso');
  }),
);

test('P3 whoever asks again is told so, and it is told how long each took', () => {
  let slowly = () => {};
  return inHouse(
    async ({ reception, clock, noso, enter, toldOf, caller }) => {
      slowly = () => clock.advance(250);
      const here = await noso();
      const mine = await enter(here);
      slowly = () => {};
      const ask = () =>
        reception.enter({
          ...{ way: { pass: mine.seat.pass }, token: mine.token, meant: true, keep: false },
          ...{ back: false, caller },
        });
      const later = await ask();
      assert.equal([later.again, later.token, later.kept], [true, mine.token, false]);
      assert.equal(toldOf('took'), [[0.25], [0]]);
    },
    (engine) => ({
      ...engine,
      async take(noso, taking) {
        const taken = await engine.take(noso, taking);
        slowly();
        return taken;
      },
    }),
  )();
});

test(
  'P3 other processes’ clocks may be a little off: only what is older was known',
  inHouse(async ({ reception, clock, noso, code, caller, tokens, passes, engine }) => {
    const here = await noso();
    const number = 234_567;
    const pass = passes.entry(here.id, clock.now(), here.startsAt);
    const ask = () =>
      reception.enter({
        ...{ way: { pass }, token: tokens.number(number), meant: true, keep: false, back: false },
        caller,
      });
    assert.is((await ask()).again, false);
    clock.advance(20);
    assert.is((await ask()).again, false, 'not for certain');
    clock.advance(1);
    assert.is((await ask()).again, true);
    assert.is((await engine.tail(here.id, null)).count, 1);
    assert.match(code(here), /^[A-Z0-9]{3}-/);
  }),
);

test(
  'P8 what is refused burns no number, and what is unknown does',
  inHouse(
    async ({ reception, noso, code, caller, engine }) => {
      const here = await noso({ capacity: 1 });
      const ask = () =>
        reception.enter({
          ...{ way: { code: code(here) }, token: null, meant: true, keep: false, back: false },
          caller,
        });
      failing = true;
      assert.is((await whyOf(ask())).why, 'unavailable.no_answer');
      failing = false;
      const { seat } = await ask();
      const drawn = () => asked.size;
      const before = drawn();
      for (let k = 0; k < 5; k += 1) assert.is((await whyOf(ask())).why, 'full');
      assert.is(drawn(), before + 1, 'one, over and over');
      await engine.leave(here.id, Number(seat.number), null);
      const next = await ask();
      assert.is(drawn(), before + 1);
      assert.ok(asked.has(Number(next.seat.number)) && next.seat.number !== seat.number);
      assert.is((await engine.tail(here.id, null)).count, 1);
    },
    (engine: Engine) => ({
      ...engine,
      async take(noso, taking) {
        asked.add(taking.number);
        if (failing) throw unavailable('nobody answers');
        return engine.take(noso, taking);
      },
    }),
  ),
);
const asked = new Set<number>();
let failing = false;

test(
  'A8 a token is worth renewing after a tenth of its year, if it is kept',
  inHouse(async ({ reception, clock, noso, enter, tokens }) => {
    const here = await noso({ endsAt: clock.now() + HOUR });
    const [kept, passing] = [await enter(here, true), await enter(here)];
    const read = (token: string) => reception.readToken(token);
    assert.equal(read(kept.token), { number: kept.seat.number, noso: null, renewed: null });
    assert.equal(read(passing.token), {
      ...{ number: passing.seat.number, noso: here.id },
      renewed: null,
    });
    assert.is(read('nonsense'), null);
    clock.advance(37 * 24 * HOUR);
    const renewed = read(kept.token)?.renewed as string;
    assert.is(tokens.verify('number', renewed)?.number, Number(kept.seat.number));
  }),
);

test('F1 P3 where it is not known whether somebody of that id came, that is said', () => {
  let fails = false;
  return inHouse(
    async ({ reception, noso, code, caller, clock }) => {
      const here = await noso();
      const way = { code: code(here), id: id(1) };
      const ask = () =>
        reception.enter({ way, token: null, meant: true, keep: false, back: false, caller });
      await ask();
      clock.advance(5 * MINUTE);
      fails = true;
      assert.is((await whyOf(ask())).why, 'unavailable.no_answer');
      fails = false;
      assert.is((await ask()).again, true);
    },
    (engine) => ({
      ...engine,
      async bind(noso, binding) {
        if (fails) throw unavailable('nobody answers');
        return engine.bind(noso, binding);
      },
    }),
  )();
});
