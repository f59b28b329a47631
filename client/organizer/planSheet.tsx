import { useState } from 'preact/hooks';
import type { Noso, Venue } from '../../src/protocol/wire.js';
import { useDesk } from './consoleDesk.js';
import { applyExceptions, countOf, Foreseen, type Foresight } from './foreseen.js';
import { Form } from './form.js';
import {
  changesOf,
  type Draft,
  fieldsOf,
  type PlanValues,
  seriesFieldsOf,
  valuesOf,
} from './model/planValues.js';
import { planChecks } from './planChecks.js';
import { OpenFields, PlanFields } from './planFields.js';
import { go, hrefOf } from './routes.js';

type Props = {
  venues: readonly Venue[];
  draft: Draft;
  editing: Noso | null;
  /** Of one that comes again: what is foreseen. */
  foresight: Foresight | null;
  foresee(next: Foresight | null): void;
};

/** What a NoSo is planned with; of one that is open it shows only what may still change. */
export function PlanSheet({ venues, draft, editing, foresight, foresee }: Props) {
  const desk = useDesk();
  const { w, t, store, api, figure } = desk;
  // What the form began with, whatever has changed since.
  const [first] = useState(draft);
  const initial = valuesOf(first);
  const venueOf = (id: string) => venues.find((venue) => venue.id === id) ?? first.venue;
  const zoneOf = (id: string) => venueOf(id).timeZone;

  async function submitSeries(values: PlanValues): Promise<void> {
    const fields = seriesFieldsOf(values, first, zoneOf(values.venue));
    const planned = await api.addSeries(fields);
    try {
      if (foresight) await applyExceptions(api, planned, foresight, fields.minutes);
    } finally {
      // It is there: whatever of it could not be moved is shown as it is.
      go(hrefOf('programme', planned.id, 'series'), true);
    }
  }
  async function submit(values: PlanValues): Promise<void> {
    if (values.rule !== '') return submitSeries(values);
    const all = fieldsOf(values, first, zoneOf(values.venue));
    const before = fieldsOf(initial, first, first.venue.timeZone);
    const noso = editing
      ? await api.amend(editing.id, changesOf(before, all))
      : await api.plan(all);
    store.put(noso);
    go(hrefOf('programme', noso.id), true);
  }
  const count = foresight && countOf(foresight);
  const send = count === null ? w.plan.send : t(w.series.send, { n: count, figure: figure(count) });
  const Fields = editing?.state === 'open' ? OpenFields : PlanFields;
  return (
    <Form
      initial={initial}
      checks={planChecks(desk, zoneOf)}
      submit={submit}
      button={editing ? w.plan.save : send}
      note={() => (foresight ? w.series.thenOn : '')}
      cancel={{ label: w.plan.back, href: hrefOf('programme', editing?.id) }}
    >
      {(values) => {
        const venue = venueOf(values.venue);
        return (
          <>
            <Fields {...{ values, venues, venue }} {...(editing ? {} : { repeats: 'may' })} />
            {!editing && <Foreseen {...{ values, venue, foresight, foresee }} />}
          </>
        );
      }}
    </Form>
  );
}
