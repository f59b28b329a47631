import type { Noso, Snapshot, Venue } from '../../src/protocol/wire.js';
import { createAwake } from './awake.js';
import type { Type } from './layout/typeface.js';
import { createLink, type Link } from './link.js';
import {
  type Held,
  NOTHING_HELD,
  onCode,
  onCount,
  onNumbers,
  onSnapshot,
  type Step,
  settled,
} from './model/held.js';
import { instants, sceneAt, type Waiting } from './model/scene.js';
import { serverClock } from './model/serverClock.js';
import { createPicture, type WallWords } from './picture.js';
import { hidePointer, shiftPicture } from './screen.js';
import { keepToken, readToken } from './token.js';
import { upcoming } from './upcoming.js';
import { pair } from './waitForPairing.js';

/** How often a wall with nothing planned asks for what comes later (ms). */
const LOOK_AHEAD = 30 * 60_000;

/** Runs a wall in this document, for as long as it is open. */
export function startWall(given: { words: WallWords; type: Type; kiosk: boolean }): void {
  const root = document.body.appendChild(document.createElement('main'));
  const picture = createPicture(root, given.type, given.words);
  const awake = createAwake(document.body);
  const clock = serverClock();
  const address = `${location.host}/organize`;

  let held: Held = NOTHING_HELD;
  /** Shown while nothing is held. */
  let waiting: Waiting = { kind: 'connecting' };
  let next: { venue: string; noso: Noso | null; at: number } | null = null;
  let link: Link | null = null;
  let pairing: { stop: () => void } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const now = () => clock.at(performance.now()) ?? Date.now();

  /** Draws what is to be seen now, and comes back when that changes by itself. */
  function render(): void {
    clearTimeout(timer);
    const at = now();
    held = settled(held, at);
    const scene = held.now ? sceneAt(held, at, next?.noso ?? null) : waiting;
    picture.show(scene, at);
    awake.keep(
      scene.kind === 'during' ||
        scene.kind === 'gathering' ||
        scene.kind === 'before' ||
        (scene.kind === 'after' && at - scene.ended < 75_000),
    );
    if (scene.kind === 'nothing') lookAhead(scene.view.venue);
    // Countdowns end with the server's second, so every wall ticks at the same instant.
    const second = 1000 - (at % 1000) + 1;
    const soon = instants(held, at)[0];
    timer = setTimeout(render, Math.min(second, soon === undefined ? second : soon - at));
  }

  function lookAhead(venue: Venue): void {
    const fresh = next && next.venue === venue.id && performance.now() - next.at < LOOK_AHEAD;
    if (fresh) return;
    const asked = {
      venue: venue.id,
      noso: next?.venue === venue.id ? next.noso : null,
      at: performance.now(),
    };
    next = asked;
    void upcoming(venue).then((noso) => {
      if (next === asked) next = { ...asked, noso };
    });
  }

  function take(step: Step): void {
    held = step.held;
    if (step.sync) link?.sync();
    render();
  }

  function connect(token: string): void {
    link?.close();
    pairing?.stop();
    pairing = null;
    held = NOTHING_HELD;
    waiting = { kind: 'connecting' };
    link = createLink(token, {
      snapshot(snapshot) {
        clock.heard(snapshot.serverTime, performance.now());
        pairing?.stop();
        pairing = null;
        held = onSnapshot(held, withPage(snapshot), now());
        render();
      },
      count(count) {
        clock.heard(count.serverTime, performance.now());
        take(onCount(held, count, now()));
      },
      numbers: (numbers) => take(onNumbers(held, numbers, now())),
      code(code) {
        held = onCode(held, code, now());
        render();
      },
      shows: () => (held.now ? sceneAt(held, now()).kind : waiting.kind),
      refused: askToPair,
    });
    render();
  }

  function askToPair(): void {
    if (pairing) return;
    held = NOTHING_HELD;
    waiting = { kind: 'connecting' };
    pairing = pair({
      code(code) {
        waiting =
          code === null ? { kind: 'unpaired', address } : { kind: 'pairing', code, address };
        render();
      },
      paired(token) {
        keepToken(token);
        connect(token);
      },
    });
    render();
  }

  function begin(): void {
    const token = readToken();
    if (token === null) askToPair();
    else connect(token);
  }

  hidePointer(given.kiosk);
  shiftPicture(root);
  window.addEventListener('hashchange', begin);
  window.addEventListener('resize', render);
  document.addEventListener('visibilitychange', render);
  begin();
}

/** Where the NoSo's page is, if the server does not say: here. */
function withPage(snapshot: Snapshot): Snapshot {
  const { noso, page } = snapshot;
  if (page !== undefined || !noso) return snapshot;
  return { ...snapshot, page: `${location.origin}/n/${noso.id}` };
}
