// A day of three screens at one venue: three NoSos, ten restarts of which two bring other pages, kills,
// cuts, clocks that are wrong, a power cut, a token that is revoked.
import * as assert from 'uvu/assert';
import {
  assertCut,
  assertSilence,
  infos,
  install,
  MINUTE,
  offers,
  plan,
  release,
  renewed,
  says,
  seat,
  tie,
  until,
} from './acts.js';
import type { HeldDay, HeldScreen } from './heldDay.js';

/** So coarse may time be while nothing is on: beats are missed after 5 s. */
const COARSE = 4000;
const HOUR = 60 * MINUTE;
/** A screen is back within this of its server. */
const BACK = 20_000;

/** `start`: six in the morning there. `say`: how far it is. */
export async function wholeDay(day: HeldDay, start: number, say: (act: string) => void) {
  const at = (hours: number, minutes = 0) => start + (hours - 6) * HOUR + minutes * MINUTE;
  const idle = (to: number) => day.goTo(to, COARSE);
  /** Over an instant at which screens change: coarsely to it, and by the second past it. */
  const over = async (instant: number, to: number) => {
    await day.goTo(instant - 10_000, COARSE);
    await day.goTo(to);
  };
  let restarts = 0;
  const venue = await day.api().venue({ language: 'en', timeZone: 'Europe/Paris' });
  const morning = await plan(day, venue.id, at(10), 60);
  await plan(day, venue.id, at(15), 45);
  const evening = await plan(day, venue.id, at(20), 60);
  await plan(day, venue.id, at(34), 60);

  const back = async (all: HeldScreen[]) => {
    for (const screen of all)
      await until(day, screen, 'to be live again', BACK, ({ end }) => !/cut|connecting/.test(end));
  };
  async function restart(how: 'killed' | 'told', away: number, pages?: string): Promise<void> {
    restarts += 1;
    say(`${how}${pages ? `, with other pages: ${pages}` : ''} (${restarts})`);
    await (how === 'killed' ? day.kill() : day.terminate());
    await day.go(away);
    await day.restart(pages);
    await back(all);
  }

  say('three screens are installed');
  const hall = await install(day, venue.id, 'Hall');
  const slow = await install(day, venue.id, 'Three hours behind', -3 * HOUR);
  const cafe = await install(day, venue.id, 'Café');
  const all = [hall, slow, cafe];
  for (const screen of all) assert.match(screen.shown().figure, /^3:5\d:\d\d$/);
  assert.is((await infos(day, venue.id)).length, 3);

  await idle(at(7));
  await restart('told', 0);
  await idle(at(8));
  await restart('killed', 20 * MINUTE);
  await over(at(9, 45), at(9, 45) + 2000);
  await until(day, hall, 'the doors', 5000, ({ code }) => /^...-...-...$/.test(code));
  await seat(day, morning.id, 40, all);
  await restart('killed', 0);
  for (const screen of all) assert.ok(says(screen, 40));
  await over(at(10), at(10) + 5000);
  await idle(at(10, 20));
  await restart('told', 0);
  for (const screen of all) assert.ok(says(screen, 40));
  await idle(at(10, 40));
  await restart('killed', 3 * MINUTE);
  for (const screen of all) assert.ok(says(screen, 40));
  await over(at(11), at(11) + 5000);
  await over(at(11, 1) + 15_000, at(11, 3));
  assertSilence(all, at(10), at(11), /people, in silence/);

  await idle(at(12));
  await restart('told', 30_000, 'noon');
  await renewed(day, all, 'noon');
  await idle(at(14, 40));
  say('the line is cut before the doors');
  day.cut();
  await assertCut(day, [hall, cafe]);
  say('and the power of the screen whose clock is wrong, amidst the silence');
  await over(at(15), at(15) + 5000);
  await idle(at(15, 10));
  await slow.powerCycle();
  await over(at(15, 45), at(15, 45) + 5000);
  await over(at(15, 46) + 15_000, at(15, 48));
  assertSilence(all, at(15), at(15, 45), /^as of /);
  day.mend();
  await back(all);

  await idle(at(17));
  await restart('killed', 0);
  await slow.setClock(HOUR);
  await idle(at(19, 50));
  await seat(day, evening.id, 25, all);
  await restart('told', 0, 'night');
  await idle(at(19, 59) + 30_000);
  say('the line is cut half a minute before the silence');
  day.cut();
  await assertCut(day, all);
  await day.goTo(at(20) + 5000);
  await idle(at(20, 30));
  assert.equal(await Promise.all(all.map(release)), ['noon', 'noon', 'noon'], 'never amidst one');
  day.mend();
  await back(all);
  for (const screen of all) assert.ok(says(screen, 25));
  await restart('killed', 10_000);
  await over(at(21), at(21) + 5000);
  await over(at(21, 1) + 15_000, at(21, 3));
  assertSilence(all, at(20), at(21), /^(as of |people, in silence)/);
  await renewed(day, all, 'night');

  say('a token is revoked');
  await idle(at(22));
  const cafes = (await infos(day, venue.id)).find(({ name }) => name === 'Café');
  await day.api().own('DELETE', `/api/walls/${cafes?.id}`);
  await until(day, cafe, 'a code', BACK, offers);
  await tie(day, cafe, venue.id, 'Café again');

  await idle(at(27));
  await restart('told', 2 * MINUTE);
  await idle(at(30));
  for (const screen of all) assert.match(screen.shown().figure, /^3:59:\d\d$|^4:00:00$/);
  assert.equal(await Promise.all(all.map(release)), ['night', 'night', 'night']);
  const known = await infos(day, venue.id);
  assert.equal(
    known.map(({ shows }) => shows),
    ['before', 'before', 'before'],
  );
  return restarts;
}
