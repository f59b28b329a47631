import { fileURLToPath } from 'node:url';
import ICAL from 'ical.js';
import * as assert from 'uvu/assert';
import type { Noso, Venue } from '../../src/domain/noso.js';
import { createCalendars } from '../../src/service/calendars.js';
import { readWords } from '../../src/service/dictionary.js';
import type { Catalogue } from '../../src/service/mirror.js';
import type { Writing } from '../../src/service/writing.js';
import { suite } from '../support/suite.js';

// Read by a parser of somebody else's, which goes by the VTIMEZONEs that are in the file.

const test = suite('calendars');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse('2026-11-26T12:00:00Z');

const places: Venue[] = [
  {
    id: 'lyon',
    name: 'Quais; rive, gauche',
    city: 'Lyon',
    timeZone: 'Europe/Paris',
    language: 'fr',
  },
  { id: 'santiago', name: 'Sol', city: 'Santiago', timeZone: 'America/Santiago', language: 'en' },
  { id: 'lord', name: 'Ned’s', city: 'Howe', timeZone: 'Australia/Lord_Howe', language: 'en' },
];

const planned = (id: string, venue: string, startsAt: number, more: Partial<Noso> = {}): Noso =>
  ({
    ...{ id, venue, title: id, startsAt, endsAt: startsAt + HOUR, life: { is: 'scheduled' } },
    ...more,
  }) as Noso;

async function calendarsOf(nosos: Noso[]) {
  const words = await readWords(fileURLToPath(new URL('../../client/words', import.meta.url)));
  const venue = (id: string) => places.find((place) => place.id === id);
  const catalogue = { nosos: () => nosos, venue } as unknown as Catalogue;
  const writing = {
    now: () => NOW,
    venue: async (id: string) => venue(id),
    noso: async (id: string) => nosos.find((noso) => noso.id === id),
  } as unknown as Writing;
  return createCalendars({ catalogue, writing, words, publicUrl: () => 'https://noso.example' });
}

function parsed(text: string) {
  const root = new ICAL.Component(ICAL.parse(text));
  const zones = new Map(
    root.getAllSubcomponents('vtimezone').map((each) => {
      const zone = new ICAL.Timezone(each);
      return [zone.tzid, zone];
    }),
  );
  const events = root.getAllSubcomponents('vevent').map((each) => {
    const event = new ICAL.Event(each);
    const at = (time: ICAL.Time, name: string) => {
      const tzid = each.getFirstProperty(name)?.getFirstParameter('tzid');
      if (!tzid) return time.toUnixTime() * 1000;
      const zone = zones.get(tzid);
      if (!zone) throw new Error(`no VTIMEZONE for ${tzid}`);
      return atIn(time, zone);
    };
    return {
      uid: event.uid,
      startsAt: at(event.startDate, 'dtstart'),
      endsAt: at(event.endDate, 'dtend'),
      summary: event.summary,
      location: event.location,
      description: event.description,
      sequence: event.sequence,
      status: each.getFirstPropertyValue('status'),
      url: each.getFirstPropertyValue('url'),
    };
  });
  return { root, events, zones };
}

/** A time of a zone, in ms. */
function atIn(time: ICAL.Time, zone: ICAL.Timezone): number {
  const there = time.clone();
  there.zone = zone;
  return there.toUnixTime() * 1000;
}

test('every hour of three zones’ changing days over a year and a half is the instant that it was', async () => {
  const days = ['2026-12-27', '2027-03-28', '2027-10-31'] // Lyon
    .concat(['2027-04-04', '2027-09-05']) // Santiago
    .concat(['2027-10-03', '2028-04-02']); // Lord Howe: half an hour
  const nosos = places.flatMap(({ id }) =>
    days.flatMap((day) =>
      Array.from({ length: 48 }, (_, k) =>
        planned(`${id} ${day} ${k}`, id, Date.parse(`${day}T00:00:00Z`) + (k - 12) * HOUR),
      ),
    ),
  );
  const { text } = await (await calendarsOf(nosos)).list({});
  const { events } = parsed(text);
  assert.is(events.length, 1000, 'the latest thousand');
  const instants = new Map(events.map(({ uid, ...event }) => [uid, event]));
  for (const { id, startsAt, endsAt } of nosos.filter(({ id }) => instants.has(`${id}@noso`))) {
    const { startsAt: from, endsAt: to } = instants.get(`${id}@noso`) ?? {};
    assert.equal([from, to], [startsAt, endsAt], id);
  }
});

