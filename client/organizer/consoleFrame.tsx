import type { ComponentChildren } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { type Desk, useDesk } from './consoleDesk.js';
import { browserZone, dayIn, elsewhere, hourIn, localIn } from './model/zoneTime.js';
import { OperatorLines } from './operatorLines.js';
import { hrefOf, ROOMS, type Room } from './routes.js';

type Props = {
  room: Room;
  /** The venue that the room is about, if it is about one: its clock is shown. */
  place: { timeZone: string; city: string } | null;
  signOut(): void;
  children: ComponentChildren;
};

const namesOf = ({ w }: Desk): Record<Room, [string, string]> => ({
  programme: [w.rooms.programme, w.rooms.programme],
  venues: [w.rooms.venues, w.rooms.venuesShort],
  records: [w.rooms.records, w.rooms.recordsShort],
  keys: [w.rooms.keys, w.rooms.keys],
});

/** What stands around every room: the way to the others, the clock, and whether the line is live. */
export function ConsoleFrame({ room, place, signOut, children }: Props) {
  const desk = useDesk();
  const { w, t, who, store } = desk;
  const names = namesOf(desk);
  const { live, heardAt } = store.link();
  const zone =
    place && dayIn(place.timeZone, store.now()) !== null ? place.timeZone : browserZone();
  useLayoutEffect(() => {
    document.title = t(w.pageTitle, { room: names[room][0] });
  }, [room]);
  return (
    <div class={live ? 'frame' : 'frame cut'}>
      <header class="head">
        <button class="link skip" type="button" onClick={toTheContent}>
          {w.skip}
        </button>
        <nav aria-label={w.title}>
          {ROOMS.filter((each) => each !== 'keys' || who.role === 'owner').map((each) => (
            <a
              key={each}
              href={hrefOf(each)}
              aria-label={names[each][0]}
              aria-current={each === room ? 'page' : undefined}
            >
              <span class="wide">{names[each][0]}</span>
              <span class="narrow">{names[each][1]}</span>
            </a>
          ))}
        </nav>
        <p class="line" role="status">
          {!live &&
            (heardAt === null ? w.line.connecting : t(w.line.cut, { hour: hourIn(zone, heardAt) }))}
        </p>
        <p class="clock-line">
          {/* The clock says whose it is only where one could take it for one's own. */}
          <span class="clock-city">
            {place && zone === place.timeZone && elsewhere(zone, store.now()) && place.city}
          </span>
          <span class="clock">{localIn(zone, store.now()).clock}</span>
        </p>
      </header>
      <OperatorLines />
      <main tabIndex={-1}>
        <h1 class="unseen">{names[room][0]}</h1>
        {children}
      </main>
      <footer class="foot">
        <p>{w.foot}</p>
        <p>
          <span class="who">{who.role === 'owner' ? w.owner : who.label}</span>
          <button class="link" type="button" onClick={signOut}>
            {w.signOut}
          </button>
        </p>
      </footer>
    </div>
  );
}

/** Past the ways to other rooms, and past the list. (A fragment is an address here: no anchor.) */
export function toTheContent(): void {
  const title = document.querySelector<HTMLElement>('.beside-list .title');
  // Where the screen shows one of the two, the title may be hidden behind the list.
  const there = title?.offsetParent ? title : document.querySelector<HTMLElement>('main');
  there?.focus();
}
