import { useState } from 'preact/hooks';
import { TEXTS } from '../../src/protocol/bounds.js';
import type { Venue } from '../../src/protocol/wire.js';
import { Act } from './asking.js';
import { useAttempt } from './attempt.js';
import { useDesk } from './consoleDesk.js';
import { Form } from './form.js';
import { TextField } from './formFields.js';
import { type Given, GivenOnce } from './givenOnce.js';
import { PairForm } from './pairForm.js';
import { go, hrefOf } from './routes.js';
import { Screens } from './screenList.js';
import { VenueSheet } from './venueSheet.js';
import { useWalls } from './wallsList.js';

/** One venue: its walls, and its particulars. A new one has only particulars. */
export function VenuePane({ venue }: { venue: Venue | null }) {
  const { w } = useDesk();
  return (
    <article class="pane">
      <p class="back">
        <a class="link" href={hrefOf('venues')}>
          {w.back.venues}
        </a>
      </p>
      <h2 class="title" tabIndex={-1}>
        {venue?.name ?? w.venues.add}
      </h2>
      <p class="about">
        {venue
          ? `${[venue.address, venue.city, venue.country].filter(Boolean).join(', ')}.`
          : w.venues.newNote}
      </p>
      {venue && <Hanging venue={venue} />}
      {venue && <h3 class="section">{w.venues.particulars}</h3>}
      <VenueSheet venue={venue} />
      {venue && <Deletion venue={venue} />}
    </article>
  );
}

/** The walls that hang there, and one more. */
function Hanging({ venue }: { venue: Venue }) {
  const { w, t, api } = useDesk();
  const walls = useWalls(venue.id);
  const [given, give] = useState<Given | null>(null);
  async function add({ name }: { name: string }): Promise<void> {
    const wall = await api.addWall(venue.id, name);
    give({
      title: t(w.walls.given, { name: name || w.walls.unnamed }),
      note: w.walls.once,
      values: [{ label: w.link, value: wall.url }],
    });
    await walls.refresh();
  }
  return (
    <section class="hanging">
      <h3 class="section">{w.walls.title}</h3>
      <Screens venue={venue} walls={walls} />
      <h3 class="section">{w.walls.tieTitle}</h3>
      <PairForm code="" venue={venue.id} tied={walls.refresh} />
      <p class="about by-link">{w.walls.byLink}</p>
      {given && <GivenOnce {...given} />}
      <Form class="form inline" initial={{ name: '' }} again submit={add} button={w.walls.add}>
        {() => <TextField name="name" label={w.walls.name} maxLength={TEXTS.wall} />}
      </Form>
    </section>
  );
}

function Deletion({ venue }: { venue: Venue }) {
  const { w, api, store } = useDesk();
  const { trouble, attempt } = useAttempt();
  const forget = async () => {
    await api.forgetVenue(venue.id);
    store.forgetVenue(venue.id);
    go(hrefOf('venues'), true);
  };
  return (
    <div class="deletion">
      <Act
        style="link"
        label={w.venues.delete}
        question={w.venues.deleteQuestion}
        act={() => attempt(forget)}
      />
      <p class="trouble" role="alert">
        {trouble}
      </p>
    </div>
  );
}
