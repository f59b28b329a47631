import * as assert from 'uvu/assert';
import type { Made, Series } from '../../src/engine/engine.js';
import { createSeries, type NewSeries } from '../../src/service/series.js';
import { suite } from '../support/suite.js';
import { HOUR, type House, inHouse, whyOf } from './house.js';

const test = suite('series, as they are planned');

const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** Fridays at 20:00 in Lyon, the first of them this evening. */
async function scene(house: House) {
  const { engine, clock, catalogue, writing, noso } = house;
  const faults: unknown[] = [];
  const onError = (error: unknown) => void faults.push(error);
  const series = createSeries({ engine, clock, catalogue, writing, onError });
  const { venue } = await noso({}, false);
  const template: NewSeries = {
    ...{ venue, title: 'Fridays', capacity: 10, entry: 'code', show: 'numbers', pocket: null },
    ...{ veil: 5, opens: 'schedule', gather: 15, minutes: 60, rule: 'FREQ=WEEKLY' },
    startsAt: clock.now() + HOUR,
  };
  const stored = (id: string) => catalogue.series(id) as Series;
  return { series, template, faults, stored, venue };
}

const starts = (nosos: { startsAt: string }[]) => nosos.map(({ startsAt }) => Date.parse(startsAt));

test(
  'NoSos of 60 days exist, one of each evening, however often it is looked',
  inHouse(async (house) => {
    const { clock, catalogue } = house;
    const { series, template, stored, faults } = await scene(house);
    const { id, nosos } = await series.add(template);
    const first = template.startsAt;
    assert.equal(
      starts(nosos),
      Array.from({ length: 9 }, (_, k) => first + k * WEEK),
    );
    const [one] = nosos;
    assert.equal(
      [one?.title, one?.capacity, one?.gather, one?.series, one?.opens],
      ['Fridays', 10, 15, id, 'schedule'],
    );
    assert.is(Date.parse(one?.endsAt ?? '') - first, HOUR);
    assert.equal(
      stored(id)
        .made.map(({ date, amended }) => [date, amended])
        .slice(0, 2),
      [
        ['2026-11-20', 0],
        ['2026-11-27', 0],
      ],
    );
    const revision = catalogue.revision();
    await series.look();
    assert.is(catalogue.revision(), revision, 'nothing is lacking');
    clock.advance(WEEK);
    await new Promise(setImmediate);
    await series.look();
    assert.is([...catalogue.nosos()].filter((each) => each.series === id).length, 10);
    assert.equal(stored(id).made[0]?.date, '2026-11-27', 'what is two days past is forgotten');
    const sooner = await series.add({ ...template, startsAt: clock.now() + 1 });
    const between = await series.add({ ...template, startsAt: first - HOUR + WEEK });
    assert.equal(
      (await series.list()).map((each) => [each.id, Date.parse(each.startsAt)]),
      [
        [id, first],
        [between.id, first - HOUR + WEEK],
        [sooner.id, clock.now() + 1],
      ],
    );
    assert.equal(faults, []);
    series.stop();
  }),
);

test(
  'of an evening is known what became of it for two days',
  inHouse(async (house) => {
    const { clock } = house;
    const { series, template, stored } = await scene(house);
    const { id } = await series.add({ ...template, rule: 'FREQ=DAILY' });
    const oldest = async () => {
      clock.advance(DAY);
      await new Promise(setImmediate);
      await series.look();
      return stored(id).made[0]?.date;
    };
    assert.is(await oldest(), '2026-11-20');
    assert.is(await oldest(), '2026-11-20');
    assert.is(await oldest(), '2026-11-21');
    series.stop();
  }),
);

