// A screen that is installed with a remote control, and what becomes of it over the years.
import * as assert from 'uvu/assert';
import { countdown } from '../../client/wall/model/scene.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { readers } from './decode.js';
import { codeOf, type FakeWall, nosoAt, someNumbers, VENUE } from './fakewall.js';
import { openScreen, screened } from './wall.js';

const test = suite('a screen, installed once');
const SLOW = { deadline: 90_000 };
const MINUTE = 60_000;
const ENGLISH = { ...VENUE, language: 'en' };

/** Starts in so many minutes, lasts an hour. */
function plan(fake: FakeWall, starts: number, rest: object = {}, count = 12): number {
  const startsAt = fake.now() + starts * MINUTE;
  const noso = nosoAt(ENGLISH, startsAt, startsAt + 60 * MINUTE, rest);
  const numbers = someNumbers(count);
  fake.snapshot({ venue: ENGLISH, noso, count, numbers, code: codeOf('M7C-4PX-9DG') });
  return startsAt;
}

test(
  'W8 a screen without a token shows a code at the figure’s size and its QR, and connects once it is paired',
  screened(async (fake, browser) => {
    plan(fake, -20);
    fake.pairing = { code: 'K7M-4PX', token: null };
    for (const locale of ['fr-FR', 'en-GB']) {
      const wall = await openScreen(browser, fake.url({ token: false }), { locale });
      await wall.says('figure', 'K7M-4PX');
      const fr = 'à recopier sous « Lieux et murs »';
      const en = 'type this under “Venues and walls”';
      const said = [await wall.text('label'), await wall.text('page')];
      assert.equal(said, locale === 'fr-FR' ? [fr, en] : [en, fr]);
      const wanted = 'https://noso.example/organize#pair=K7M-4PX';
      // Once the picture stands: on a busy machine its parts come one after another.
      await until(
        async () => {
          const { zbar, jsqr } = readers(await wall.page.screenshot(), 480);
          return zbar === wanted && jsqr === wanted;
        },
        { what: 'both readers to read the code' },
      );
      assert.is(fake.token, null, 'no socket before it is paired');
      if (locale === 'fr-FR') await wall.context.close();
      else {
        fake.pairing = { code: 'K7M-4PX', token: 'given' };
        await wall.says('figure', '12', 15_000);
        assert.is(fake.token, 'given');
        await wall.page.goto(fake.url({ token: false, query: '&again' }));
        await wall.says('figure', '12');
        assert.is(fake.token, 'given', 'across reboots');
      }
    }
  }),
  SLOW,
);

test(
  'W10 missing, unknown and revoked are three pictures; half an escape in a link is an unknown one',
  screened(async (fake, browser) => {
    fake.pairing = { code: 'K7M-4PX', token: null };
    fake.revoked = true;
    const wall = await openScreen(browser, `${fake.url({ token: false })}#abc%`);
    await wall.says('title', 'This link opens no wall.');
    assert.is(fake.token, 'abc%');
    await wall.says('code', 'K7M-4PX');
    assert.is(await wall.text('under'), 'no venue so far');
    assert.is(await wall.text('figure'), null);

    fake.revoked = false;
    plan(fake, -20);
    await wall.page.goto(fake.url({ query: '&token' }));
    await wall.says('figure', '12');
    fake.revoked = true;
    await wall.page.goto(fake.url({ query: '&later' }));
    await wall.says('title', 'This wall is no longer tied to its venue.');
    assert.is(await wall.text('head'), 'Grande salle');
    assert.match((await wall.text('under')) ?? '', /^since \w+day, \d\d:\d\d$/);
    await wall.says('code', 'K7M-4PX');
    assert.is(await wall.text('label'), 'Ce mur n’est plus relié à son lieu.');
  }),
  SLOW,
);

test(
  'W9 a cold start without a server goes on by the schedule that the screen knows',
  screened(async (fake, browser) => {
    const startsAt = plan(fake, 10);
    const wall = await openScreen(browser, fake.url());
    await wall.says('title', '12 people are here');
    await until(
      () =>
        wall.page.evaluate(`caches.open('noso-wall').then((c) => c.match('/wall')).then(Boolean)`),
      {
        what: 'the page to be kept',
      },
    );
    await wall.page.evaluate('navigator.serviceWorker.ready.then(() => true)');
    fake.cut();
    await wall.page.reload();
    await wall.says('label', 'until silence', 15_000);
    await until(async () => (await wall.text('figure')) === countdown(startsAt - fake.now()), {
      what: 'the time that is left',
    });
    await until(async () => /^12 people, as of \d\d:\d\d$/.test((await wall.text('title')) ?? ''));
    assert.is(await wall.text('end'), 'line cut');
    assert.is(await wall.text('code'), null);
    fake.restore();
    await wall.says('title', '12 people are here', 30_000);
  }),
  SLOW,
);

