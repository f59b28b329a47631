import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { Noso, Plan } from '../../src/domain/noso.js';
import type { Identity } from '../../src/service/identity.js';
import { suite } from '../support/suite.js';
import { HOUR, type House, inHouse, whyOf } from './house.js';

const test = suite('planning');

const ANYONE: Identity = { role: 'anyone' };
const ORGANIZER: Identity = { role: 'organizer', id: 'odile', label: 'Odile' };
const OWNER: Identity = { role: 'owner', until: 0 };
const PARTICIPANT: Identity = { role: 'participant', number: 1, noso: null, token: '', until: 0 };

/** What somebody plans, from a NoSo that there is. */
function planLike(noso: Noso, over: Partial<Plan> = {}): Plan {
  const { id: _, life: __, ...plan } = noso;
  return { ...plan, ...over };
}

test(
  'F9 what is planned has a venue, an hour that may be, and an end that is to come',
  inHouse(async ({ planning, noso, clock, catalogue, toldOf }) => {
    const one = await noso({}, false);
    const plan = (over: Partial<Plan>) => planning.plan(planLike(one, over), ORGANIZER);
    const now = clock.now();
    const made = await plan({ startsAt: now + HOUR, endsAt: now + 2 * HOUR });
    assert.equal([made.state, made.intents, made.count], ['scheduled', 0, null]);
    assert.ok(catalogue.noso(made.id), 'whoever wrote reads it');
    assert.ok(toldOf('wrote').length > 0, 'and the others are told');
    for (const [over, why] of [
      [{ venue: 'nowhere' }, 'not_found'],
      [{ startsAt: now - 25 * HOUR, endsAt: now + 1 }, 'bad_request.past'],
      [{ startsAt: now + 3000 * 24 * HOUR, endsAt: now + 3001 * 24 * HOUR }, 'bad_request.far'],
      [{ startsAt: now + HOUR, endsAt: now + HOUR }, 'bad_request.order'],
      [{ startsAt: now, endsAt: now + 25 * HOUR }, 'bad_request.length'],
      [{ startsAt: now - HOUR, endsAt: now }, 'bad_request.past'],
    ] as const) {
      assert.is((await whyOf(plan(over))).why, why);
    }
    assert.is([...catalogue.nosos()].length, 2, 'what is refused is not kept');
    assert.is((await plan({ startsAt: now - HOUR, endsAt: now + 1 })).state, 'scheduled');
    const moved = await planning.amend(made.id, { title: 'Two hours' }, ANYONE);
    assert.equal([moved.title, moved.intents], ['Two hours', undefined]);
    const nowhere = planning.amend(made.id, { venue: 'nowhere' }, ORGANIZER);
    assert.is((await whyOf(nowhere)).why, 'not_found');
    assert.is((await whyOf(planning.one('nowhere', ANYONE))).why, 'not_found');
  }),
);

test(
  'S3 how many sit, and mean to come, organizers are told and nobody else',
  inHouse(async ({ planning, noso, enter, engine }) => {
    const [open, planned] = [await noso(), await noso({}, false)];
    await engine.intend(planned.id, 'one');
    await enter(open);
    const seen = async (id: string, who: Identity) => {
      const { count, intents } = await planning.one(id, who);
      return [count, intents];
    };
    for (const who of [ANYONE, PARTICIPANT]) {
      assert.equal(await seen(open.id, who), [null, undefined], who.role);
      assert.equal(await seen(planned.id, who), [null, undefined], who.role);
    }
    for (const who of [ORGANIZER, OWNER]) {
      assert.equal(await seen(open.id, who), [1, 0], who.role);
      assert.equal(await seen(planned.id, who), [null, 1], who.role);
    }
    await engine.command(open.id, { do: 'close', by: 'organizer' });
    assert.equal(await seen(open.id, ORGANIZER), [null, 0], 'closed since it was read');
  }),
);

