import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import { type Noso, voidedAt } from '../../src/domain/noso.js';
import type { Identity } from '../../src/service/identity.js';
import { suite } from '../support/suite.js';
import { inHouse } from './house.js';

const test = suite('planning, and what is told of it');

const ORGANIZER: Identity = { role: 'organizer', id: 'odile', label: 'Odile' };

test('L1 F8 what is no conflict is said as it came, and a conflict with how things stand by now', () => {
  let meets: Error | null = null;
  return inHouse(
    async ({ planning, noso, engine }) => {
      const open = await noso();
      const again = () => planning.command(open.id, { do: 'open', by: 'organizer' }, ORGANIZER);
      for (const error of [
        new Refusal('unavailable.no_answer'),
        Object.assign(new Error('a fault'), { code: 'conflict' }),
      ]) {
        meets = error;
        assert.is(await again().catch((met: unknown) => met), error);
      }
      meets = null;
      await engine.command(open.id, { do: 'close', by: 'organizer' }); // on another node
      const met = await again().catch((error: Refusal) => error);
      assert.instance(met, Refusal);
      const stands = (met as Refusal).also?.noso as { state: string } | undefined;
      assert.is(stands?.state, 'closed');
    },
    (engine) => ({
      ...engine,
      async command(id, what) {
        if (meets) throw meets;
        return engine.command(id, what);
      },
    }),
  )();
});

test('P8 codes are void, here and elsewhere, before the first seat is taken back', () => {
  let atOnce: () => unknown = () => null;
  const seen: unknown[] = [];
  return inHouse(
    async ({ planning, noso, catalogue, toldOf, clock }) => {
      const open = await noso();
      const wrote = toldOf('wrote').length;
      atOnce = () => [voidedAt(catalogue.noso(open.id) as Noso), toldOf('wrote').length - wrote];
      await planning.takeBack(open.id, clock.now(), undefined);
      assert.equal(seen, [[clock.now(), 1]]);
      assert.is(toldOf('wrote').length - wrote, 2);
      const { life } = catalogue.noso(open.id) as Noso;
      assert.equal(life.is === 'open' && life.voids, [
        { since: clock.now(), until: clock.now(), freed: 0 },
      ]);
    },
    (engine) => ({
      ...engine,
      takeBack(...of) {
        seen.push(atOnce());
        return engine.takeBack(...of);
      },
    }),
  )();
});

test(
  'what is counted by eye is told, each time, and who means to come of what an earlier release opened is nobody',
  inHouse(async ({ planning, noso, engine, catalogue, clock, toldOf }) => {
    const open = await noso();
    const wrote = toldOf('wrote').length;
    for (const [k, count] of [12, 7].entries()) {
      clock.advance(60_000);
      assert.equal(await planning.headcount(open.id, count), {
        ...{ at: new Date(clock.now()).toISOString(), count },
      });
      assert.is(toldOf('wrote').length - wrote, k + 1);
    }
    const { intents: _, ...life } = open.life as Noso['life'] & { intents?: number };
    await engine.save('noso', open.id, { ...open, life: life as Noso['life'] });
    await catalogue.refresh();
    assert.is((await planning.one(open.id, ORGANIZER)).intents, 0);
  }),
);
