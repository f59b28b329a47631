import { beganAt, type Headcount, type Noso, opensAt, type Venue } from '../domain/noso.js';
import { publicFigure, type Totals } from '../domain/record.js';
import type * as wire from '../protocol/wire.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';
import { utcOffset } from './zones.js';

/** Consoles are sent what is to come, what is on, and what ended less than this long ago. */
const RECENT = 24 * 3_600_000;

/** A venue, and for browsers that do not know its zone how far it is off UTC at `at`. */
export function viewVenue(venue: Venue, at: number): wire.Venue {
  const { id, name, city, timeZone, language, country, address } = venue;
  const view: wire.Venue = { id, name, city, timeZone, language };
  if (country !== undefined) view.country = country;
  if (address !== undefined) view.address = address;
  const offset = utcOffset(timeZone, at);
  if (offset !== undefined) view.utcOffset = offset;
  return view;
}

/** What everybody may know of how many came: null is "fewer than 10" (A6). */
export const aboutOf = ({ total }: Totals): number | null => publicFigure(total);

/** When people are to come in (ms). */
export const doorsAt = opensAt;

/**
 * A NoSo as the contract shows it; `count` is for organizers and walls alone, and `intents`, how
 * many mean to come, for organizers.
 */
export function viewNoso(
  noso: Noso,
  venue: Venue,
  count: number | null,
  intents?: number,
): wire.Noso {
  const { life } = noso;
  const view: wire.Noso = {
    id: noso.id,
    venue: viewVenue(venue, noso.startsAt),
    title: noso.title,
    startsAt: iso(noso.startsAt),
    endsAt: iso(noso.endsAt),
    state: life.is,
    capacity: noso.capacity,
    entry: noso.entry,
    show: noso.show,
    pocket: noso.pocket,
    veil: noso.veil,
    opens: noso.opens,
    gather: noso.gather,
    count: life.is === 'open' ? count : null,
  };
  if (intents !== undefined) view.intents = intents;
  if (noso.series !== undefined) view.series = noso.series;
  if ('openedAt' in life) view.openedAt = iso(life.openedAt);
  if (life.is === 'closed') view.about = aboutOf(life.totals);
  return view;
}

/** What consoles are sent: the NoSos that are not long over, by their hour. */
export function viewProgramme(
  catalogue: Pick<Catalogue, 'nosos' | 'venue'>,
  now: number,
  countOf: (noso: Noso) => number | null,
): wire.Programme {
  const nosos = [...catalogue.nosos()]
    .filter((noso) => noso.life.is === 'open' || noso.endsAt > now - RECENT)
    .sort((a, b) => a.startsAt - b.startsAt)
    .flatMap((noso) => {
      const venue = catalogue.venue(noso.venue);
      const { life } = noso;
      const intents = life.is === 'open' ? life.intents : undefined;
      return venue ? [viewNoso(noso, venue, countOf(noso), intents)] : [];
    });
  return { nosos, serverTime: now };
}

/** The record of a closed NoSo. */
export function viewRecord({ id, life }: Noso): wire.NosoRecord | null {
  return life.is === 'closed' ? viewTotals(id, life, life.totals) : null;
}

/** The record of one that was opened at `openedAt` as it would be, did it close now. */
export const viewRecordSoFar = (noso: Noso, openedAt: number, totals: Totals): wire.NosoRecord =>
  viewTotals(
    noso.id,
    {
      openedAt,
      beganAt: beganAt(noso, openedAt),
      closedAt: null,
      ...('headcounts' in noso.life ? { headcounts: noso.life.headcounts } : {}),
    },
    totals,
  );

const viewTotals = (
  noso: string,
  times: {
    openedAt: number;
    beganAt: number;
    closedAt: number | null;
    headcounts?: Headcount[] | undefined;
  },
  { peak, total, byHand = 0, personMinutes, series }: Totals,
): wire.NosoRecord => ({
  noso,
  openedAt: iso(times.openedAt),
  beganAt: iso(times.beganAt),
  closedAt: times.closedAt === null ? null : iso(times.closedAt),
  peak,
  total,
  byHand,
  personMinutes,
  series: series.map(({ at, count }) => ({ at: iso(at), count })),
  headcounts: (times.headcounts ?? []).map(({ at, count }) => ({ at: iso(at), count })),
});

/** When this NoSo's present state takes, or took, effect on screens (W7). */
export function effectiveAt(noso: Noso): number {
  return noso.life.is === 'scheduled' ? 0 : noso.life.effectiveAt;
}
