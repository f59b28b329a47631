// An evening of a screen in half a minute: `npm run rehearse` is the whole day.
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { withBrowser } from './chromium.js';
import {
  assertCut,
  assertDark,
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
} from './rehearsal/acts.js';
import { startHeldDay } from './rehearsal/heldDay.js';

const test = suite('an evening of a screen');
const START = Date.UTC(2026, 10, 27, 17);

test(
  'W8 W9 tied with a remote; through a kill, other pages and a cut it begins, ends and goes black on time; revoked, it is tied anew',
  () =>
    withBrowser(async (browser) => {
      const day = await startHeldDay(browser, START);
      try {
        const venue = await day.api().venue({ language: 'en' });
        const starts = START + 4 * MINUTE;
        const ends = starts + 2 * MINUTE;
        const noso = await plan(day, venue.id, starts, 2, { gather: 2 });
        const hall = await install(day, venue.id, 'Hall');
        // Its own clock is three hours behind, and nobody sets it.
        const room = await install(day, venue.id, 'Room', -180 * MINUTE);
        const both = [hall, room];
        assert.match(room.shown().figure, /^3:\d\d$/);

        await day.goTo(starts - 119_000);
        await until(day, hall, 'the doors', 5000, ({ code }) => /^...-...-...$/.test(code));
        await seat(day, noso.id, 7, both);
        await day.kill();
        await day.restart('second');
        for (const screen of both)
          await until(day, screen, 'the count', 15_000, ({ end }) => end !== 'line cut');
        for (const screen of both) assert.ok(says(screen, 7));

        await day.goTo(starts - 30_000);
        day.cut();
        await assertCut(day, both);
        await day.goTo(starts + 20_000);
        await room.powerCycle();
        assert.is(room.shown().end, 'line cut');
        assert.match(room.shown().label, /^as of /);
        await day.goTo(ends + 90_000);
        assertSilence(both, starts, ends, /^as of /);
        assert.equal(await Promise.all(both.map(release)), ['first', 'first']);

        day.mend();
        await renewed(day, both, 'second');
        // Nobody sees it: it is loaded in the black, and stays so.
        assertDark(both, ends + 90_000, ends + 4 * MINUTE);
        const [one] = await infos(day, venue.id);
        await day.api().own('DELETE', `/api/walls/${one?.id}`);
        await until(day, hall, 'a code', 20_000, offers);
        assert.is(hall.shown().title, 'This wall is no longer tied to its venue.');
        await tie(day, hall, venue.id, 'Hall again');
        assert.equal(
          (await infos(day, venue.id)).map(({ name, width }) => [name, width]),
          [
            ['Room', 1280],
            ['Hall again', 1280],
          ],
        );
      } finally {
        await day.stop();
      }
    }),
  { deadline: 60_000 },
);
