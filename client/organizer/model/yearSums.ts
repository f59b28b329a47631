import type { Noso, NosoRecord, Venue } from '../../../src/protocol/wire.js';

/** A record beside the NoSo that it is of. */
export type Past = { noso: Noso; record: NosoRecord };

export type Sum = {
  nosos: number;
  /** The highest count of any of them. */
  peak: number;
  total: number;
  personMinutes: number;
};
export type CitySums = { city: string; sum: Sum; venues: { venue: Venue; sum: Sum }[] };

export function sumOf(pasts: readonly Past[]): Sum {
  const add = (of: (past: Past) => number) => pasts.reduce((sum, past) => sum + of(past), 0);
  return {
    nosos: pasts.length,
    peak: pasts.reduce((most, { record }) => Math.max(most, record.peak), 0),
    total: add(({ record }) => record.total),
    personMinutes: add(({ record }) => record.personMinutes),
  };
}

function grouped<T>(items: readonly T[], key: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

/** Sums by city, and in each by venue, in the order of their names. */
export function sumsByCity(pasts: readonly Past[], locale: string): CitySums[] {
  const { compare } = new Intl.Collator(locale);
  return grouped(pasts, ({ noso }) => noso.venue.city)
    .map((ofCity) => ({
      city: ofCity[0].noso.venue.city,
      sum: sumOf(ofCity),
      venues: grouped(ofCity, ({ noso }) => noso.venue.id)
        .map((ofVenue) => ({ venue: ofVenue[0].noso.venue, sum: sumOf(ofVenue) }))
        .sort((a, b) => compare(a.venue.name, b.venue.name)),
    }))
    .sort((a, b) => compare(a.city, b.city));
}