test(
  'what is listed is in the order of its hours, in pages, and by city, state and time',
  inHouse(async ({ planning, noso, clock, engine, catalogue }) => {
    const at = (k: number) => clock.now() + (k - 2) * HOUR;
    const all: Noso[] = [];
    for (let k = 51; k >= 0; k -= 1) {
      all.unshift(await noso({ startsAt: at(k), endsAt: at(k) + HOUR }, k === 2));
    }
    const ids = (nosos: { id: string }[]) => nosos.map(({ id }) => id);
    const first = await planning.list({}, ANYONE);
    assert.equal(ids(first.nosos), ids(all.slice(0, 50)));
    const second = await planning.list({ cursor: first.next }, ANYONE);
    assert.equal(ids(second.nosos), ids(all.slice(50)));
    assert.is(second.next, undefined);
    const from = await planning.list({ from: at(1) + HOUR }, ANYONE);
    assert.equal(ids(from.nosos), ids(all.slice(1, 51)), 'what ends then is among them');
    assert.ok(from.next, 'one more');
    const later = await planning.list({ from: at(2) + HOUR }, ANYONE);
    assert.equal([later.nosos.length, later.next], [50, undefined], 'a whole page, and no more');
    assert.equal(ids((await planning.list({ state: 'open' }, ANYONE)).nosos), [all[2]?.id]);
    const venue = catalogue.venue(all[7]?.venue as string);
    assert.ok(venue);
    await engine.save('venue', venue.id, { ...venue, city: 'Saint-Étienne' });
    await catalogue.refresh();
    const there = await planning.list({ city: 'SAINT-ÉTIENNE' }, ANYONE);
    assert.equal(ids(there.nosos), [all[7]?.id]);
    assert.is((await planning.list({ city: 'Lyon', state: 'open' }, ANYONE)).nosos.length, 1);
    for (const cursor of ['x', '', Buffer.from('[1]').toString('base64url')]) {
      assert.is((await whyOf(planning.list({ cursor }, ANYONE))).why, 'bad_request');
    }
  }),
);

test(
  'L6 a code is told while it shows; of a link, from the planning on',
  inHouse(async ({ planning, noso, engine, catalogue }) => {
    const [planned, link] = [await noso({}, false), await noso({ entry: 'link' }, false)];
    const open = await noso();
    assert.match((await planning.code(open.id)).url, /^https:\/\/noso\.example\/j\/\w{3}-/);
    assert.is((await whyOf(planning.code(planned.id))).why, 'not_open.not_yet');
    const { code } = await planning.code(link.id);
    await engine.command(link.id, { do: 'open', by: 'organizer' });
    await catalogue.refresh();
    assert.is((await planning.code(link.id)).code, code);
    await engine.command(open.id, { do: 'close', by: 'organizer' });
    await catalogue.refresh();
    assert.is((await whyOf(planning.code(open.id))).why, 'not_open.closed');
  }),
);

test(
  'L1 a conflict says how things stand',
  inHouse(async ({ planning, noso, clock, catalogue, toldOf }) => {
    const open = await noso();
    const also = async (work: Promise<unknown>) =>
      work.then(
        () => null,
        (error: unknown) => (error instanceof Refusal ? error.also?.noso : error),
      );
    const again = planning.command(open.id, { do: 'open', by: 'organizer' }, ORGANIZER);
    const stands = (await also(again)) as Noso & { state: string; count: number };
    assert.equal([stands.id, stands.state, stands.count], [open.id, 'open', 0]);
    const before = toldOf('wrote').length;
    const closed = await planning.command(open.id, { do: 'close', by: 'organizer' }, ORGANIZER);
    assert.equal([closed.state, Date.parse(closed.openedAt ?? '')], ['closed', clock.now()]);
    assert.is(toldOf('wrote').length, before + 1, 'the others are told');
    assert.is(catalogue.noso(open.id)?.life.is, 'closed', 'and it is read here');
    const planned = await noso({}, false);
    assert.is((await planning.one(planned.id, ANYONE)).openedAt, undefined);
    const missing = planning.command('nowhere', { do: 'open', by: 'organizer' }, ORGANIZER);
    assert.is(await also(missing), undefined);
  }),
);

