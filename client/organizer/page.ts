import { createApi, type SignIn } from './api.js';
import { createDesk, type Desk, every, readWords, type Stop } from './desk.js';
import { fill, h } from './dom.js';
import { frame } from './frame.js';
import { keys } from './keys.js';
import { goLive } from './live.js';
import { programme, type RoomPart } from './programme.js';
import { records } from './records.js';
import { keyIn, type Room, readRoute } from './router.js';
import { signInPage, type Why, whoAmI } from './signin.js';
import { createStore } from './store.js';
import { venues } from './venues.js';

const words = readWords();
const root = h('div', { id: 'console' });
let leave: Stop | null = null;
const api = createApi(() => {
  if (leave) showSignIn('lost');
});

/**
 * The key of a sign-in link. It is taken out of the address at once: it must stay neither in the
 * history nor in what is copied from there.
 */
function takeKey(): string | null {
  const key = keyIn(location.hash);
  if (key !== null) history.replaceState(null, '', location.pathname + location.search);
  return key;
}

function showSignIn(why: Why): ReturnType<typeof signInPage> {
  leave?.();
  const page = signInPage(words, api, why, showConsole);
  fill(root, [page.node]);
  document.title = words.console.title;
  return page;
}

const made: Record<Room, (desk: Desk) => RoomPart> = { programme, venues, records, keys };

function showConsole(who: SignIn): void {
  leave?.();
  let due = 0;
  const store = createStore(api, () => {
    due ||= requestAnimationFrame(update);
  });
  const desk = createDesk(words, api, store, who);
  let room: { name: Room; part: RoomPart } | null = null;
  const around = frame(
    desk,
    () => room?.part.place() ?? null,
    () => void signOut(),
  );

  function update(): void {
    due = 0;
    around.update();
  }
  function follow(): void {
    const route = readRoute(location.hash);
    const allowed = route.room !== 'keys' || who.role === 'owner' ? route.room : 'programme';
    const moved = room !== null;
    if (room?.name !== allowed) {
      room = { name: allowed, part: made[allowed](desk) };
      around.show(allowed, room.part);
    }
    room.part.route({ ...route, room: allowed });
    update();
    scrollTo(0, 0);
    // Whoever goes by keyboard or by ear lands where the page has changed.
    if (moved)
      (
        root.querySelector<HTMLElement>('.chosen .title') ?? root.querySelector<HTMLElement>('main')
      )?.focus({ preventScroll: true });
  }
  async function signOut(): Promise<void> {
    try {
      await api.signOut();
      showSignIn('out');
    } catch {
      // No answer: still signed in, and the line above says that there is no line.
    }
  }

  fill(root, [around.node]);
  const hangUp = goLive(store, api);
  const stopClock = every(1_000, update);
  addEventListener('hashchange', follow);
  leave = () => {
    leave = null;
    removeEventListener('hashchange', follow);
    cancelAnimationFrame(due);
    stopClock();
    hangUp();
    around.stop?.();
    store.stop();
  };
  follow();
}

async function start(): Promise<void> {
  document.body.append(root);
  const key = takeKey();
  addEventListener('hashchange', () => {
    const late = takeKey();
    if (late !== null) void showSignIn('first').enter(late);
  });
  if (key !== null) return showSignIn('first').enter(key);
  const who = await whoAmI(api, () => {
    fill(root, [
      h('main', { class: 'sign-in' }, h('p', { role: 'status' }, words.console.line.connecting)),
    ]);
  });
  if (who) showConsole(who);
  else showSignIn('first');
}

void start();
