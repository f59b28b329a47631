import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import { createCatalogue } from '../../src/service/mirror.js';
import { createSeries, type NewSeries } from '../../src/service/series.js';
import { createWriting } from '../../src/service/writing.js';
import { suite } from '../support/suite.js';
import { HOUR, type House, inHouse } from './house.js';

const test = suite('series, as nodes plan them');

const MINUTE = 60_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** A node of its own over a house's engine, or over another that stands before it. */
function node({ clock }: House, engine: Engine) {
  const faults: unknown[] = [];
  const onError = (error: unknown) => void faults.push(error);
  const catalogue = createCatalogue(engine, clock, onError);
  const writing = createWriting({ engine, catalogue, tellOthers: () => {} });
  const series = createSeries({ engine, clock, catalogue, writing, onError });
  return { ...series, catalogue, faults };
}

/** Fridays at 20:00, the first of them this evening. */
async function scene(house: House) {
  const { venue } = await house.noso({}, false);
  const template: NewSeries = {
    ...{ venue, title: 'Fridays', capacity: 10, entry: 'code', show: 'numbers', pocket: null },
    ...{ veil: 5, opens: 'schedule', gather: 15, minutes: 60, rule: 'FREQ=WEEKLY' },
    startsAt: house.clock.now() + 2 * HOUR,
  };
  return { template };
}
const turns = async () => {
  for (let k = 0; k < 20; k += 1) await new Promise(setImmediate);
};

test(
  'each minute it is looked what is lacking, and nobody is asked where nothing is',
  inHouse(async (house) => {
    const { engine, clock } = house;
    const { template } = await scene(house);
    const asked: string[] = [];
    const { add, look, stop, catalogue, faults } = node(house, {
      ...engine,
      reserve: (id, ...of) => {
        asked.push('turn');
        return engine.reserve(id, ...of);
      },
      command: (id, what) => {
        asked.push(what.do);
        return engine.command(id, what);
      },
    });
    await catalogue.refresh();
    const { id, nosos } = await add(template);
    assert.equal(asked, ['turn']);
    const made = () => catalogue.series(id)?.made.length;
    assert.is(made(), 9);
    // What somebody changed is theirs, and lacks nothing.
    await engine.command(nosos[3]?.id as string, { do: 'amend', changes: { title: 'Mine' } });
    await engine.command(nosos[4]?.id as string, { do: 'cancel', by: 'organizer' });
    await catalogue.refresh();
    await look();
    assert.equal(asked, ['turn']);
    asked.length = 0;
    // One more comes within reach at 20:00 of the 23rd; what is as it should be is left alone.
    clock.advance(3 * DAY + 2 * HOUR);
    await turns();
    assert.equal([asked, made()], [[], 9]);
    clock.advance(MINUTE - 1);
    await turns();
    assert.equal([asked, made()], [[], 9]);
    clock.advance(1);
    await turns();
    assert.equal([asked, made()], [['turn'], 9], 'and the first is two days past');
    assert.is(catalogue.series(id)?.made.at(-1)?.date, '2027-01-22');
    assert.equal(faults, []);
    stop();
    clock.advance(WEEK);
    await turns();
    assert.is(catalogue.series(id)?.made.at(-1)?.date, '2027-01-22', 'nobody looks any more');
  }),
);

test(
  'what was planned for a date is forgotten two days after it, by UTC',
  inHouse(async (house) => {
    const { engine, clock } = house;
    const { template } = await scene(house);
    const { add, amend, look, stop, catalogue } = node(house, engine);
    stop(); // whoever looks is the test
    await catalogue.refresh();
    const { id } = await add({ ...template, rule: 'FREQ=DAILY' });
    clock.advance(3 * DAY + 6 * HOUR - 1); // the end of the 23rd
    await look();
    assert.is(catalogue.series(id)?.made[0]?.date, '2026-11-21');
    clock.advance(MINUTE + 1);
    await amend(id, { title: 'Quiet' });
    assert.is(catalogue.series(id)?.made[0]?.date, '2026-11-22', 'at the beginning of the 24th');
  }),
);

