import * as assert from 'uvu/assert';
import { createDesk } from '../../src/service/desk.js';
import { opened, planned } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';
import { inHouse, whyOf } from './house.js';

const test = suite('what everybody shows, and is shown');

test('what this node has not heard of is looked for once, and nothing else is', () => {
  let reads = 0;
  return inHouse(
    async (house) => {
      const { engine, catalogue } = house;
      const desk = createDesk(house);
      const asked = async (work: () => Promise<unknown>) => {
        reads = 0;
        return [await work(), reads];
      };
      const id = await opened(engine);
      const idOf = async () => (await desk.find(id)).noso.id;
      assert.is(desk.place(id), null);
      assert.equal(await asked(idOf), [id, 1]);
      assert.equal(await asked(idOf), [id, 0]);
      const digits = async () => (await desk.findOpen(id)).digits;
      assert.equal(await asked(digits), [6, 0]);
      assert.is((await whyOf(desk.find('nowhere'))).why, 'not_found');
      assert.is((await whyOf(desk.findOpen('nowhere'))).why, 'not_found');
      // It opens on another node.
      const later = await planned(engine);
      await catalogue.refresh();
      assert.is((await whyOf(desk.findOpen(later))).why, 'not_open.not_yet');
      await engine.command(later, { do: 'open', by: 'organizer' });
      assert.is((await desk.findOpen(later)).noso.id, later);
      await engine.command(later, { do: 'close', by: 'organizer' });
      await catalogue.refresh();
      assert.is((await whyOf(desk.findOpen(later))).why, 'not_open.closed');
    },
    (engine) => ({
      ...engine,
      changesSince: (revision) => {
        reads += 1;
        return engine.changesSince(revision);
      },
    }),
  )();
});

test(
  'F9 a NoSo whose venue is gone is not found, and nobody sees half of it',
  inHouse(async (house) => {
    const { engine, catalogue, noso } = house;
    const desk = createDesk(house);
    const here = await noso();
    await engine.remove('venue', here.venue);
    await catalogue.refresh();
    assert.is(desk.place(here.id), null);
    assert.is((await whyOf(desk.find(here.id))).why, 'not_found');
  }),
);

test(
  'A2 A8 passes and tokens are demanded, and what was not kept is good where it is from',
  inHouse(async (house) => {
    const { tokens, passes, clock } = house;
    const desk = createDesk(house);
    const why = (work: () => unknown) => whyOf((async () => work())());
    const token = tokens.numberAt(4711, 'here', clock.now());
    assert.equal(desk.demandHolder(token), { number: 4711, noso: 'here' });
    assert.equal(desk.demandHolder(tokens.number(4711)), { number: 4711, noso: null });
    for (const wrong of ['', 'nonsense', tokens.owner(), tokens.link('a'), `${token}x`]) {
      assert.is((await why(() => desk.demandHolder(wrong))).why, 'unauthorized.invalid');
    }
    const pass = passes.entry('here', clock.now(), clock.now());
    assert.is(desk.demandPass(pass).noso, 'here');
    for (const wrong of ['', 'nonsense', token, `${pass}x`]) {
      assert.is((await why(() => desk.demandPass(wrong))).why, 'bad_code.pass');
    }
    const holder = { number: 4711, noso: 'here' };
    desk.demandHere(holder, 'here');
    desk.demandHere({ ...holder, noso: null }, 'there');
    assert.is((await why(() => desk.demandHere(holder, 'there'))).why, 'forbidden.noso');
  }),
);
