import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import type { TestApi } from '../support/api.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { standing, visitorOf } from '../support/visitor.js';

const test = suite('the page of one NoSo');

const ROOM = { name: 'Bibliothèque <des> Quais', address: '4, quai des Brumes, 69002 Lyon' };
const APPLE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)';

/** A NoSo of an hour, on the day before summer time ends where it is. */
async function planned(api: TestApi, fields: object = {}): Promise<Noso> {
  const venue = await api.venue(ROOM);
  return api.noso(
    {
      ...{ venue: venue.id, title: 'Une heure & rien', capacity: 200 },
      ...{ startsAt: '2027-10-30T12:30:00Z', endsAt: '2027-10-30T13:30:00Z', ...fields },
    },
    false,
  );
}
const ldOf = (html: string) =>
  JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(html)?.[1] ?? '');
const metaOf = (html: string, name: string) =>
  new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)"`).exec(html)?.[1];

test(
  'when, where and what to do, in both languages; the public page leads there',
  served(async ({ url }, api) => {
    const { id } = await planned(api);
    const fr = visitorOf(url, 'fr');
    const { status, html, headers } = await fr.get(`/n/${id}`);
    assert.is(status, 200);
    assert.match((await fr.get('/')).html, `<a href="/n/${id}">Une heure &amp; rien</a>`);
    for (const said of [
      'samedi 30 octobre 2027, de 14 h 30 à 15 h 30',
      'Bibliothèque &lt;des&gt; Quais, Lyon',
      'heure de Lyon',
      'On entre dès 14 h 15. ',
      'ni appel, ni message, ni musique, ni film, ni jeu, ni courriel, ni mot, ',
      '200 au plus.',
      '>Toutes les villes</a>',
    ]) {
      assert.match(html.replaceAll('\u00a0', ' '), said);
    }
    assert.not.match(standing(html), 'On entre. Le code est au mur.');
    assert.match(headers.get('cache-control') ?? '', 'no-store');
    const english = (await visitorOf(url, 'en').get(`/n/${id}`)).html;
    assert.match(english, 'Saturday 30 October 2027, 14:30 to 15:30');
    assert.is((await fr.get('/n/nothing')).status, 404);
    assert.is((await fr.get('/n/nothing/picture.png')).status, 404);
  }),
);

test(
  'its address opens in the reader’s own maps, and nobody else’s',
  served(async ({ url }, api) => {
    const { id } = await planned(api);
    const query = encodeURIComponent(ROOM.address);
    const visitor = visitorOf(url);
    assert.match((await visitor.get(`/n/${id}`)).html, `href="geo:0,0?q=${query}"`);
    const { html } = await visitor.get(`/n/${id}`, { 'user-agent': APPLE });
    assert.match(html, `href="maps:?q=${query}"`);
  }),
);

test(
  'what programs read of it: an Event in its own hours, a description, one address, a picture',
  served(async ({ url }, api) => {
    const { id } = await planned(api, { title: '</script><b>', endsAt: '2027-10-31T12:00:00Z' });
    const { html } = await visitorOf(url, 'fr').get(`/n/${id}?lang=fr`);
    const event = ldOf(html);
    assert.is(event['@type'], 'Event');
    assert.is(event.name, '</script><b>');
    assert.is(event.startDate, '2027-10-30T14:30:00+02:00');
    assert.is(event.endDate, '2027-10-31T13:00:00+01:00', 'summer time is over');
    assert.is(event.eventStatus, 'https://schema.org/EventScheduled');
    assert.is(event.maximumAttendeeCapacity, 200);
    assert.is(event.location.name, ROOM.name);
    assert.is(event.location.address.addressLocality, 'Lyon');
    assert.match(html, `<link rel="canonical" href="${url}/n/${id}">`);
    assert.match(metaOf(html, 'description') ?? '', 'samedi 30 octobre 2027');
    assert.is(metaOf(html, 'og:url'), `${url}/n/${id}`);
    const picture = metaOf(html, 'og:image') ?? '';
    const response = await fetch(picture);
    assert.is(response.headers.get('content-type'), 'image/png');
    const bytes = Buffer.from(await response.arrayBuffer());
    assert.ok(bytes.length < 40_000, `${bytes.length} bytes`);
    assert.equal([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [1200, 630]);
    await api.own('POST', `/api/nosos/${id}/cancel`);
    const cancelled = (await visitorOf(url, 'fr').get(`/n/${id}`)).html;
    assert.is(ldOf(cancelled).eventStatus, 'https://schema.org/EventCancelled');
    assert.match(standing(cancelled), 'Le silence est remis à plus tard.');
  }),
);

test(
  'A6 open it says where the code is and nothing of how many; past it is rounded',
  served(async ({ url }, api) => {
    const noso = await api.noso();
    for (let k = 0; k < 9; k += 1) await api.enter(noso.id);
    const visitor = visitorOf(url, 'en');
    const open = standing((await visitor.get(`/n/${noso.id}`)).html);
    assert.match(open, 'Doors are open. The code is on the wall.');
    assert.not.match(open, /\b9\b/);
    assert.not.match(open, 'refresh');
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    const past = standing((await visitor.get(`/n/${noso.id}`)).html);
    assert.match(past, 'over, fewer than 10');
    assert.not.match((await visitor.get('/')).html, `/n/${noso.id}`);
  }),
);

test(
  'without a script it looks again by itself, from an hour before on',
  served(async ({ url }, api) => {
    const visitor = visitorOf(url);
    const { venue } = await planned(api);
    const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
    const soon = { venue: venue.id, startsAt: inMs(1_800_000), endsAt: inMs(3_600_000) };
    const near = await api.noso(soon, false);
    const far = await planned(api);
    const again = '<noscript><meta http-equiv="refresh" content="60"></noscript>';
    assert.match((await visitor.get(`/n/${near.id}`)).html, again);
    assert.not.match((await visitor.get(`/n/${far.id}`)).html, again);
  }),
);
