import { createHash } from 'node:crypto';
import type { Clock, Stop } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import { assertPlan, assertStart, type Noso } from '../domain/noso.js';
import type { Engine, Made, Series } from '../engine/engine.js';
import type * as wire from '../protocol/wire.js';
import { newId } from './identity.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';
import { viewNoso } from './present.js';
import { assertRule, type Occurrence, occurrences } from './recurrence.js';
import type { Writing } from './writing.js';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** NoSos of the time to come that exist. */
const AHEAD = 60 * DAY;
/** How long what was planned for a date is remembered after it. */
const PAST = 2 * DAY;
/** How often it is looked what is to be planned. */
const LOOK = MINUTE;
/** One node plans a series at a time, and has so long for it; it stops well before, in ms. */
const TURN = 30_000;
const MARGIN = 10_000;

/** What a series' NoSos have in common. */
type Template = Omit<Series, 'id' | 'made'>;
export type NewSeries = Template;
export type SeriesChanges = { [K in keyof Template]?: Template[K] | undefined };
export type SeriesVerbs = ReturnType<typeof createSeries>;

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
  const { engine, catalogue, writing, onError } = deps;
  const node = newId();
  let busy = false;

  /** Until when this node may plan this series; null: another does. */
  async function turnOf(id: string): Promise<number | null> {
    const until = engine.now() + TURN;
    const held = await engine.reserve(`series.${id}`, `${node} ${until}`, until);
    const [holder, end] = held.split(' ');
    return holder === node ? Number(end) - MARGIN : null;
  }

  function wantedOf(series: Series): Map<string, Occurrence> {
    const venue = catalogue.venue(series.venue);
    if (!venue) return new Map();
    const now = engine.now();
    const all = occurrences({ ...series, timeZone: venue.timeZone }, now, now + AHEAD);
    return new Map(all.map((each) => [each.date, each]));
  }

  const planFor = (series: Series, { startsAt }: Occurrence) => {
    const { venue, title, capacity, entry, show, pocket, veil, opens, gather, minutes } = series;
    const endsAt = startsAt + minutes * MINUTE;
    return { venue, title, capacity, entry, show, pocket, veil, opens, gather, startsAt, endsAt };
  };

  /** What is planned for a date is of one id, whoever plans it and however often. */
  const idFor = (series: Series, date: string): string =>
    createHash('sha256').update(`${series.id} ${date}`).digest('base64url').slice(0, 12);

  /** Plans what is not there yet. */
  async function add(series: Series, occurrence: Occurrence): Promise<Made> {
    const { date } = occurrence;
    const id = idFor(series, date);
    if (!catalogue.noso(id)) {
      const plan = planFor(series, occurrence);
      const noso: Noso = { ...plan, id, series: series.id, life: { is: 'scheduled' } };
      await engine.save('noso', id, noso);
    }
    return { date, noso: id, amended: 0 };
  }

  /** Brings what is planned, and was left as it was planned, to what the series is now. */
  async function renew(series: Series, made: Made, wanted: Occurrence | undefined): Promise<Made> {
    const noso = catalogue.noso(made.noso);
    const own = noso?.life.is === 'scheduled' && (noso.amended ?? 0) === made.amended;
    if (!noso || !own || noso.startsAt <= engine.now()) return made;
    try {
      if (!wanted) {
        await engine.command(noso.id, { do: 'cancel', by: 'organizer' });
        return made;
      }
      const plan = planFor(series, wanted);
      const fields = Object.keys(plan) as (keyof typeof plan)[];
      if (fields.every((field) => plan[field] === noso[field])) return made;
      const next = await engine.command(noso.id, { do: 'amend', changes: plan });
      return { ...made, amended: next.amended ?? 0 };
    } catch (error) {
      // Opened, cancelled or deleted meanwhile: it is somebody's by now.
      if (error instanceof Refusal && error.code !== 'unavailable') return made;
      throw error;
    }
  }

  const isDue = (series: Series, wanted: Map<string, Occurrence>): boolean => {
    const known = new Map(series.made.map((made) => [made.date, made]));
    const lacks = [...wanted.keys()].some((date) => !known.has(date));
    const differs = series.made.some((made) => {
      const noso = catalogue.noso(made.noso);
      if (noso?.life.is !== 'scheduled' || (noso.amended ?? 0) !== made.amended) return false;
      const each = wanted.get(made.date);
      if (!each) return noso.startsAt > engine.now();
      const plan = planFor(series, each);
      return (Object.keys(plan) as (keyof typeof plan)[]).some((f) => plan[f] !== noso[f]);
    });
    return lacks || differs;
  };

  /** Plans what a series lacks, if it is this node's turn. */
  async function reconcile(id: string): Promise<void> {
    const known = catalogue.series(id);
    if (!known || !isDue(known, wantedOf(known))) return;
    const turn = await turnOf(id);
    if (turn === null) return;
    // Whoever had the turn before may have planned meanwhile.
    await catalogue.refresh();
    const series = catalogue.series(id);
    if (!series) return;
    const wanted = wantedOf(series);
    const made = new Map<string, Made>();
    try {
      for (const each of series.made) {
        if (engine.now() > turn) break;
        made.set(each.date, await renew(series, each, wanted.get(each.date)));
      }
      const before = new Set(series.made.map(({ date }) => date));
      for (const each of wanted.values()) {
        if (engine.now() > turn) break;
        if (!before.has(each.date)) made.set(each.date, await add(series, each));
      }
    } finally {
      const since = iso(engine.now() - PAST).slice(0, 10);
      await engine.revise('series', id, (now) => {
        if (!now) throw new Refusal('not_found', 'no such series');
        const all = new Map(now.made.map((each) => [each.date, each]));
        for (const each of made.values()) all.set(each.date, each);
        return { ...now, made: [...all.values()].filter(({ date }) => date >= since) };
      });
      await writing.wrote();
    }
  }

  /** Looks what is to be planned, of all. */
  async function look(): Promise<void> {
    if (busy || !catalogue.isRead()) return;
    busy = true;
    try {
      for (const { id, venue } of [...catalogue.allSeries()]) {
        if (!catalogue.venue(venue)) await writing.remove('series', id).catch(onError);
        else await reconcile(id).catch(onError);
      }
    } finally {
      busy = false;
    }
  }
  const stop: Stop = deps.clock.every(LOOK, () => void look().catch(onError));

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

    async add(template: NewSeries): Promise<{ id: string; nosos: wire.Noso[] }> {
      assertStart(template.startsAt, engine.now());
      await assertTemplate(template);
      const series: Series = { ...template, id: newId(), made: [] };
      await writing.save('series', series);
      await reconcile(series.id);
      return { id: series.id, nosos: await nososOf(series) };
    },

    async list(): Promise<wire.Series[]> {
      await catalogue.refresh();
      return [...catalogue.allSeries()]
        .sort((a, b) => a.startsAt - b.startsAt)
        .map(({ made: _, startsAt, ...series }) => ({ ...series, startsAt: iso(startsAt) }));
    },

    async amend(id: string, sent: SeriesChanges): Promise<{ id: string; nosos: wire.Noso[] }> {
      const before = await demand(id);
      const changes = sent as Partial<Template>; // only what was sent is in it
      if (changes.startsAt !== undefined) assertStart(changes.startsAt, engine.now());
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
