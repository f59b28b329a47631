import { useEffect } from 'preact/hooks';
import type { Noso } from '../../src/protocol/wire.js';
import { useAttempt } from './attempt.js';
import { type Desk, useDesk } from './consoleDesk.js';
import { againDraft, blankDraft, type Draft } from './model/planValues.js';
import { PlanSheet } from './planSheet.js';
import { hrefOf, NEW } from './routes.js';

type Props = { of: Noso | null; doing: 'edit' | 'again' | null };

/** The form that plans a NoSo, changes one, or takes one as the pattern of another. */
export function PlanPane({ of, doing }: Props) {
  const { w, store } = useDesk();
  const editing = doing === 'edit' ? of : null;
  const title = editing ? w.plan.edit : w.plan.title;
  const { trouble, attempt } = useAttempt();
  useEffect(() => {
    if (store.venues() === null) void attempt(store.loadVenues);
  }, []);
  return (
    <section class="pane" aria-label={title}>
      <h2 class="title" tabIndex={-1}>
        {title}
      </h2>
      <Body of={of} editing={editing} />
      <p class="note" role="status">
        {trouble}
      </p>
    </section>
  );
}

function Body({ of, editing }: { of: Noso | null; editing: Noso | null }) {
  const desk = useDesk();
  const { w, store } = desk;
  const venues = store.venues();
  // A proposal goes by the server's clock, so that must have been heard.
  if (venues === null || store.link().heardAt === null) return null;
  const draft = draftOf(desk, of, editing);
  if (draft) return <PlanSheet venues={venues} draft={draft} editing={editing} />;
  return (
    <p class="note">
      {w.plan.noVenue}{' '}
      <a class="link" href={hrefOf('venues', NEW)}>
        {w.venues.add}
      </a>
    </p>
  );
}

function draftOf({ store }: Desk, of: Noso | null, editing: Noso | null): Draft | null {
  if (editing) return editing;
  if (of) return againDraft(of, store.now());
  const venue = store.venues()?.[0];
  return venue ? blankDraft(venue, store.now()) : null;
}
