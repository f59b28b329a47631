import { useState } from 'preact/hooks';
import type { Series, Venue } from '../../src/protocol/wire.js';
import { useDesk } from './consoleDesk.js';
import { Form } from './form.js';
import {
  changesOf,
  type Draft,
  type PlanValues,
  seriesFieldsOf,
  valuesOf,
} from './model/planValues.js';
import { repeatOf } from './model/repeating.js';
import { planChecks } from './planChecks.js';
import { PlanFields } from './planFields.js';

const MINUTE = 60_000;

type Props = {
  series: Series;
  venue: Venue;
  venues: readonly Venue[];
  refresh(): Promise<void>;
};

/** What a series' NoSos have in common; those to come follow, but what was changed by hand. */
export function SeriesSheet({ series, venue, venues, refresh }: Props) {
  const desk = useDesk();
  const { w, api } = desk;
  // What the form holds, as it was last saved, whatever is read meanwhile.
  const [draft] = useState(() => draftOf(series, venue));
  const [initial, saved] = useState(() => filled(draft, series.rule));
  const venueOf = (id: string) => venues.find((each) => each.id === id) ?? venue;
  const zoneOf = (id: string) => venueOf(id).timeZone;

  async function submit(values: PlanValues): Promise<void> {
    const all = seriesFieldsOf(values, draft, zoneOf(values.venue));
    const before = seriesFieldsOf(initial, draft, venue.timeZone);
    await api.amendSeries(series.id, changesOf(before, all));
    saved(values);
    await refresh();
  }
  return (
    <Form
      initial={initial}
      checks={planChecks(desk, zoneOf)}
      submit={submit}
      button={w.series.save}
      saved={w.series.saved}
    >
      {(values) => (
        <PlanFields
          values={values}
          venues={venues}
          venue={venueOf(values.venue)}
          repeats="always"
        />
      )}
    </Form>
  );
}

function draftOf(series: Series, venue: Venue): Draft {
  const { rule: _, minutes, ...plan } = series;
  const endsAt = new Date(Date.parse(series.startsAt) + minutes * MINUTE).toISOString();
  return { ...plan, venue, endsAt };
}

function filled(draft: Draft, rule: string): PlanValues {
  const values = valuesOf(draft);
  const { repeat, until } = repeatOf(rule, values.startsAt);
  return { ...values, rule: repeat, until };
}
