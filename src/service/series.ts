import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import { assertPlan, assertStart } from '../domain/noso.js';
import type { Engine, Series } from '../engine/engine.js';
import type * as wire from '../protocol/wire.js';
import { createEvenings } from './evenings.js';
import { newId } from './identity.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';
import { viewNoso } from './present.js';
import { assertRule } from './recurrence.js';
import { createSeriesPlanner } from './seriesPlanner.js';
import type { Writing } from './writing.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** What a series' NoSos have in common. */
type Template = Omit<Series, 'id' | 'made'>;
export type NewSeries = Template;
export type SeriesChanges = { [K in keyof Template]?: Template[K] | undefined };
export type Foreseen = Pick<Template, 'venue' | 'rule' | 'startsAt'>;
export type SeriesVerbs = ReturnType<typeof createSeries>;
type Planned = { id: string; nosos: wire.Noso[] };

const viewSeries = ({ made: _, startsAt, ...series }: Series): wire.Series => ({
  ...series,
  startsAt: iso(startsAt),
});

/**
 * Evenings that come again. The NoSos of the next 60 days exist as any other does, each under the date
 * that it is for; whichever somebody changed, cancelled or deleted by itself the series leaves alone.
 */
export function createSeries(deps: {
  engine: Pick<Engine, 'now' | 'save' | 'revise' | 'command' | 'reserve'>;
  clock: Pick<Clock, 'every'>;
  catalogue: Catalogue;
  writing: Writing;
  onError: (error: unknown) => void;
}) {
  const { engine, catalogue, writing } = deps;
  const evenings = createEvenings(deps);
  const { stop, look, reconcile, renew } = createSeriesPlanner({ ...deps, evenings });

  async function demand(id: string): Promise<Series> {
    if (!catalogue.series(id)) await catalogue.refresh();
    const series = catalogue.series(id);
    if (!series) throw new Refusal('not_found', 'no such series');
    return series;
  }

  async function assertTemplate(template: Template): Promise<void> {
    await writing.venue(template.venue, 'venue: no such venue');
    assertRule(template.rule);
    const { startsAt, minutes } = template;
    assertPlan({ ...template, endsAt: startsAt + minutes * MINUTE });
  }

  /** Its NoSos that are planned, soonest first. */
  async function nososOf({ id }: Series): Promise<wire.Noso[]> {
    const own = [...catalogue.nosos()].filter((noso) => noso.series === id);
    own.sort((a, b) => a.startsAt - b.startsAt);
    return Promise.all(
      own.map(async (noso) => viewNoso(noso, await writing.venue(noso.venue), null)),
    );
  }

  return {
    stop,
    look,

    async add(template: NewSeries): Promise<Planned> {
      assertStart(template.startsAt, engine.now());
      await assertTemplate(template);
      const series: Series = { ...template, id: newId(), made: [] };
      await writing.save('series', series);
      await reconcile(series.id);
      return { id: series.id, nosos: await nososOf(series) };
    },

    async list(): Promise<wire.Series[]> {
      await catalogue.refresh();
      return [...catalogue.allSeries()].sort((a, b) => a.startsAt - b.startsAt).map(viewSeries);
    },

    /** One series, and its evenings of the next 60 days. */
    async read(id: string): Promise<wire.Series & { evenings: wire.Evening[] }> {
      const series = await demand(id);
      return { ...viewSeries(series), evenings: evenings.view(series) };
    },

    /** The evenings of the next 60 days that a series would have. */
    async foresee({ venue, rule, startsAt }: Foreseen): Promise<wire.Evening[]> {
      const { timeZone } = await writing.venue(venue, 'venue: no such venue');
      assertStart(startsAt, engine.now());
      return [...evenings.wanted({ rule, startsAt }, timeZone).values()].map((each) => ({
        ...{ date: each.date, startsAt: iso(each.startsAt), follows: true },
      }));
    },

    /** An evening that was moved, skipped or changed is as its series is again. */
    async putBack(id: string, date: string): Promise<Planned> {
      const series = await demand(id);
      if (!evenings.wantedBy(series).has(date)) throw new Refusal('not_found', 'no such evening');
      const before = series.made.find((made) => made.date === date);
      const noso = before && catalogue.noso(before.noso);
      if (noso && noso.life.is !== 'scheduled' && noso.life.is !== 'cancelled') {
        throw new Refusal('conflict.state', `the NoSo is ${noso.life.is}`);
      }
      await engine.revise('series', id, (now) => {
        if (!now) throw new Refusal('not_found', 'no such series');
        const others = now.made.filter((made) => made.date !== date);
        // What is still planned follows from here on; what is not is planned anew.
        const own = before && noso?.life.is === 'scheduled';
        return {
          ...now,
          made: own ? [...others, { ...before, amended: noso.amended ?? 0 }] : others,
        };
      });
      await writing.wrote();
      await reconcile(id);
      return { id, nosos: await nososOf(series) };
    },

    async amend(id: string, sent: SeriesChanges): Promise<Planned> {
      const before = await demand(id);
      const changes = sent as Partial<Template>; // only what was sent is in it
      const { startsAt } = changes;
      if (startsAt !== undefined) {
        // Its first evening may be long past: its hour may change all the same.
        const asBefore = startsAt >= before.startsAt - DAY && startsAt < engine.now();
        if (!asBefore) assertStart(startsAt, engine.now());
      }
      await assertTemplate({ ...before, ...changes });
      await engine.revise('series', id, (now) => {
        if (!now) throw new Refusal('not_found', 'no such series');
        return { ...now, ...changes };
      });
      await writing.wrote();
      await reconcile(id);
      return { id, nosos: await nososOf(before) };
    },

    /** Those to come that nobody changed are cancelled. */
    async remove(id: string): Promise<void> {
      const series = await demand(id);
      await writing.remove('series', id);
      for (const made of series.made) await renew(series, made, undefined);
      await writing.wrote();
    },
  };
}
