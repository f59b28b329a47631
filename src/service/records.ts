import type { Noso } from '../domain/noso.js';
import type * as wire from '../protocol/wire.js';
import { fold, isAfter, readCursor, writeCursor } from './listing.js';
import type { Catalogue } from './mirror.js';
import { viewRecord } from './present.js';
import { utcOffset } from './zones.js';

/** Records are long: a count a minute each. */
const PAGE = 20;
const MINUTE = 60_000;

/** Whose records somebody asks for. */
export type WantedRecords = {
  /** As the venue's calendar has it, when the NoSo was opened. */
  year?: number | undefined;
  venue?: string | undefined;
  city?: string | undefined;
  cursor?: string | undefined;
};

export type Records = ReturnType<typeof createRecords>;

/** What remains of closed NoSos, in the order of their openings. */
export function createRecords({ catalogue }: { catalogue: Catalogue }) {
  function isWanted(noso: Noso, openedAt: number, { year, venue, city }: WantedRecords): boolean {
    const place = catalogue.venue(noso.venue);
    if (!place || (venue !== undefined && noso.venue !== venue)) return false;
    if (city !== undefined && fold(place.city) !== fold(city)) return false;
    return year === undefined || year === yearIn(place.timeZone, openedAt);
  }

  return {
    list(wanted: WantedRecords): { records: wire.NosoRecord[]; next?: string } {
      const after = wanted.cursor === undefined ? null : readCursor(wanted.cursor);
      const all = [...catalogue.nosos()]
        .flatMap((noso) => {
          if (noso.life.is !== 'closed') return [];
          const place = { startsAt: noso.life.openedAt, id: noso.id };
          if (after !== null && !isAfter(place, after)) return [];
          return isWanted(noso, place.startsAt, wanted) ? [{ noso, ...place }] : [];
        })
        .sort((a, b) => a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1));
      const page = all.slice(0, PAGE);
      const last = page.at(-1);
      const records = page.flatMap(({ noso }) => viewRecord(noso) ?? []);
      return last && all.length > PAGE ? { records, next: writeCursor(last) } : { records };
    },
  };
}

/** UTC's where this machine does not know the zone: it is the nearest that can be said. */
const yearIn = (timeZone: string, at: number): number =>
  new Date(at + (utcOffset(timeZone, at) ?? 0) * MINUTE).getUTCFullYear();
