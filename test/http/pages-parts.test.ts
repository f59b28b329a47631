import type { IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import type { Noso, Venue } from '../../src/domain/noso.js';
import { createAddressOf } from '../../src/http/address.js';
import { duration, moment } from '../../src/http/pages/dates.js';
import { Html, html, json, sayHtml } from '../../src/http/pages/html.js';
import { programme } from '../../src/http/pages/programme.js';
import { readWords } from '../../src/service/dictionary.js';
import type { Words } from '../../src/service/words.js';
import { hourInColumn, hourInProse } from '../../src/service/words.js';
import { utcOffset } from '../../src/service/zones.js';
import { suite } from '../support/suite.js';

const test = suite('what the pages are made of');
const all = readWords(fileURLToPath(new URL('../../client/words', import.meta.url)));
const tongue = async (language: string) => ({
  language,
  words: (await all).get(language) as Words,
});
const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

test('F4 whatever comes in is escaped, in elements and in attributes', () => {
  const nasty = `<script>"'&`;
  const safe = '&lt;script&gt;&quot;&#39;&amp;';
  assert.is(String(html`<a title="${nasty}">${nasty}</a>`), `<a title="${safe}">${safe}</a>`);
  assert.is(String(html`${[html`<b>`, nasty]}${null}${false}${0}`), `<b>${safe}0`);
  const said = sayHtml('fr', 'de {a} à {b} <', { a: nasty, b: new Html('<i>') });
  assert.is(String(said), `de ${safe} à <i> &lt;`);
  assert.not.match(String(json({ title: '</script>' })), '</script>');
});

test('hours, days and durations in words, in both languages', async () => {
  const fr = await tongue('fr');
  const en = await tongue('en');
  const at = Date.parse('2026-11-22T13:30:00+01:00');
  const zone = 'Europe/Paris';
  const now = at - 10 * MINUTE;
  assert.is(moment(fr, zone, at, now), 'aujourd’hui 13:30');
  assert.is(moment(en, zone, at, now), 'today 13:30');
  assert.is(moment(fr, zone, at + DAY, now), 'lundi 23, 13:30');
  assert.is(moment(en, zone, at + DAY, now), 'Monday 23, 13:30');
  assert.is(moment(en, zone, at - DAY, now), 'Saturday 21, 13:30');
  assert.is(moment(fr, zone, at + 40 * DAY, now), 'vendredi 1 janvier, 13:30');
  assert.is(moment(fr, 'Asia/Tokyo', at + 4 * 60 * MINUTE, now), 'lundi 23, 01:30');
  const long = (minutes: number) => [
    duration(fr, minutes * MINUTE),
    duration(en, minutes * MINUTE),
  ];
  assert.equal(long(15), ['un quart d’heure', 'a quarter of an hour']);
  assert.equal(long(1), ['1 minute', '1 minute']);
  assert.equal(long(40), ['40 minutes', '40 minutes']);
  assert.equal(long(60), ['une heure', 'an hour']);
  assert.equal(long(120), ['2 heures', '2 hours']);
  assert.equal(long(150), ['2\u00a0h\u00a030', '2 h 30']);
});

test('the programme: the city of the soonest first, then what is over, and no more than that', () => {
  const now = 100 * DAY;
  const venue = (city: string): Venue => ({
    id: city,
    name: city,
    city,
    timeZone: 'UTC',
    language: 'en',
  });
  const noso = (title: string, startsAt: number, life: Noso['life']) =>
    ({ id: title, title, startsAt, endsAt: startsAt + 30 * MINUTE, life }) as Noso;
  const scheduled = { is: 'scheduled' } as const;
  const closed = (closedAt: number) => ({ is: 'closed', closedAt }) as Noso['life'];
  const listed = [
    { venue: venue('Rennes'), noso: noso('over', now - DAY, closed(now - DAY)) },
    { venue: venue('Rennes'), noso: noso('next week', now + 7 * DAY, scheduled) },
    { venue: venue('Brest'), noso: noso('long over', now - 9 * DAY, closed(now - 9 * DAY)) },
    { venue: venue('Nantes'), noso: noso('just over', now - DAY, closed(now - DAY)) },
    { venue: venue('Lyon'), noso: noso('tonight', now + MINUTE, scheduled) },
    { venue: venue('Lyon'), noso: noso('on', now - MINUTE, { is: 'open' } as Noso['life']) },
    {
      venue: venue('Metz'),
      noso: noso('gone', now - DAY, { is: 'cancelled' } as Noso['life']),
    },
  ];
  const shown = programme(listed, now).map(({ city, listed }) => [
    city,
    ...listed.map(({ noso }) => noso.title),
  ]);
  assert.equal(shown, [
    ['Lyon', 'on', 'tonight'],
    ['Rennes', 'next week', 'over'],
    ['Nantes', 'just over'],
  ]);
});

test('F9 an hour in a zone that nobody here knows is said by its offset, or as UTC', async () => {
  const { words } = await tongue('fr');
  const at = Date.parse('2026-11-22T13:30:00Z');
  const nowhere = 'Nowhere/None';
  assert.is(hourInColumn(nowhere, at), '13:30\u00a0UTC');
  assert.is(hourInProse(words.time, nowhere, at), '13:30\u00a0UTC');
  const told = { timeZone: nowhere, utcOffset: -210 };
  assert.is(hourInColumn(told, at), '10:00');
  assert.is(hourInProse(words.time, { ...told, utcOffset: 60 }, at), '14\u00a0h\u00a030');
  assert.is(hourInColumn({ timeZone: 'Europe/Paris', utcOffset: -210 }, at), '14:30');
  assert.is(utcOffset('Europe/Paris', at), 60);
  assert.is(utcOffset('Europe/Paris', at - 150 * DAY), 120);
  assert.is(utcOffset('Asia/Kolkata', at), 330);
  assert.is(utcOffset('America/St_Johns', at), -210);
  assert.is(utcOffset('UTC', at), 0);
  assert.is(utcOffset(nowhere, at), undefined);
  assert.match(moment(await tongue('fr'), nowhere, at + DAY, at), /^lundi 23, 13:30.UTC$/);
});

test('F6 F1 a guess whose connection is gone by its turn is of no address, and is no fault', () => {
  for (const trust of [null, true, 1, 'loopback']) {
    const addressOf = createAddressOf(trust);
    const of = (socket: object | null) => ({ socket, headers: {} }) as unknown as IncomingMessage;
    assert.is(addressOf(of({ remoteAddress: '127.0.0.9' })), '127.0.0.9');
    assert.is(addressOf(of(null)), '');
  }
});
