import { useEffect } from 'preact/hooks';
import type { Venue } from '../../src/protocol/wire.js';
import { AskedCities } from './askedCities.js';
import { useAttempt } from './attempt.js';
import { chosenVenue, whyNoClock } from './chosen.js';
import { useDesk } from './consoleDesk.js';
import { FirstSteps } from './firstSteps.js';
import { elsewhere } from './model/zoneTime.js';
import { PairPane } from './pairForm.js';
import { hrefOf, NEW, type Route } from './routes.js';
import { VenuePane } from './venuePane.js';

/** Venues, and the walls that hang there. */
export function VenuesRoom({ route }: { route: Route }) {
  const desk = useDesk();
  const { w, store } = desk;
  const { trouble, attempt } = useAttempt();
  useEffect(() => void attempt(store.loadVenues), []);
  const all = store.venues();
  const venue = chosenVenue(desk, route);
  return (
    <div class={route.id ? 'room chosen' : 'room'}>
      <div class="list">
        <div class="list-head">
          <a class="button primary" href={hrefOf('venues', NEW)}>
            {w.venues.add}
          </a>
        </div>
        <h2 class="day">{w.venues.title}</h2>
        <ul class="rows">
          {all?.map((each) => (
            <VenueRow key={each.id} venue={each} chosen={each.id === venue?.id} />
          ))}
        </ul>
        <p class="nothing" role="status">
          {trouble || (all?.length === 0 && w.venues.none)}
        </p>
        <AskedCities />
        <FirstSteps key={venue?.id} />
      </div>
      <div class="beside-list">
        {route.pairing !== null && <PairPane code={route.pairing} />}
        {(venue || route.id === NEW) && <VenuePane key={venue?.id ?? NEW} venue={venue} />}
      </div>
    </div>
  );
}

function VenueRow({ venue, chosen }: { venue: Venue; chosen: boolean }) {
  const desk = useDesk();
  const zone = venue.timeZone;
  // Named only where it is not one's own: elsewhere it would be noise.
  const foreign = elsewhere(zone, desk.store.now());
  const clock = foreign ? zone.replace(/^.*\//, '').replace(/_/g, ' ') : '';
  return (
    <li class="row plain">
      <a href={hrefOf('venues', venue.id)} aria-current={chosen ? 'true' : undefined}>
        <span class="name">{venue.name}</span>
        <span class="place">
          {whyNoClock(desk, venue) ?? [venue.city, venue.country].filter(Boolean).join(', ')}
        </span>
        <span class="state">{clock}</span>
      </a>
    </li>
  );
}
