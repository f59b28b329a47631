import { useEffect } from 'preact/hooks';
import type { Evening, Venue } from '../../src/protocol/wire.js';
import { type Api, type Planned, Problem } from './consoleApi.js';
import { useDesk } from './consoleDesk.js';
import { type EveningRow, EveningRows } from './eveningRows.js';
import { type PlanValues, spanOf } from './model/planValues.js';
import { ruleOf } from './model/repeating.js';
import { movedFrom } from './seriesWords.js';

const MINUTE = 60_000;

/** What is to become of single evenings: another instant (ms), or null: skipped. By date. */
export type Exceptions = ReadonlyMap<string, number | null>;
/** The evenings that a new series would have, and what is to be otherwise. */
export type Foresight = { evenings: Evening[]; exceptions: Exceptions };

type Props = {
  values: PlanValues;
  venue: Venue;
  /** Null: nothing repeats, or not yet known. */
  foresight: Foresight | null;
  foresee(next: Foresight | null): void;
};

/** The dates of a series that is not there yet, as the server would have them. */
export function Foreseen({ values, venue, foresight, foresee }: Props) {
  const desk = useDesk();
  const { w, api } = desk;
  const from = spanOf(values, venue.timeZone).from;
  const rule = values.rule && ruleOf(values.rule, values.startsAt, values.until);
  useEffect(() => {
    if (rule === '' || from === null) {
      foresee(null);
      return;
    }
    let over = false;
    const asked = { venue: venue.id, rule, startsAt: new Date(from).toISOString() };
    const failed = (error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      if (!over) foresee(null); // what is wrong with it is said when it is sent
    };
    void api.foresee(asked).then(({ evenings }) => {
      if (!over) foresee({ evenings, exceptions: new Map() });
    }, failed);
    return () => {
      over = true;
    };
  }, [venue.id, rule, from]);
  if (foresight === null) return null;

  const { evenings, exceptions } = foresight;
  const except = (date: string, what: number | null | undefined) => {
    const next = new Map(exceptions);
    if (what === undefined) next.delete(date);
    else next.set(date, what);
    foresee({ evenings, exceptions: next });
  };
  const rows = evenings.map(({ date, startsAt }): EveningRow => {
    const planned = Date.parse(startsAt);
    const other = exceptions.get(date);
    const plain = other === undefined;
    const said = plain ? w.series.toPlan : w.series.skipped;
    return {
      date,
      at: other ?? planned,
      said: other ? movedFrom(desk, venue, planned, other) : said,
      off: other === null,
      move: plain ? (at) => except(date, at === planned ? undefined : at) : undefined,
      skip: plain ? async () => except(date, null) : undefined,
      putBack: plain ? undefined : () => except(date, undefined),
    };
  });
  return <EveningRows rows={rows} venue={venue} />;
}

/** How many NoSos it makes at once. */
export const countOf = ({ evenings, exceptions }: Foresight): number =>
  evenings.filter(({ date }) => exceptions.get(date) !== null).length;

/** Moves and drops, of what was just planned, what is to be otherwise. */
export async function applyExceptions(
  api: Api,
  { nosos }: Planned,
  { evenings, exceptions }: Foresight,
  minutes: number,
): Promise<void> {
  for (const { date, startsAt } of evenings) {
    const noso = nosos.find((each) => each.startsAt === startsAt);
    const other = exceptions.get(date);
    if (!noso || other === undefined) continue;
    // Nobody has heard of it yet: it goes without a word.
    if (other === null) await api.forget(noso.id);
    else {
      const at = (ms: number) => new Date(ms).toISOString();
      await api.amend(noso.id, { startsAt: at(other), endsAt: at(other + minutes * MINUTE) });
    }
  }
}
