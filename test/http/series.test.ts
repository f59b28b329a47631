import * as assert from 'uvu/assert';
import type { Evening, Noso, Series } from '../../src/protocol/wire.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';

const test = suite('series');
const DAY = 86_400_000;

type Planned = { id: string; nosos: Noso[] };

test(
  'the evenings of 60 days exist; one moved or skipped is left alone, the others follow their series',
  served(async (server, api) => {
    const venue = await api.venue();
    const first = new Date(Date.now() + 2 * DAY);
    first.setUTCHours(12, 0, 0, 0);
    const plan = { venue: venue.id, title: 'Rien', startsAt: first.toISOString(), minutes: 45 };
    const rule = 'FREQ=WEEKLY;INTERVAL=2';
    const { id, nosos } = await api.own<Planned>('POST', '/api/series', { ...plan, rule });
    assert.is(nosos.length, 5);
    assert.ok(nosos.every((noso) => noso.series === id && noso.gather === 15));
    const [a, b, c] = nosos as [Noso, Noso, Noso];
    await api.own('PATCH', `/api/nosos/${a.id}`, { title: 'Autre chose' });
    await api.own('POST', `/api/nosos/${b.id}/cancel`);
    const later = new Date(first.getTime() + 3_600_000).toISOString();
    const next = await api.own<Planned>('PATCH', `/api/series/${id}`, {
      ...{ title: 'Encore rien', startsAt: later, minutes: 30 },
    });
    assert.equal(
      next.nosos.map(({ id }) => id),
      nosos.map(({ id }) => id),
      'no evening is planned twice',
    );
    const now = new Map(next.nosos.map((noso) => [noso.id, noso]));
    assert.equal([now.get(a.id)?.title, now.get(a.id)?.startsAt], ['Autre chose', a.startsAt]);
    assert.is(now.get(b.id)?.state, 'cancelled');
    assert.is(now.get(c.id)?.title, 'Encore rien');
    assert.is(Date.parse(now.get(c.id)?.startsAt ?? ''), Date.parse(c.startsAt) + 3_600_000);
    const { series } = await api.own<{ series: Series[] }>('GET', '/api/series');
    assert.equal(
      series.map((each) => [each.id, each.rule, each.minutes, each.startsAt]),
      [[id, rule, 30, later]],
    );
    await server.kill();
    await server.restart();
    const all = await api.own<{ nosos: Noso[] }>('GET', '/api/nosos');
    assert.is(all.nosos.length, 5, 'a start plans nothing twice');
    await api.own('DELETE', `/api/series/${id}`);
    const left = (await api.own<{ nosos: Noso[] }>('GET', '/api/nosos')).nosos;
    assert.equal(
      left.map(({ state }) => state),
      ['scheduled', 'cancelled', 'cancelled', 'cancelled', 'cancelled'],
    );
    const bad = await api.call('POST', '/api/series', { ...plan, rule: 'FREQ=HOURLY' }, api.token);
    assert.equal([bad.status, bad.body.field], [400, 'rule']);
  }),
  { deadline: 40_000 },
);

test(
  'evenings are foreseen by the venue’s clock; one that was moved, skipped or deleted is put back',
  served(async (_, api) => {
    const venue = await api.venue();
    const first = new Date(Date.now() + 2 * DAY);
    first.setUTCHours(12, 0, 0, 0);
    const rule = 'FREQ=WEEKLY;INTERVAL=2';
    const plan = { venue: venue.id, title: 'Rien', startsAt: first.toISOString(), minutes: 45 };
    const query = new URLSearchParams({ venue: venue.id, rule, startsAt: plan.startsAt });
    const foreseen = await api.own<{ evenings: Evening[] }>('GET', `/api/series/foreseen?${query}`);
    const { id, nosos } = await api.own<Planned>('POST', '/api/series', { ...plan, rule });
    assert.equal(
      foreseen.evenings.map(({ startsAt }) => startsAt),
      nosos.map(({ startsAt }) => startsAt),
    );
    const evenings = async () =>
      (await api.own<{ evenings: Evening[] }>('GET', `/api/series/${id}`)).evenings;
    assert.equal(
      (await evenings()).map(({ noso, follows }) => [noso, follows]),
      nosos.map((noso) => [noso.id, true]),
    );

    const [a, b, c] = nosos as [Noso, Noso, Noso];
    const later = (iso: string) => new Date(Date.parse(iso) + 3_600_000).toISOString();
    const moved = { startsAt: later(a.startsAt), endsAt: later(a.endsAt) };
    await api.own('PATCH', `/api/nosos/${a.id}`, moved);
    await api.own('POST', `/api/nosos/${b.id}/cancel`);
    await api.own('DELETE', `/api/nosos/${c.id}`);
    const after = await evenings();
    assert.equal(
      after.map(({ noso, follows }) => [noso, follows]),
      nosos.map(({ id }) => [id === c.id ? undefined : id, ![a, b, c].some((x) => x.id === id)]),
    );
    const byDate = (k: number) => `/api/series/${id}/evenings/${after[k]?.date}`;
    for (const k of [0, 1, 2]) await api.own('PUT', byDate(k));
    const back = await evenings();
    assert.ok(back.every(({ follows }) => follows));
    assert.is(back[0]?.noso, a.id);
    assert.is((await api.own<Noso>('GET', `/api/nosos/${a.id}`)).startsAt, a.startsAt);
    assert.not.equal(back[1]?.noso, b.id, 'what was cancelled stays so');
    const again = await api.own<Noso>('GET', `/api/nosos/${back[1]?.noso}`);
    assert.equal([again.state, again.startsAt, again.series], ['scheduled', b.startsAt, id]);
    assert.is(back[2]?.noso, c.id);
    await api.own('PATCH', `/api/series/${id}`, { title: 'Encore rien' });
    for (const { noso } of await evenings()) {
      const { title } = await api.own<Noso>('GET', `/api/nosos/${noso}`);
      assert.is(title, 'Encore rien', 'what was put back follows');
    }
    const none = await api.call('PUT', `/api/series/${id}/evenings/1999-01-01`, {}, api.token);
    assert.is(none.status, 404);
  }),
);

test(
  'the hour of a series that began long ago is changed, its weeks stay as they were',
  served(async (_, api) => {
    const venue = await api.venue();
    const began = new Date(Date.now() - DAY / 2).toISOString();
    const rule = 'FREQ=WEEKLY;INTERVAL=2';
    const plan = { venue: venue.id, title: 'Rien', startsAt: began, minutes: 45, rule };
    const { id, nosos } = await api.own<Planned>('POST', '/api/series', plan);
    const earlier = new Date(Date.parse(began) - DAY / 2).toISOString();
    const patch = (startsAt: string) =>
      api.call('PATCH', `/api/series/${id}`, { startsAt }, api.token);
    assert.is((await patch(earlier)).status, 200);
    const { evenings } = await api.own<{ evenings: Evening[] }>('GET', `/api/series/${id}`);
    assert.is(evenings.length, nosos.length);
    const longAgo = await patch(new Date(Date.now() - 40 * DAY).toISOString());
    assert.equal([longAgo.status, longAgo.body.reason], [400, 'past']);
    const far = await patch(new Date(Date.now() + 2000 * DAY).toISOString());
    assert.equal([far.status, far.body.reason], [400, 'far']);
  }),
);
