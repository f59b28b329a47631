import type { Noso, Venue } from '../domain/noso.js';
import { calendar, component, type Line, text } from './icalendar.js';
import { fold } from './listing.js';
import type { Catalogue } from './mirror.js';
import { clockText, isTwice, timeZoneFor } from './observances.js';
import type { Words } from './words.js';
import type { Writing } from './writing.js';
import { utcOffset } from './zones.js';

const DAY = 86_400_000;
/** What is over stays in a feed this long, so that whoever imported it late has it as it was. */
const PAST = 30 * DAY;
const MOST = 1000;

/** Whose calendar somebody asks for. */
export type WantedCalendar = { city?: string | undefined; venue?: string | undefined };

/** A calendar, and what to call its file. */
export type CalendarFile = { name: string; text: string };

type Listed = { noso: Noso; venue: Venue };
export type Calendars = ReturnType<typeof createCalendars>;

/** NoSos as people's own calendars read them. */
export function createCalendars(deps: {
  catalogue: Catalogue;
  writing: Pick<Writing, 'noso' | 'venue' | 'now'>;
  words: ReadonlyMap<string, Words>;
  publicUrl: () => string;
}) {
  const { catalogue, writing, publicUrl } = deps;
  const wordsOf = (venue: Venue): Words =>
    deps.words.get(venue.language) ?? ([...deps.words.values()][0] as Words);

  /** What is to be put away, in the venue's language. */
  function notsOf(venue: Venue): string {
    const { phone } = wordsOf(venue);
    const nots = Object.values(phone.nots).map((each) => `${phone.not} ${each}`);
    return `${[...nots, phone.toNobody].join(', ')}.`;
  }

  function event({ noso, venue }: Listed, zoned: boolean): string {
    const { timeZone } = venue;
    // An hour that a clock shows twice is read now as the one, now as the other.
    const twice = isTwice(timeZone, noso.startsAt) || isTwice(timeZone, noso.endsAt);
    const moment = (name: string, at: number): Line => {
      const offset = zoned && !twice ? utcOffset(timeZone, at) : undefined;
      return offset === undefined
        ? [name, `${clockText(at, 0)}Z`]
        : [`${name};TZID=${timeZone}`, clockText(at, offset)];
    };
    const url = `${publicUrl()}/n/${noso.id}`;
    const { address = '', city } = venue;
    const said = address.toLowerCase().includes(city.toLowerCase());
    const place = [venue.name, address, said ? '' : city].filter((each) => each !== '');
    return component('VEVENT', [
      // The id is drawn at random and unlike any other's; where the server is may change.
      ['UID', `${noso.id}@noso`],
      ['DTSTAMP', `${clockText(writing.now(), 0)}Z`],
      ['SEQUENCE', String(noso.amended ?? 0)],
      ['STATUS', noso.life.is === 'cancelled' ? 'CANCELLED' : 'CONFIRMED'],
      moment('DTSTART', noso.startsAt),
      moment('DTEND', noso.endsAt),
      ['SUMMARY', text(noso.title)],
      ['LOCATION', text(place.join(', '))],
      ['DESCRIPTION', text(`${notsOf(venue)}\n${url}`)],
      ['URL', url],
    ]);
  }

  function write(name: string, listed: Listed[], source: string, fallback: string): string {
    const spans = new Map<string, { first: number; last: number }>();
    const now = writing.now();
    // A calendar is of one component at least (3.4), be it the zone in which nothing is planned.
    if (listed.length === 0) spans.set(fallback, { first: now, last: now });
    for (const { noso, venue } of listed) {
      const { first, last } = spans.get(venue.timeZone) ?? { first: now, last: now };
      spans.set(venue.timeZone, {
        first: Math.min(first, noso.startsAt),
        last: Math.max(last, noso.endsAt),
      });
    }
    const zones = new Map(
      [...spans].map(([zone, { first, last }]) => [zone, timeZoneFor(zone, first, last)]),
    );
    const known = [...zones.values()].filter((each) => each !== null);
    const events = listed.map((each) => event(each, Boolean(zones.get(each.venue.timeZone))));
    return calendar(
      [
        ['NAME', text(name)],
        ['X-WR-CALNAME', text(name)],
        ['SOURCE;VALUE=URI', source],
        ['REFRESH-INTERVAL;VALUE=DURATION', 'PT1H'],
        ['X-PUBLISHED-TTL', 'PT1H'],
      ],
      [...known, ...events],
    );
  }

  return {
    async one(id: string): Promise<CalendarFile> {
      const noso = await writing.noso(id);
      const venue = await writing.venue(noso.venue);
      const source = `${publicUrl()}/api/nosos/${id}/calendar.ics`;
      return {
        name: `noso-${id}.ics`,
        text: write(noso.title, [{ noso, venue }], source, venue.timeZone),
      };
    },

    async list({ city, venue }: WantedCalendar): Promise<CalendarFile> {
      const place = venue === undefined ? null : await writing.venue(venue);
      const since = writing.now() - PAST;
      const listed = [...catalogue.nosos()]
        .flatMap((noso): Listed[] => {
          const at = catalogue.venue(noso.venue);
          if (!at || noso.endsAt < since || (place && place.id !== at.id)) return [];
          return city === undefined || fold(city) === fold(at.city) ? [{ noso, venue: at }] : [];
        })
        .sort((a, b) => b.noso.startsAt - a.noso.startsAt)
        .slice(0, MOST)
        .reverse();
      const called = place?.name ?? listed[0]?.venue.city ?? city;
      const name = place || city !== undefined ? `NoSo ${called}` : 'NoSo';
      const query = new URLSearchParams();
      if (city !== undefined) query.set('city', city);
      if (venue !== undefined) query.set('venue', venue);
      const asked = query.size > 0 ? `?${query}` : '';
      const source = `${publicUrl()}/api/calendar.ics${asked}`;
      return { name: 'noso.ics', text: write(name, listed, source, place?.timeZone ?? 'Etc/UTC') };
    },
  };
}