test('a turn lasts 30 s, of which 20 are for planning', async () => {
  for (const [ms, adds, renews] of [
    [20_000, 2, 2],
    [20_001, 1, 1],
  ] as const) {
    await inHouse(async (house) => {
      const { engine, clock } = house;
      const { template } = await scene(house);
      let slow = true;
      const slowly = (): void => {
        if (slow) clock.advance(ms);
        slow = false;
      };
      let renewed = 0;
      const { add, amend, look, stop, catalogue } = node(house, {
        ...engine,
        async save(kind, id, document) {
          const revision = await engine.save(kind, id, document);
          if (kind === 'noso') slowly();
          return revision;
        },
        async command(id, what) {
          const noso = await engine.command(id, what);
          renewed += 1;
          slowly();
          return noso;
        },
      });
      stop();
      await catalogue.refresh();
      // The clock stands still after the first: whether the second is planned is the question.
      const seen: number[] = [];
      const { id } = await add(template);
      seen.push(catalogue.series(id)?.made.length ?? 0);
      assert.is(seen[0], adds === 1 ? 1 : 9, `${ms} ms for the first`);
      clock.advance(MINUTE);
      await look();
      assert.is(catalogue.series(id)?.made.length, 9);
      slow = true;
      renewed = 0;
      clock.advance(MINUTE);
      await amend(id, { title: 'Quiet' });
      assert.is(renewed, renews === 1 ? 1 : 9);
    })();
  }
});

test(
  'whoever has the turn plans, and whoever had not heard of it changes nothing',
  inHouse(async (house) => {
    const { engine, clock } = house;
    const { template } = await scene(house);
    const [one, two] = [node(house, engine), node(house, engine)];
    for (const { stop } of [one, two]) stop();
    await one.catalogue.refresh();
    const { id, nosos } = await one.add(template);
    const stored = one.catalogue.series(id);
    assert.ok(stored);
    await engine.save('series', id, { ...stored, made: [] });
    await two.catalogue.refresh();
    const before = two.catalogue.revision();
    await two.look();
    await two.catalogue.refresh();
    assert.is(two.catalogue.revision(), before, 'the turn is another’s');
    // Two knows of no evening; meanwhile they are all there, and one is somebody's.
    await engine.save('series', id, stored);
    const mine = nosos[3]?.id as string;
    await engine.command(mine, { do: 'amend', changes: { title: 'Mine' } });
    clock.advance(30_000);
    await two.look();
    assert.is(two.catalogue.noso(mine)?.title, 'Mine');
    assert.equal(two.catalogue.series(id)?.made, stored.made);
    // And a series that another node has removed is no fault.
    await engine.save('series', id, { ...stored, made: [] });
    await two.catalogue.refresh();
    await engine.remove('series', id);
    clock.advance(30_000);
    await two.look();
    assert.is(two.catalogue.series(id), undefined);
    assert.equal([one.faults, two.faults], [[], []]);
  }),
);

test(
  'F1 what is somebody’s by now is left to them, and what the store does not answer is said',
  inHouse(async (house) => {
    const { engine, clock } = house;
    const { template } = await scene(house);
    let meets: Error | null = null;
    const asked: string[] = [];
    const { add, amend, look, stop, catalogue, faults } = node(house, {
      ...engine,
      async command(id, what) {
        asked.push(id);
        if (meets && asked.length === 2) throw meets;
        return engine.command(id, what);
      },
    });
    stop(); // whoever looks is the test
    await catalogue.refresh();
    const { id, nosos } = await add(template);
    const named = () => [...catalogue.nosos()].filter(({ title }) => title === 'Quiet').length;
    meets = new Refusal('conflict.state');
    await amend(id, { title: 'Quiet' });
    assert.equal([asked.length, named()], [9, 8], 'the others are brought up');
    assert.equal(
      catalogue
        .series(id)
        ?.made.map(({ amended }) => amended)
        .slice(0, 3),
      [1, 0, 1],
    );
    for (const error of [
      new Refusal('unavailable.no_answer'),
      Object.assign(new Error('a fault'), { code: 'conflict' }),
    ]) {
      asked.length = 0;
      meets = error;
      clock.advance(MINUTE);
      const met = await amend(id, { title: `${error.message}` }).catch((why: unknown) => why);
      assert.is(met, error);
      assert.is(asked.length, 2, 'what was brought up is kept, and the rest waits');
      assert.is(catalogue.noso(nosos[0]?.id as string)?.title, error.message);
    }
    meets = null;
    clock.advance(MINUTE);
    await look();
    assert.equal(faults, []);
  }),
);

test(
  'a series that is removed while it is planned is not brought back',
  inHouse(async (house) => {
    const { engine } = house;
    const { template } = await scene(house);
    const { add, look, stop, catalogue, faults } = node(house, {
      ...engine,
      async save(kind, id, document) {
        const revision = await engine.save(kind, id, document);
        if (kind === 'noso') {
          for (const { id: of } of [...catalogue.allSeries()]) {
            await engine.remove('series', of).catch(() => {});
          }
        }
        return revision;
      },
    });
    stop();
    await catalogue.refresh();
    const met = await add(template).catch((error: unknown) => error);
    assert.ok(met instanceof Refusal && met.code === 'not_found', `${met}`);
    await catalogue.refresh();
    assert.equal([...catalogue.allSeries()], []);
    await look();
    assert.equal(faults, []);
  }),
);
