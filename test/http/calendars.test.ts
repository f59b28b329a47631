import ICAL from 'ical.js';
import * as assert from 'uvu/assert';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { visitorOf } from '../support/visitor.js';

const test = suite('calendars, as they are asked for');

const eventsOf = (text: string) =>
  new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((each) => ({
    uid: each.getFirstPropertyValue('uid'),
    sequence: each.getFirstPropertyValue('sequence'),
    status: each.getFirstPropertyValue('status'),
    summary: each.getFirstPropertyValue('summary'),
    starts: String(each.getFirstPropertyValue('dtstart')),
  }));

test(
  'what was moved, renamed or cancelled is the same event, later in sequence',
  served(async ({ url }, api) => {
    const venue = await api.venue();
    const plan = { startsAt: '2027-06-01T10:00:00Z', endsAt: '2027-06-01T11:00:00Z' };
    const { id } = await api.noso({ venue: venue.id, ...plan }, false);
    const read = async () => {
      const response = await fetch(`${url}/api/nosos/${id}/calendar.ics`);
      assert.is(response.headers.get('content-type'), 'text/calendar; charset=utf-8');
      assert.is(response.headers.get('content-disposition'), `inline; filename="noso-${id}.ics"`);
      const [event] = eventsOf(await response.text());
      return event;
    };
    const uid = `${id}@noso`;
    const status = 'CONFIRMED';
    const first = { uid, sequence: 0, status, summary: 'Une heure pour rien' };
    assert.equal(await read(), { ...first, starts: '2027-06-01T12:00:00' });
    const path = `/api/nosos/${id}`;
    await api.own('PATCH', path, { title: 'Rien', startsAt: '2027-06-01T10:30:00Z' });
    await api.own('PATCH', path, { title: 'Rien' });
    const second = { ...first, sequence: 1, summary: 'Rien', starts: '2027-06-01T12:30:00' };
    assert.equal(await read(), second, 'what changes nothing is no amendment');
    await api.own('POST', `${path}/cancel`);
    assert.equal(await read(), { ...second, sequence: 2, status: 'CANCELLED' });
    assert.is((await fetch(`${url}/api/nosos/nothing/calendar.ics`)).status, 404);
  }),
);

test(
  'feeds by city and venue; the pages lead to them',
  served(async ({ url }, api) => {
    const lyon = await api.venue();
    const kyoto = await api.venue({ name: 'Sento', city: 'Kyōto', timeZone: 'Asia/Tokyo' });
    const a = await api.noso({ venue: lyon.id });
    const b = await api.noso({ venue: kyoto.id }, false);
    const ids = async (query: string) => {
      const response = await fetch(`${url}/api/calendar.ics${query}`);
      assert.is(response.status, 200, query);
      return eventsOf(await response.text()).map(({ uid }) => uid);
    };
    assert.equal((await ids('')).sort(), [`${a.id}@noso`, `${b.id}@noso`].sort());
    assert.equal(await ids('?city=lyon'), [`${a.id}@noso`]);
    assert.equal(await ids(`?city=${encodeURIComponent('kyōto')}`), [`${b.id}@noso`]);
    assert.equal(await ids(`?venue=${kyoto.id}`), [`${b.id}@noso`]);
    assert.equal(await ids('?city=Nowhere'), []);
    assert.is((await fetch(`${url}/api/calendar.ics?venue=nowhere`)).status, 404);
    const visitor = visitorOf(url, 'en');
    const webcal = url.replace('http:', 'webcal:');
    assert.match((await visitor.get('/')).html, `<a href="${webcal}/api/calendar.ics">`);
    const file = `<a href="/api/nosos/${b.id}/calendar.ics">Add to my calendar</a>`;
    assert.match((await visitor.get(`/n/${b.id}`)).html, file);

    // Every feed that a page leads to is one, and holds what it says.
    const led = async (path: string) => {
      const { html } = await visitor.get(path);
      const links = [...html.matchAll(/href="(webcal:[^"]+)"/g)].map(([, href]) => href as string);
      return links.map((href) => href.replaceAll('&amp;', '&').replace('webcal:', 'http:'));
    };
    const held = async (feed: string) =>
      eventsOf(await (await fetch(feed)).text()).map(({ uid }) => uid);
    const front = await led('/');
    assert.is(front.length, 3, 'two cities, and all');
    const each = await Promise.all(front.map(held));
    assert.equal(each.map((uids) => uids.length).sort(), [1, 1, 2]);
    const [venue = '', ...more] = await led(`/n/${b.id}`);
    assert.equal(more, []);
    assert.equal(await held(venue), [`${b.id}@noso`]);
  }),
);
