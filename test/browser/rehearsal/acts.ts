// What befalls a venue's screens, act by act; each throws where a screen is not as promised.
import * as assert from 'uvu/assert';
import type { Noso, WallInfo } from '../../../src/protocol/wire.js';
import type { HeldDay, HeldScreen, Was } from './heldDay.js';

export const MINUTE = 60_000;
/** What a remote control has. */
const REMOTE = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Enter'];
/** From "open the address" to a live wall: presses, and ms. */
const MOST_PRESSES = 12;
const WITHIN = 60_000;
/** The thanks are held for a minute, and fade for a quarter of one; with reduced motion they are cut. */
export const BLACK = 75_000;
/** A screen is looked at every second, and knows the server's time to a second. */
const NEAR = 2500;
/** A line that is cut is said after 5 s. */
const STALE = 5000;

const clock = (at: number) =>
  Number.isNaN(at) ? 'never' : new Date(at).toISOString().slice(11, 19);

/** When a screen first was so, from an instant on. */
export function first(screen: HeldScreen, from: number, is: (was: Was) => boolean): number {
  const found = screen.log.find((was) => was.at >= from && is(was));
  return found?.at ?? Number.NaN;
}

/** That a screen became so at that instant, as near as it can be seen. */
export function assertAt(screen: HeldScreen, what: string, at: number, is: (was: Was) => boolean) {
  const seen = first(screen, at - NEAR, is);
  const log = screen.log
    .slice(-12)
    .map(({ at, ...shown }) => `${clock(at)} ${JSON.stringify(shown)}`);
  assert.ok(
    Math.abs(seen - at) <= NEAR,
    `${what}: due ${clock(at)}, seen ${clock(seen)}\n${log.join('\n')}`,
  );
}

/** Moves on until a screen is so; how long that took (ms). */
export async function until(
  day: HeldDay,
  screen: HeldScreen,
  what: string,
  within: number,
  is: (shown: HeldScreen['shown'] extends () => infer S ? S : never) => boolean,
): Promise<number> {
  const began = day.now();
  while (!is(screen.shown())) {
    assert.ok(day.now() - began < within, `${what}: ${JSON.stringify(screen.shown())}`);
    await day.go(1000);
  }
  return day.now() - began;
}

const PAIRS = /^[A-Z0-9]{3}-[A-Z0-9]{3}$/;
export const offers = ({ figure, code }: { figure: string; code: string }) =>
  PAIRS.test(figure) || PAIRS.test(code);
const offered = (screen: HeldScreen) => {
  const { figure, code } = screen.shown();
  return PAIRS.test(figure) ? figure : code;
};

/**
 * A screen with a browser that has never been used: the address is opened, and then whoever holds the
 * remote presses what it has. None of it is needed, and none of it does any harm.
 */
export async function install(
  day: HeldDay,
  venue: string,
  name: string,
  ahead = 0,
): Promise<HeldScreen> {
  const began = day.now();
  const screen = await day.screen(ahead);
  await until(day, screen, 'a code', 10_000, offers);
  const before = screen.shown().figure;
  let presses = 0;
  for (const key of [...REMOTE, ...REMOTE]) {
    await screen.page().keyboard.press(key);
    presses += 1;
  }
  await day.go(1000);
  assert.is(screen.shown().figure, before, 'the remote disturbs nothing');
  await tie(day, screen, venue, name);
  assert.ok(presses <= MOST_PRESSES, `${presses} presses`);
  assert.ok(day.now() - began <= WITHIN, `${day.now() - began} ms`);
  return screen;
}

/** The organizer names the code that a screen shows, and the screen goes on from there. */
export async function tie(day: HeldDay, screen: HeldScreen, venue: string, name: string) {
  const pairing = offered(screen);
  await day.api().own('POST', `/api/venues/${venue}/walls`, { name, pairing });
  await until(day, screen, 'the wall to be live', 20_000, (shown) => !offers(shown));
}

export async function plan(day: HeldDay, venue: string, at: number, minutes: number, rest = {}) {
  return day.api().noso(
    {
      venue,
      startsAt: new Date(at).toISOString(),
      endsAt: new Date(at + minutes * MINUTE).toISOString(),
      opens: 'schedule',
      ...rest,
    },
    false,
  ) as Promise<Noso>;
}

/** So many take a seat; every screen says so at once. */
export async function seat(day: HeldDay, noso: string, count: number, screens: HeldScreen[]) {
  const api = day.api();
  for (const { token, pass } of await api.people(noso, count))
    assert.is((await api.sit(token, pass)).status, 200);
  await day.go(1000);
  for (const screen of screens)
    assert.ok(says(screen, count), `${count} at once: ${JSON.stringify(screen.shown())}`);
}

/** Whether a screen says that so many are there. */
export function says(screen: HeldScreen, count: number): boolean {
  const { figure, title } = screen.shown();
  return figure === String(count) || title.startsWith(`${count} `);
}

/** The line goes: within 6 s each screen says so, and on it goes by the hour. */
export async function assertCut(day: HeldDay, screens: HeldScreen[]) {
  const at = day.now();
  await day.go(STALE + 2000);
  for (const screen of screens)
    assertAt(screen, 'the cut', at + STALE, ({ end }) => end === 'line cut');
}

/** That they stay black until then, whatever they do meanwhile. */
export function assertDark(screens: HeldScreen[], from: number, to: number): void {
  for (const screen of screens) {
    const again = first(screen, from, ({ black }) => !black);
    assert.ok(!(again < to), `black until ${clock(again)} only`);
  }
}

/** A silence, on each of them: begins, ends, thanks and goes black, to the second. */
export function assertSilence(screens: HeldScreen[], starts: number, ends: number, label: RegExp) {
  for (const screen of screens) {
    assertAt(screen, 'the beginning', starts, (was) => !was.black && label.test(was.label));
    assertAt(screen, 'the end', ends, ({ title, black }) => !black && title === 'Thank you.');
    assertAt(screen, 'black', ends + BLACK, ({ black }) => black);
  }
  assertDark(screens, ends + BLACK + NEAR, ends + 2 * BLACK);
}

export const release = (screen: HeldScreen) =>
  screen.page().evaluate<string>('window.release || "first"');

/** Idle screens load the server's pages by themselves. */
export async function renewed(day: HeldDay, screens: HeldScreen[], to: string): Promise<void> {
  const is = async () => (await Promise.all(screens.map(release))).every((each) => each === to);
  for (let left = 60 * MINUTE; left > 0 && !(await is()); left -= MINUTE)
    await day.go(MINUTE, 4000);
  assert.ok(await is(), `all of ${to}`);
}

/** What the console is told of a venue's screens. */
export const infos = async (day: HeldDay, venue: string): Promise<WallInfo[]> =>
  (await day.api().own<{ walls: WallInfo[] }>('GET', `/api/venues/${venue}/walls`)).walls;
