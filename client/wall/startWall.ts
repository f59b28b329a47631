import type { Identify, Noso, ScreenSize, Snapshot, Venue } from '../../src/protocol/wire.js';
import { isForeign } from '../shared/foreign.js';
import { type About, askAbout } from './about.js';
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
import { darkness, instants, isIdle, type Scene, sceneAt } from './model/scene.js';
import { serverClock } from './model/serverClock.js';
import { createPicture, type WallWords } from './picture.js';
import { createMemory, rememberedSchedule } from './remembered.js';
import { cameDark, keepShell, renew } from './renew.js';
import { hidePointer, shiftPicture } from './screen.js';
import { itWorked, itWorks, keepToken, readToken } from './token.js';
import { upcoming } from './upcoming.js';
import { type Offered, pair } from './waitForPairing.js';

/** How often a wall with nothing planned asks for what comes later (ms). */
const LOOK_AHEAD = 30 * 60_000;
/** A page that was loaded anew in the black waits so long for its server before it says so (ms). */
const STAYS_DARK = 30_000;
/** A code for pairing is good so long (ms). */
const PAIRS = 10 * 60_000;
/** How often a wall that is not connected asks by which address the server goes (ms). */
const ASK_ABOUT = 30_000;

/** Runs a wall in this document, for as long as it is open. */
export function startWall(given: {
  words: WallWords;
  about: About;
  type: Type;
  kiosk: boolean;
}): void {
  let { about } = given;
  const root = document.body.appendChild(document.createElement('main'));
  root.setAttribute('aria-hidden', 'true');
  const picture = createPicture(root, given.type, given.words);
  const awake = createAwake(document.body);
  const clock = serverClock();
  const publicUrl = () => about.publicUrl ?? location.origin;
  const remember = createMemory();

  let held: Held = NOTHING_HELD;
  let token: string | null = null;
  /** The token opens nothing, or there is none: the screen asks to be paired. */
  let pairing: { stop: () => void } | null = null;
  let offered: Offered | null = null;
  let next: { venue: string; noso: Noso | null; at: number } | null = null;
  let link: Link | null = null;
  let named: Identify | null = null;
  let dark = cameDark();
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Until the server is heard: by this screen's clock, and how far that was behind. */
  let ahead = 0;
  const now = () => clock.timeAt(performance.now()) ?? Date.now() + ahead;

  /** What is to be seen at that time. */
  function sceneNow(at: number): Scene {
    if (!held.now && isForeign(about)) {
      return { kind: 'foreign', here: location.origin, own: publicUrl() };
    }
    if (!pairing) return sceneAt(held, at, next?.noso ?? null);
    const address = `${publicUrl().replace(/^[a-z]+:\/\//, '')}/organize`;
    const left = offered && Math.max(0, offered.until - performance.now());
    const url = `${publicUrl()}/organize#pair=${offered?.code}`;
    const offer = offered && left !== null ? { code: offered.code, url, left, lasts: PAIRS } : null;
    if (token !== null) return { kind: 'refused', wall: itWorked(token, at), offer, address };
    return offer ? { kind: 'pairing', offer, address } : { kind: 'unpaired', address };
  }

  /** Draws what is to be seen now, and comes back when that changes by itself. */
  function render(): void {
    clearTimeout(timer);
    const at = now();
    held = settled(held, at);
    const scene = sceneNow(at);
    const name = named && at < named.until ? (held.now?.wall?.name ?? null) : null;
    picture.show(scene, at, name);
    awake.keep(
      scene.kind === 'during' ||
        scene.kind === 'gathering' ||
        scene.kind === 'before' ||
        (scene.kind === 'after' && at - scene.ended < 75_000),
    );
    if (scene.kind === 'nothing') lookAhead(scene.view.venue);
    dark = dark && scene.kind === 'connecting' && performance.now() < STAYS_DARK;
    root.style.visibility = dark ? 'hidden' : '';
    link?.says();
    if (isIdle(scene, at)) followVersion(held.now?.version);
    // Countdowns end with the server's second, so every wall ticks at the same instant.
    const second = 1000 - (at % 1000) + 1;
    const soon = instants(held, at)[0];
    timer = setTimeout(render, Math.min(second, soon === undefined ? second : soon - at));
  }

  /** A word for the console: what is on the screen. */
  function showsNow(): string {
    const scene = sceneNow(now());
    return darkness(scene, now()) === 1 ? 'black' : scene.kind;
  }

  /** Takes the server's version of this page, while nobody sees it. */
  function followVersion(version: string | undefined): void {
    if (!version || !about.version || version === about.version) return;
    const dark = darkness(sceneNow(now()), now()) === 1;
    void renew(version, dark, () => isIdle(sceneNow(now()), now()));
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

  function connect(with_: string): void {
    link?.close();
    stopPairing();
    token = with_;
    const remembered = rememberedSchedule(Date.now());
    ahead = remembered.ahead;
    held = remembered.held ?? NOTHING_HELD;
    link = createLink(with_, {
      snapshot(snapshot) {
        clock.heard(snapshot.serverTime, performance.now());
        stopPairing();
        itWorks(with_, snapshot);
        held = onSnapshot(held, withPage(snapshot, publicUrl()), now());
        remember(held, now());
        render();
      },
      count(count) {
        clock.heard(count.serverTime, performance.now());
        take(onCount(held, count, now()));
        remember(held, now());
      },
      numbers: (numbers) => take(onNumbers(held, numbers, now())),
      code(code) {
        held = onCode(held, code, now());
        render();
      },
      identify(identify) {
        named = identify;
        render();
      },
      shows: showsNow,
      screen: (): ScreenSize => ({
        version: about.version,
        width: window.innerWidth,
        height: window.innerHeight,
        zoom: window.devicePixelRatio || 1,
      }),
      refused: askToPair,
    });
    render();
  }

  function stopPairing(): void {
    pairing?.stop();
    pairing = null;
    offered = null;
  }

  function askToPair(): void {
    if (pairing) return;
    held = NOTHING_HELD;
    pairing = pair({
      code(code) {
        offered = code;
        render();
      },
      paired(paired) {
        keepToken(paired);
        // The link that brought another token must not bring it back.
        if (location.hash !== '')
          history.replaceState(null, '', location.pathname + location.search);
        connect(paired);
      },
    });
    render();
  }

  function begin(): void {
    const kept = readToken();
    token = kept;
    if (kept === null) askToPair();
    else connect(kept);
  }

  /** The address may be another by now: the machine's, or by which the server's settings go. */
  async function lookAbout(): Promise<void> {
    const found = held.now ? null : await askAbout();
    if (!found) return;
    about = { ...found, version: about.version };
    render();
  }

  setInterval(() => void lookAbout(), ASK_ABOUT);
  hidePointer(given.kiosk);
  shiftPicture(root);
  window.addEventListener('hashchange', begin);
  window.addEventListener('resize', render);
  document.addEventListener('visibilitychange', render);
  begin();
  keepShell();
}

/** Where the NoSo's page is, if the server does not say. */
function withPage(snapshot: Snapshot, publicUrl: string): Snapshot {
  const { noso, page } = snapshot;
  if (page !== undefined || !noso) return snapshot;
  return { ...snapshot, page: `${publicUrl}/n/${noso.id}` };
}
