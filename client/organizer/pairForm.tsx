import { useEffect } from 'preact/hooks';
import { useAttempt } from './attempt.js';
import { useDesk } from './consoleDesk.js';
import { Form } from './form.js';
import { SelectField, TextField } from './formFields.js';
import { numberOf } from './model/measures.js';
import { go, hrefOf, NEW } from './routes.js';
import { ScreenFields, screenChecks } from './screenFields.js';

/** What most screens are: it is said where nothing else is. Inches, metres. */
const USUAL = { diagonal: '55', distance: '4' };

type Props = {
  /** What the screen shows, as far as it is known. */
  code: string;
  /** The venue that it is for; none: to be chosen. */
  venue: string | null;
  tied(): Promise<void> | void;
};

/** Ties a screen that shows a code to a venue. What it will show is said before it is done. */
export function PairForm({ code, venue, tied }: Props) {
  const desk = useDesk();
  const { w, t, api, store } = desk;
  const all = store.venues() ?? [];
  const nameOf = (id: string) => all.find((each) => each.id === id)?.name ?? '';
  return (
    <Form
      class="form pairing"
      initial={{ pairing: code, venue: venue ?? all[0]?.id ?? '', name: '', ...USUAL }}
      again
      checks={{
        ...screenChecks(desk),
        pairing: ({ pairing }) => (pairing ? null : w.problems.pairing),
      }}
      note={(values) => t(w.walls.willShow, { name: nameOf(values.venue) })}
      submit={async (values) => {
        const { id } = await api.pairWall(values.venue, values.name, values.pairing);
        const diagonal = numberOf(values.diagonal);
        const distance = numberOf(values.distance);
        await api.amendWall(id, { diagonal, distance });
        if (venue === null) go(hrefOf('venues', values.venue), true);
        await tied();
      }}
      button={w.walls.tie}
    >
      {() => (
        <div class="triple">
          <TextField
            name="pairing"
            label={w.walls.shown}
            autocapitalize="characters"
            spellcheck={false}
            maxLength={32}
          />
          {venue === null && (
            <SelectField
              name="venue"
              label={w.plan.venue}
              choices={all.map((v) => ({ value: v.id, label: t(w.place, v) }))}
            />
          )}
          <ScreenFields />
        </div>
      )}
    </Form>
  );
}

/** Where a screen's square leads: its code, and the venue that it is to show. */
export function PairPane({ code }: { code: string }) {
  const { w, store } = useDesk();
  const { trouble, attempt } = useAttempt();
  const venues = store.venues();
  useEffect(() => {
    if (venues === null) void attempt(store.loadVenues);
  }, []);
  return (
    <article class="pane">
      <p class="back">
        <a class="link" href={hrefOf('venues')}>
          {w.back.venues}
        </a>
      </p>
      <h2 class="title" tabIndex={-1}>
        {w.walls.tieTitle}
      </h2>
      {venues?.length === 0 && (
        <p class="note">
          {w.plan.noVenue}{' '}
          <a class="link" href={hrefOf('venues', NEW)}>
            {w.venues.add}
          </a>
        </p>
      )}
      {venues && venues.length > 0 && (
        <PairForm key={code} code={code} venue={null} tied={() => {}} />
      )}
      <p class="note" role="status">
        {trouble}
      </p>
    </article>
  );
}
