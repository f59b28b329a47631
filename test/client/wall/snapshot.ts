import type { Noso, Snapshot, Venue } from '../../../src/protocol/wire.js';

export const VENUE: Venue = {
  id: 'quais',
  name: 'Bibliothèque des Quais',
  city: 'Lyon',
  timeZone: 'Europe/Paris',
  language: 'fr',
};

/** A snapshot of an open NoSo of an hour that began ten minutes before `now`. */
export function snapshotAt(
  now: number,
  change: Partial<Snapshot> = {},
  noso: Partial<Noso> = {},
): Snapshot {
  return {
    venue: VENUE,
    noso: {
      id: 'noso',
      venue: VENUE,
      title: 'Une heure pour rien',
      startsAt: new Date(now - 600_000).toISOString(),
      endsAt: new Date(now + 3_000_000).toISOString(),
      state: 'open',
      capacity: null,
      entry: 'code',
      show: 'numbers',
      pocket: null,
      veil: 5,
      opens: 'schedule',
      count: 0,
      ...noso,
    },
    epoch: 1,
    seq: 0,
    count: 0,
    numbersSeq: 0,
    numbers: [],
    code: null,
    effectiveAt: 0,
    serverTime: now,
    ...change,
  };
}
