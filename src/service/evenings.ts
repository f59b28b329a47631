import { createHash } from 'node:crypto';
import type { Noso, Plan } from '../domain/noso.js';
import type { Engine, Made, Series } from '../engine/engine.js';
import type * as wire from '../protocol/wire.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';
import { type Occurrence, occurrences } from './recurrence.js';

const MINUTE = 60_000;
/** NoSos of so long a time to come exist. */
const AHEAD = 60 * 1440 * MINUTE;

export type Evenings = ReturnType<typeof createEvenings>;

/** What a series wants of the 60 days to come, and what became of it. Nothing is written here. */
export function createEvenings(deps: {
  engine: Pick<Engine, 'now'>;
  catalogue: Pick<Catalogue, 'venue' | 'noso'>;
}) {
  const { engine, catalogue } = deps;

  /** The evenings of a rule, by their dates. */
  function wanted(of: { rule: string; startsAt: number }, timeZone: string) {
    const now = engine.now();
    const all = occurrences({ rule: of.rule, startsAt: of.startsAt, timeZone }, now, now + AHEAD);
    return new Map<string, Occurrence>(all.map((each) => [each.date, each]));
  }

  /** Those of a series; none where its venue is gone. */
  function wantedBy(series: Series): Map<string, Occurrence> {
    const venue = catalogue.venue(series.venue);
    return venue ? wanted(series, venue.timeZone) : new Map();
  }

  /** What was planned for a date, as long as nobody changed, opened, cancelled or deleted it. */
  function ownOf(made: Made): Noso | null {
    const noso = catalogue.noso(made.noso);
    const own = noso?.life.is === 'scheduled' && (noso.amended ?? 0) === made.amended;
    return own ? (noso as Noso) : null;
  }

  return {
    wanted,
    wantedBy,
    ownOf,

    /** A NoSo as the series plans it. */
    planFor(series: Series, { startsAt }: Occurrence): Plan {
      const { venue, title, capacity, entry, show, pocket, veil, opens, gather, minutes } = series;
      const endsAt = startsAt + minutes * MINUTE;
      return { venue, title, capacity, entry, show, pocket, veil, opens, gather, startsAt, endsAt };
    },

    /**
     * What is planned for a date is of one id, whoever plans it and however often; of another one
     * where what bore that was cancelled.
     */
    idFor(series: Series, date: string): string {
      for (let k = 0; ; k += 1) {
        const seed = k === 0 ? `${series.id} ${date}` : `${series.id} ${date} ${k}`;
        const id = createHash('sha256').update(seed).digest('base64url').slice(0, 12);
        if (catalogue.noso(id)?.life.is !== 'cancelled') return id;
      }
    },

    /** Each evening by its rule, with the NoSo that there is for it. */
    view(series: Series): wire.Evening[] {
      const known = new Map(series.made.map((made) => [made.date, made]));
      return [...wantedBy(series).values()].map(({ date, startsAt }) => {
        const made = known.get(date);
        const noso = made && catalogue.noso(made.noso);
        return {
          ...{ date, startsAt: iso(startsAt) },
          ...(noso ? { noso: noso.id } : {}),
          follows: made === undefined || ownOf(made) !== null,
        };
      });
    },
  };
}