test(
  'L5 the record is told so far while it is open, whole after it, and not before',
  inHouse(async ({ planning, noso, enter, clock, engine, catalogue }) => {
    const planned = await noso({}, false);
    assert.is((await whyOf(planning.record(planned.id))).why, 'conflict.state');
    const open = await noso();
    await enter(open);
    clock.advance(90_000);
    const far = await planning.record(open.id);
    assert.equal([far.closedAt, far.total, far.personMinutes], [null, 1, 2]);
    const counted = await planning.headcount(open.id, 12);
    assert.equal([counted.count, Date.parse(counted.at)], [12, clock.now()]);
    await engine.command(open.id, { do: 'close', by: 'organizer' });
    const whole = await planning.record(open.id);
    assert.is(Date.parse(whole.closedAt as string), clock.now(), 'closed since it was read');
    assert.equal(whole.headcounts, [counted]);
    assert.equal(await planning.record(open.id), whole);
    await catalogue.refresh();
  }),
);

test(
  'P8 taking back is told beforehand, done once, and the same when it is asked again',
  inHouse(async (house: House) => {
    const { planning, noso, enter, clock, toldOf, engine, reception, code, caller } = house;
    const open = await noso();
    const before = await enter(open);
    clock.advance(10_000);
    const since = clock.now();
    await enter(open);
    await enter(open);
    const { pass } = await reception.exchange(code(open), caller);
    const old = code(open);
    clock.advance(10_000);
    assert.equal(await planning.wouldTakeBack(open.id, since, clock.now() + HOUR), {
      ...{ freed: 2, until: new Date(clock.now()).toISOString() },
    });
    assert.is((await planning.wouldTakeBack(open.id, since, since - 1)).freed, 0);
    assert.is((await whyOf(planning.wouldTakeBack('nowhere', since, undefined))).why, 'not_found');
    const done = await planning.takeBack(open.id, since, undefined);
    assert.is(done.freed, 2);
    const again = await planning.takeBack(open.id, since, Date.parse(done.until));
    assert.equal(again, done);
    assert.is(toldOf('taken back').length, 1);
    const [noso_, seats] = toldOf('taken back')[0] as [string, unknown[]];
    assert.equal([noso_, seats.length], [open.id, 2]);
    assert.is((await engine.tail(open.id, null)).count, 1);
    assert.is((await reception.seat(before.token, open.id))?.constructor, Object);
    assert.is((await whyOf(reception.drawNumber({ pass, keep: false }))).why, 'bad_code.pass');
    assert.match((await whyOf(reception.exchange(old, caller))).why, /^bad_code/);
    clock.advance(1);
    const more = await planning.takeBack(open.id, since, clock.now() + HOUR);
    assert.equal([more.freed, Date.parse(more.until)], [0, clock.now()], 'a later end is another');
  }),
);

test('F1 what the store does not answer is no count of nobody, and no record', () => {
  let ask = (): Promise<never> => Promise.reject(new Refusal('unavailable.no_answer'));
  return inHouse(
    async ({ planning, noso }) => {
      const open = await noso();
      const one = () => whyOf(planning.one(open.id, ORGANIZER));
      assert.is((await one()).why, 'unavailable.no_answer');
      assert.is((await whyOf(planning.record(open.id))).why, 'unavailable.no_answer');
      ask = () => Promise.reject(new Refusal('not_open.closed'));
      assert.is((await planning.one(open.id, ORGANIZER)).count, null);
      assert.is((await whyOf(planning.record(open.id))).why, 'conflict.state');
    },
    (engine) => ({ ...engine, tail: () => ask(), totals: () => ask() }),
  )();
});