test(
  'W9 a new version is loaded in the black, or with nothing planned, and never amidst a NoSo',
  screened(async (fake, browser) => {
    plan(fake, 10);
    const wall = await openScreen(browser, fake.url());
    await wall.says('title', '12 people are here');
    const fresh = () => wall.page.evaluate<boolean>('!window.sameDocument').catch(() => false);
    await wall.page.evaluate('window.sameDocument = true');
    fake.version = 'two';
    fake.snapshot({ version: 'two' });
    await wall.page.waitForTimeout(2500);
    assert.not.ok(await fresh(), 'while it gathers');
    plan(fake, -20);
    await wall.says('figure', '12');
    await wall.page.waitForTimeout(1500);
    assert.not.ok(await fresh(), 'amidst the silence');
    plan(fake, 20, { state: 'scheduled', id: 'next' }, 0);
    await wall.page.waitForTimeout(1500);
    assert.not.ok(await fresh(), 'five minutes before the doors');
    const now = fake.now();
    const noso = nosoAt(ENGLISH, now - 20 * MINUTE, now - 80_000, { state: 'closed', id: 'next' });
    fake.snapshot({ noso, effectiveAt: now - 80_000, numbers: [], code: null });
    await until(fresh, { what: 'the new page', deadline: 15_000 });
    await until(() => fake.screen !== null && JSON.stringify(fake.screen).includes('"two"'));
  }),
  SLOW,
);

test(
  'a wall says what it is and shows, names itself when asked, and can be read aloud',
  screened(async (fake, browser) => {
    plan(fake, -20);
    const wall = await openScreen(browser, fake.url());
    await wall.says('figure', '12');
    assert.equal(fake.screen, { version: 'one', width: 1920, height: 1080, zoom: 1 });
    assert.is(await wall.page.title(), '12 · NoSo wall');
    const spoken = () => wall.page.textContent('[role=status][aria-live=polite]');
    assert.match(
      (await spoken()) ?? '',
      /^12 people, in silence\. Une heure pour rien\. until \d\d:\d\d/,
    );
    const first = await spoken();
    fake.count(13, 13);
    await wall.says('figure', '13');
    await until(async () => (await wall.page.title()) === '13 · NoSo wall');
    assert.is(await spoken(), first, 'one more is no milestone');

    await wall.page.evaluate('dispatchEvent(new Event("online"))');
    await until(() => fake.shows === 'during');
    fake.identify(fake.now() + 1500);
    await wall.says('name', 'Grande salle');
    assert.is(await wall.text('figure'), '13', 'nothing else moves');
    await until(async () => (await wall.text('name')) === null, { what: 'the name to go' });

    fake.cut();
    await wall.says('end', 'line cut');
    await until(async () => ((await spoken()) ?? '').includes('line cut'));
    assert.is(await wall.page.locator('#old').count(), 0);
  }),
  SLOW,
);

test(
  'W10 F9 a zone, a date or a title that cannot be drawn stops nothing else',
  screened(async (fake, browser) => {
    const venue = { ...ENGLISH, timeZone: 'Mars/Olympus' };
    const now = fake.now();
    const noso = {
      ...nosoAt(venue, now - 20 * MINUTE, now + 40 * MINUTE, { title: '\u200f' }),
      venue,
    };
    fake.snapshot({
      venue,
      noso,
      count: 12,
      numbers: someNumbers(12),
      code: codeOf('M7C-4PX-9DG'),
    });
    const wall = await openScreen(browser, fake.url());
    await wall.says('figure', '12');
    assert.is((await wall.numbers()).length, 12);
    fake.snapshot({ noso: { ...noso, endsAt: 'never' } });
    fake.count(13, 13);
    await wall.says('figure', '13');
    // A language that this page does not have.
    fake.snapshot({ venue: { ...venue, language: 'tlh' } });
    fake.count(14, 14);
    await wall.says('figure', '14');
    fake.snapshot({ venue, noso: { ...noso, startsAt: 'some day', state: 'scheduled' } });
    await wall.says('under', 'Lyon');
  }),
  SLOW,
);