test(
  'a series that is changed changes its evenings, but those that somebody changed, and those past',
  inHouse(async (house) => {
    const { engine, clock, catalogue } = house;
    const { series, template, stored } = await scene(house);
    const { id, nosos } = await series.add(template);
    const [past, moved, cancelled, opened, ...others] = nosos.map((noso) => noso.id);
    clock.advance(HOUR);
    const command = async (noso: string | undefined, what: Parameters<typeof engine.command>[1]) =>
      engine.command(noso as string, what);
    await command(moved, { do: 'amend', changes: { title: 'Moved' } });
    await command(cancelled, { do: 'cancel', by: 'organizer' });
    await catalogue.refresh();
    const after = await series.amend(id, { title: 'Quiet', minutes: 90 });
    const titles = new Map(after.nosos.map((noso) => [noso.id, noso.title]));
    assert.is(titles.get(past as string), 'Fridays', 'it has begun');
    assert.is(titles.get(moved as string), 'Moved');
    assert.is(titles.get(cancelled as string), 'Fridays');
    assert.equal(
      new Set([opened, ...others].map((noso) => titles.get(noso as string))),
      new Set(['Quiet']),
    );
    const last = after.nosos.at(-1);
    assert.is(Date.parse(last?.endsAt ?? '') - Date.parse(last?.startsAt ?? ''), 1.5 * HOUR);
    assert.is(after.nosos.length, 9, 'no evening is planned twice');
    assert.is(stored(id).made.find(({ noso }) => noso === opened)?.amended, 1);

    // Other evenings: those that the rule has no more are cancelled, unless they are somebody's.
    const fewer = await series.amend(id, { rule: 'FREQ=WEEKLY;INTERVAL=2' });
    const states = new Map(fewer.nosos.map((noso) => [noso.id, noso.state]));
    assert.equal(
      [past, moved, cancelled, opened, ...others].map((noso) => states.get(noso as string)),
      // Every other one, from the first.
      [
        'scheduled',
        'scheduled',
        'cancelled',
        'cancelled',
        'scheduled',
        'cancelled',
        'scheduled',
        'cancelled',
        'scheduled',
      ],
    );
    assert.is((await whyOf(series.amend('nowhere', {}))).why, 'not_found');
    assert.is((await whyOf(series.amend(id, { venue: 'nowhere' }))).why, 'not_found');
    assert.match((await whyOf(series.amend(id, { rule: 'FREQ=SECONDLY' }))).why, /^bad_request/);
    assert.match((await whyOf(series.amend(id, { minutes: 0 }))).why, /^bad_request/);
    series.stop();
  }),
);

test(
  'its hour may change though its first evening is long past, its beginning may not go back',
  inHouse(async (house) => {
    const { clock } = house;
    const { series, template } = await scene(house);
    const { id } = await series.add(template);
    clock.advance(3 * WEEK);
    await series.look();
    const first = template.startsAt;
    const amend = (startsAt: number) => series.amend(id, { startsAt });
    const after = await amend(first - DAY);
    assert.ok(starts(after.nosos).length > 0);
    assert.is((await whyOf(amend(first - 3 * DAY - 1))).why, 'bad_request.past');
    assert.is((await whyOf(series.add({ ...template, startsAt: first }))).why, 'bad_request.past');
    assert.is((await whyOf(amend(clock.now() + 3000 * DAY))).why, 'bad_request.far');
    series.stop();
  }),
);

test(
  'evenings are foreseen, read, and put back where they were moved, cancelled or deleted',
  inHouse(async (house) => {
    const { engine, catalogue, clock } = house;
    const { series, template, venue } = await scene(house);
    const { rule, startsAt } = template;
    const foreseen = await series.foresee({ venue, rule, startsAt });
    const { id, nosos } = await series.add(template);
    const { evenings, ...view } = await series.read(id);
    assert.equal(
      evenings.map(({ date, startsAt, follows }) => ({ date, startsAt, follows })),
      foreseen,
    );
    assert.equal(
      evenings.map(({ noso }) => noso),
      nosos.map((noso) => noso.id),
    );
    assert.is('made' in view, false);
    const [one, two, three, four] = nosos.map((noso) => noso.id) as [
      string,
      string,
      string,
      string,
    ];
    await engine.command(one, { do: 'amend', changes: { title: 'Moved' } });
    await engine.command(two, { do: 'cancel', by: 'organizer' });
    await engine.remove('noso', three);
    await engine.command(four, {
      do: 'amend',
      changes: { startsAt: clock.now(), endsAt: clock.now() + HOUR },
    });
    await engine.command(four, { do: 'open', by: 'organizer' });
    await catalogue.refresh();
    const follow = async () => (await series.read(id)).evenings.map(({ follows }) => follows);
    assert.equal(await follow(), [false, false, false, false, true, true, true, true, true]);
    const dates = evenings.map(({ date }) => date);
    const back = async (k: number) => series.putBack(id, dates[k] as string);
    assert.is((await back(0)).nosos.find((noso) => noso.id === one)?.title, 'Fridays');
    const again = await back(1);
    assert.is(again.nosos.find((noso) => noso.id === two)?.state, 'cancelled');
    assert.is(again.nosos.filter((noso) => noso.startsAt === evenings[1]?.startsAt).length, 2);
    assert.is((await back(2)).nosos.find((noso) => noso.id === three)?.state, 'scheduled');
    assert.is((await whyOf(back(3))).why, 'conflict.state', 'people sit there');
    assert.equal((await follow()).slice(0, 3), [true, true, true]);
    for (const [of, date] of [
      [id, '2026-11-21'],
      ['nowhere', dates[0] as string],
    ] as const) {
      assert.is((await whyOf(series.putBack(of, date))).why, 'not_found');
    }
    assert.is((await whyOf(series.foresee({ venue: 'nowhere', rule, startsAt }))).why, 'not_found');
    series.stop();
  }),
);

