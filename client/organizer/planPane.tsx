import { useEffect, useState } from 'preact/hooks';
import type { Noso } from '../../src/protocol/wire.js';
import { useAttempt } from './attempt.js';
import { type Desk, useDesk } from './consoleDesk.js';
import type { Foresight } from './foreseen.js';
import { againDraft, blankDraft, type Draft } from './model/planValues.js';
import { PlanSheet } from './planSheet.js';
import { type Doing, hrefOf, NEW } from './routes.js';

type Props = { of: Noso | null; doing: Doing | null };

/** The form that plans a NoSo, changes one, or takes one as the pattern of another. */
export function PlanPane({ of, doing }: Props) {
  const { w, store } = useDesk();
  const editing = doing === 'edit' ? of : null;
  const [foresight, foresee] = useState<Foresight | null>(null);
  const fresh = foresight ? w.series.plan : w.plan.title;
  const title = editing ? w.plan.edit : fresh;
  const { trouble, attempt } = useAttempt();
  useEffect(() => {
    if (store.venues() === null) void attempt(store.loadVenues);
  }, []);
  return (
    <section class="pane" aria-label={title}>
      <h2 class="title" tabIndex={-1}>
        {title}
      </h2>
      <Body {...{ of, editing, foresight, foresee }} />
      <p class="note" role="status">
        {trouble}
      </p>
    </section>
  );
}

type BodyProps = {
  of: Noso | null;
  editing: Noso | null;
  foresight: Foresight | null;
  foresee(next: Foresight | null): void;
};

function Body({ of, editing, ...seen }: BodyProps) {
  const desk = useDesk();
  const { w, store } = desk;
  const venues = store.venues();
  // A proposal goes by the server's clock, so that must have been heard.
  if (venues === null || store.link().heardAt === null) return null;
  const draft = draftOf(desk, of, editing);
  if (draft) return <PlanSheet {...{ venues, draft, editing }} {...seen} />;
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
