import type { Place } from '../../service/desk.js';

const DAY = 24 * 3_600_000;
/** What is over is shown this long … */
const PAST = 8 * DAY;
/** … and this many a city. */
const PAST_A_CITY = 2;
const AHEAD_A_CITY = 30;
const CITIES = 100;

export type City = { city: string; listed: Place[] };

/** Whether it is still to come, or on. */
const ahead = ({ noso }: Place, now: number) =>
  noso.life.is === 'open' || (noso.life.is !== 'closed' && noso.endsAt > now);

const startOf = (city: City, now: number): number => {
  const first = city.listed.find((each) => ahead(each, now));
  return first ? first.noso.startsAt : Number.POSITIVE_INFINITY;
};

/**
 * What is on, by city: the city whose next NoSo is the soonest first; in a city what is to come,
 * soonest first, then what was, latest first.
 */
export function programme(all: Iterable<Place>, now: number): City[] {
  const byCity = new Map<string, Place[]>();
  for (const each of all) {
    const past = each.noso.life.is === 'closed' && now - each.noso.life.closedAt < PAST;
    if (!past && !ahead(each, now)) continue;
    const { city } = each.venue;
    byCity.set(city, [...(byCity.get(city) ?? []), each]);
  }
  const cities = [...byCity].map(([city, listed]): City => {
    const coming = listed.filter((each) => ahead(each, now));
    const past = listed.filter((each) => !ahead(each, now));
    coming.sort((a, b) => a.noso.startsAt - b.noso.startsAt);
    past.sort((a, b) => b.noso.startsAt - a.noso.startsAt);
    return {
      city,
      listed: [...coming.slice(0, AHEAD_A_CITY), ...past.slice(0, PAST_A_CITY)],
    };
  });
  cities.sort((a, b) => startOf(a, now) - startOf(b, now) || a.city.localeCompare(b.city));
  return cities.slice(0, CITIES);
}
