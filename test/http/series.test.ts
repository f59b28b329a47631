import * as assert from 'uvu/assert';
import type { Noso, Series } from '../../src/protocol/wire.js';
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
