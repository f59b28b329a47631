import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { placeOf } from './chosen.js';
import { type Api, Problem, type SignIn } from './consoleApi.js';
import { createDesk, DeskContext, every, type PageWords, useDesk } from './consoleDesk.js';
import { ConsoleFrame } from './consoleFrame.js';
import { createStore } from './consoleStore.js';
import { Fence } from './fence.js';
import { KeysRoom } from './keysRoom.js';
import { goLive } from './liveLine.js';
import { ProgrammeRoom } from './programmeRoom.js';
import { RecordsRoom } from './recordsRoom.js';
import { type Route, readRoute } from './routes.js';
import { VenuesRoom } from './venuesRoom.js';

type Props = { words: PageWords; api: Api; who: SignIn; left(): void };

/**
 * The console of somebody who is signed in. It is drawn anew, whole, whenever its store changes and
 * every second, since most of what it says depends on the hour; the page is touched where it differs.
 */
export function Console({ words, api, who, left }: Props) {
  const [, draw] = useState(0);
  const [desk] = useState(() => {
    const store = createStore(api, () => draw((n) => n + 1));
    return createDesk(words, api, store, who);
  });
  const route = useRoute(who);
  useEffect(() => {
    const hangUp = goLive(desk.store, api);
    const stopClock = every(1_000, () => draw((n) => n + 1));
    return () => {
      hangUp();
      stopClock();
    };
  }, []);

  async function signOut(): Promise<void> {
    try {
      await api.signOut();
      left();
    } catch (error) {
      // No answer: still signed in, and the line above says that there is no line.
      if (!(error instanceof Problem)) throw error;
    }
  }
  return (
    <DeskContext.Provider value={desk}>
      <ConsoleFrame room={route.room} place={placeOf(desk, route)} signOut={() => void signOut()}>
        <Fence key={route.room} of={route} otherwise={<Undrawn />}>
          <RoomOf route={route} />
        </Fence>
      </ConsoleFrame>
    </DeskContext.Provider>
  );
}

/** Where the address leads, as far as this organizer may go; the page follows. */
function useRoute(who: SignIn): Route {
  const read = (): Route => {
    const route = readRoute(location.hash);
    const allowed = route.room !== 'keys' || who.role === 'owner';
    return allowed ? route : { ...route, room: 'programme' };
  };
  const [route, follow] = useState(read);
  const first = useRef(route);
  useEffect(() => {
    const moved = () => follow(read());
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  useLayoutEffect(() => {
    scrollTo(0, 0);
    // Whoever goes by keyboard or by ear lands where the page has changed.
    if (route === first.current) return;
    const main = document.querySelector<HTMLElement>('main');
    (document.querySelector<HTMLElement>('.chosen .title') ?? main)?.focus({ preventScroll: true });
  }, [route]);
  return route;
}

function RoomOf({ route }: { route: Route }) {
  switch (route.room) {
    case 'programme':
      return <ProgrammeRoom route={route} />;
    case 'venues':
      return <VenuesRoom route={route} />;
    case 'records':
      return <RecordsRoom route={route} />;
    case 'keys':
      return <KeysRoom />;
  }
}

/** In the place of a room that met something that it cannot draw; the other rooms stand. */
function Undrawn() {
  const { w } = useDesk();
  return (
    <p class="missing" role="alert">
      {w.undrawn.room}
    </p>
  );
}