test(
  'a series that is deleted takes along what nobody changed; one without a venue goes by itself',
  inHouse(async (house) => {
    const { engine, catalogue } = house;
    const { series, template, venue } = await scene(house);
    const { id, nosos } = await series.add(template);
    const [one, two] = nosos.map((noso) => noso.id) as [string, string];
    await engine.command(one, { do: 'amend', changes: { title: 'Moved' } });
    await catalogue.refresh();
    await series.remove(id);
    assert.is(catalogue.noso(one)?.life.is, 'scheduled');
    assert.is(catalogue.noso(two)?.life.is, 'cancelled');
    assert.is((await whyOf(series.read(id))).why, 'not_found');
    const other = await series.add(template);
    await engine.remove('venue', venue);
    await catalogue.refresh();
    await series.look();
    assert.is(catalogue.series(other.id), undefined);
    series.stop();
  }),
);

test('one node plans a series at a time, and stops before its turn is over', () => {
  let slowly = () => {};
  return inHouse(
    async (house) => {
      const { engine, clock, catalogue, writing } = house;
      const { series, template, stored, faults } = await scene(house);
      slowly = () => clock.advance(7000);
      const { id } = await series.add(template);
      assert.is(stored(id).made.length, 3, 'in 20 of its 30 s');
      const onError = (error: unknown) => void faults.push(error);
      const other = createSeries({ engine, clock, catalogue, writing, onError });
      slowly = () => {};
      await other.look();
      assert.is(stored(id).made.length, 3, 'another has the turn');
      clock.advance(9001);
      await new Promise(setImmediate);
      await other.look();
      assert.is(stored(id).made.length, 9);
      const ids = stored(id).made.map(({ noso }: Made) => noso);
      assert.is(new Set(ids).size, 9);
      assert.equal(faults, []);
      for (const each of [series, other]) each.stop();
    },
    (engine) => ({
      ...engine,
      async save(kind, id, document) {
        const revision = await engine.save(kind, id, document);
        if (kind === 'noso') slowly();
        return revision;
      },
    }),
  )();
});

test(
  'F9 nothing of a series that cannot be is kept, and what another node planned is known',
  inHouse(async (house) => {
    const { engine, catalogue, clock } = house;
    const { series, template, venue } = await scene(house);
    const { rule, startsAt } = template;
    for (const [over, why] of [
      [{ venue: 'nowhere' }, 'not_found'],
      [{ rule: 'FREQ=SECONDLY' }, 'bad_request'],
      [{ minutes: 1441 }, 'bad_request.length'],
      [{ minutes: 0 }, 'bad_request.order'],
      [{ startsAt: clock.now() - 25 * HOUR }, 'bad_request.past'],
    ] as const) {
      assert.is((await whyOf(series.add({ ...template, ...over }))).why, why);
    }
    assert.equal([...catalogue.allSeries()], []);
    assert.is([...catalogue.nosos()].length, 1);
    const foresee = (over: object) => series.foresee({ venue, rule, startsAt, ...over });
    assert.is((await whyOf(foresee({ rule: 'FREQ=SECONDLY' }))).why, 'bad_request');
    assert.is(
      (await whyOf(foresee({ startsAt: clock.now() - 25 * HOUR }))).why,
      'bad_request.past',
    );
    const { id } = await series.add({ ...template, minutes: 1440 });
    const stored = catalogue.series(id) as Series;
    await engine.save('series', 'theirs', { ...stored, id: 'theirs', made: [] });
    assert.equal(
      (await series.list()).map((each) => each.id),
      [id, 'theirs'],
    );
    await engine.save('series', 'fresh', { ...stored, id: 'fresh', made: [] });
    assert.is((await series.read('fresh')).id, 'fresh');
    for (const bad of [{ rule: 'FREQ=SECONDLY' }, { minutes: 1441 }]) {
      assert.match((await whyOf(series.amend(id, bad))).why, /^bad_request/);
    }
    assert.equal(catalogue.series(id), stored);
    clock.advance(3 * WEEK);
    assert.is(
      (await whyOf(series.amend(id, { startsAt: startsAt - DAY - 1 }))).why,
      'bad_request.past',
    );
    await series.amend(id, { startsAt: startsAt - DAY });
    series.stop();
  }),
);

test(
  'evenings are told in the order of their hours, however they came to be',
  inHouse(async (house) => {
    const { engine, catalogue } = house;
    const { series, template } = await scene(house);
    const { id, nosos } = await series.add(template);
    await engine.command(nosos[1]?.id as string, { do: 'cancel', by: 'organizer' });
    await catalogue.refresh();
    const again = starts((await series.putBack(id, '2026-11-27')).nosos);
    assert.is(again.length, 10);
    assert.equal(again, [...again].sort());
    series.stop();
  }),
);