test('a feed: who is asked for, what is over a month at most, refreshed each hour', async () => {
  const nosos = [
    planned('long ago', 'lyon', NOW - 40 * DAY),
    planned('past', 'lyon', NOW - 3 * DAY),
    planned('next', 'lyon', NOW + DAY),
    planned('far', 'santiago', NOW + 200 * DAY),
  ];
  const calendars = await calendarsOf(nosos);
  const ids = async (wanted: object) =>
    parsed((await calendars.list(wanted)).text).events.map(({ uid }) => uid);
  assert.equal(await ids({}), ['past@noso', 'next@noso', 'far@noso']);
  assert.equal(await ids({ city: 'LYON' }), ['past@noso', 'next@noso']);
  assert.equal(await ids({ venue: 'santiago' }), ['far@noso']);
  const { text } = await calendars.list({ city: 'Lyon' });
  const { root } = parsed(text);
  assert.is(root.getFirstPropertyValue('name'), 'NoSo Lyon');
  assert.is(String(root.getFirstPropertyValue('refresh-interval')), 'PT1H');
  assert.is(
    root.getFirstPropertyValue('source'),
    'https://noso.example/api/calendar.ics?city=Lyon',
  );
  assert.is(root.getFirstPropertyValue('version'), '2.0');
  const nothing = parsed((await calendars.list({ city: 'Nowhere' })).text);
  assert.is(nothing.events.length, 0);
  assert.is(nothing.zones.size, 1, 'a calendar has one component at least');
});

test('texts come back as they were, in lines of 75 octets at most', async () => {
  const title = 'Une heure; pour rien, \\ и тишина 𝄽 '.repeat(4).trim();
  const cancelled = { is: 'cancelled', cancelledAt: NOW, effectiveAt: NOW } as const;
  const noso = planned('a', 'lyon', NOW + DAY, { title, amended: 3, life: cancelled });
  const { text, name } = await (await calendarsOf([noso])).one('a');
  assert.is(name, 'noso-a.ics');
  const [event] = parsed(text).events;
  assert.is(event?.summary, title);
  assert.is(event?.location, 'Quais; rive, gauche, Lyon');
  assert.match(
    event?.description ?? '',
    /^ni appel, ni .*l’inconnu\.\nhttps:\/\/noso.example\/n\/a$/,
  );
  assert.equal([event?.uid, event?.sequence, event?.status], ['a@noso', 3, 'CANCELLED']);
  assert.is(event?.url, 'https://noso.example/n/a');
  assert.ok(text.endsWith('END:VCALENDAR\r\n'));
  for (const line of text.split('\r\n')) {
    assert.ok(Buffer.byteLength(line) <= 75, line);
    assert.not.match(line, /\n|\ufffd/);
  }
});

test('F9 a zone that this machine does not know is said in UTC', async () => {
  places.push({ ...(places[0] as Venue), id: 'nowhere', timeZone: 'Middle/Earth' });
  const { text } = await (await calendarsOf([planned('a', 'nowhere', NOW + DAY)])).one('a');
  const { events, zones } = parsed(text);
  assert.is(zones.size, 0);
  assert.is(events[0]?.startsAt, NOW + DAY);
});

test('F9 what is over stays in a feed for thirty days, whoever’s clock it is by', async () => {
  const ended = (id: string, ago: number) => planned(id, 'lyon', NOW - 30 * DAY - HOUR - ago);
  const calendars = await calendarsOf([ended('just', 0), ended('not any more', 1)]);
  const { events } = parsed((await calendars.list({})).text);
  assert.equal(
    events.map(({ uid, sequence }) => [uid, sequence]),
    [['just@noso', 0]],
  );
});

test('a feed’s address is the one that was asked, its name that of the city as it is written there', async () => {
  const calendars = await calendarsOf([
    planned('a', 'lyon', NOW + DAY),
    planned('b', 'santiago', NOW + 2 * DAY),
  ]);
  const said = async (wanted: object) => {
    const { root } = parsed((await calendars.list(wanted)).text);
    const [name, source] = ['name', 'source'].map((each) => root.getFirstPropertyValue(each));
    return [name, String(source).replace('https://noso.example/api/calendar.ics', '')];
  };
  assert.equal(await said({}), ['NoSo', '']);
  assert.equal(await said({ city: 'LYON' }), ['NoSo Lyon', '?city=LYON']);
  assert.equal(await said({ city: 'nowhere' }), ['NoSo nowhere', '?city=nowhere']);
  assert.equal(await said({ venue: 'santiago' }), ['NoSo Sol', '?venue=santiago']);
});

test('a venue whose language has no words has the first there is', async () => {
  places.push({ ...(places[0] as Venue), id: 'wien', language: 'de' });
  const { text } = await (await calendarsOf([planned('a', 'wien', NOW + DAY)])).one('a');
  assert.match(parsed(text).events[0]?.description ?? '', /^no call, no /);
});
