import { useState } from 'preact/hooks';
import type { Noso, Venue } from '../../src/protocol/wire.js';
import { useDesk } from './consoleDesk.js';
import { Form } from './form.js';
import { changesOf, type Draft, fieldsOf, type PlanValues, valuesOf } from './model/planValues.js';
import { planChecks } from './planChecks.js';
import { OpenFields, PlanFields } from './planFields.js';
import { go, hrefOf } from './routes.js';

type Props = { venues: readonly Venue[]; draft: Draft; editing: Noso | null };

/** What a NoSo is planned with; of one that is open it shows only what may still change. */
export function PlanSheet({ venues, draft, editing }: Props) {
  const desk = useDesk();
  const { w, store, api } = desk;
  // What the form began with, whatever has changed since.
  const [first] = useState(draft);
  const initial = valuesOf(first);
  const venueOf = (id: string) => venues.find((venue) => venue.id === id) ?? first.venue;
  const zoneOf = (id: string) => venueOf(id).timeZone;

  async function submit(values: PlanValues): Promise<void> {
    const all = fieldsOf(values, first, zoneOf(values.venue));
    const before = fieldsOf(initial, first, first.venue.timeZone);
    const noso = editing
      ? await api.amend(editing.id, changesOf(before, all))
      : await api.plan(all);
    store.put(noso);
    go(hrefOf('programme', noso.id), true);
  }
  const Fields = editing?.state === 'open' ? OpenFields : PlanFields;
  return (
    <Form
      initial={initial}
      checks={planChecks(desk, zoneOf)}
      submit={submit}
      button={editing ? w.plan.save : w.plan.send}
      cancel={{ label: w.plan.back, href: hrefOf('programme', editing?.id) }}
    >
      {(values) => <Fields values={values} venues={venues} venue={venueOf(values.venue)} />}
    </Form>
  );
}
