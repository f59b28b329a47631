import type { Clock, Stop } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import type { Noso, Plan } from '../domain/noso.js';
import type { Engine, Made, Series } from '../engine/engine.js';
import type { Evenings } from './evenings.js';
import { newId } from './identity.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';
import type { Occurrence } from './recurrence.js';
import type { Writing } from './writing.js';

const MINUTE = 60_000;
/** How long what was planned for a date is remembered after it. */
const PAST = 2 * 1440 * MINUTE;
/** How often it is looked what is to be planned. */
const LOOK = MINUTE;
/** One node plans a series at a time, and has so long for it; it stops well before, in ms. */
const TURN = 30_000;
const MARGIN = 10_000;

const isAs = (noso: Noso, plan: Plan): boolean =>
  (Object.keys(plan) as (keyof Plan)[]).every((field) => plan[field] === noso[field]);

/**
 * Plans what series want, and brings what is planned to what they are now. Whichever somebody changed,
 * cancelled or deleted by itself it leaves alone.
 */
export function createSeriesPlanner(deps: {
  engine: Pick<Engine, 'now' | 'save' | 'revise' | 'command' | 'reserve'>;
  clock: Pick<Clock, 'every'>;
  catalogue: Catalogue;
  writing: Writing;
  evenings: Evenings;
  onError: (error: unknown) => void;
}) {
  const { engine, catalogue, writing, evenings, onError } = deps;
  const node = newId();
  let busy = false;

  /** Until when this node may plan this series; null: another does. */
  async function turnOf(id: string): Promise<number | null> {
    const until = engine.now() + TURN;
    const held = await engine.reserve(`series.${id}`, `${node} ${until}`, until);
    const [holder, end] = held.split(' ');
    return holder === node ? Number(end) - MARGIN : null;
  }

  /** Plans what is not there yet. */
  async function add(series: Series, occurrence: Occurrence): Promise<Made> {
    const { date } = occurrence;
    const id = evenings.idFor(series, date);
    if (!catalogue.noso(id)) {
      const plan = evenings.planFor(series, occurrence);
      const noso: Noso = { ...plan, id, series: series.id, life: { is: 'scheduled' } };
      await engine.save('noso', id, noso);
    }
    return { date, noso: id, amended: 0 };
  }

  /** Brings what is planned, and was left as it was planned, to what the series is now. */
  async function renew(series: Series, made: Made, wanted: Occurrence | undefined): Promise<Made> {
    const noso = evenings.ownOf(made);
    if (!noso || noso.startsAt <= engine.now()) return made;
    try {
      if (!wanted) {
        await engine.command(noso.id, { do: 'cancel', by: 'organizer' });
        return made;
      }
      const plan = evenings.planFor(series, wanted);
      if (isAs(noso, plan)) return made;
      const next = await engine.command(noso.id, { do: 'amend', changes: plan });
      return { ...made, amended: next.amended ?? 0 };
    } catch (error) {
      // Opened, cancelled or deleted meanwhile: it is somebody's by now.
      if (error instanceof Refusal && error.code !== 'unavailable') return made;
      throw error;
    }
  }

  function isDue(series: Series, wanted: Map<string, Occurrence>): boolean {
    const known = new Set(series.made.map(({ date }) => date));
    const lacks = [...wanted.keys()].some((date) => !known.has(date));
    const differs = series.made.some((made) => {
      const noso = evenings.ownOf(made);
      if (!noso) return false;
      const each = wanted.get(made.date);
      return each ? !isAs(noso, evenings.planFor(series, each)) : noso.startsAt > engine.now();
    });
    return lacks || differs;
  }

  /** Plans what a series lacks, if it is this node's turn. */
  async function reconcile(id: string): Promise<void> {
    const known = catalogue.series(id);
    if (!known || !isDue(known, evenings.wantedBy(known))) return;
    const turn = await turnOf(id);
    if (turn === null) return;
    // Whoever had the turn before may have planned meanwhile.
    await catalogue.refresh();
    const series = catalogue.series(id);
    if (!series) return;
    const wanted = evenings.wantedBy(series);
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

  return { stop, look, reconcile, renew };
}
