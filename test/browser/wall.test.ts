// The wall page against a scripted server: what it shows of every frame, and of none.

import * as assert from 'uvu/assert';
import { machineTime } from '../support/machineTime.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { codeOf, type FakeWall, nosoAt, someNumbers, VENUE } from './fakewall.js';
import { openScreen, screened } from './wall.js';

const test = suite('the wall page');
const SLOW = { deadline: 60_000 };
const MINUTE = 60_000;

/** An open NoSo with so many numbers, that began ten minutes ago. */
function running(fake: FakeWall, count: number, rest: object = {}): void {
  const now = fake.now();
  const venue = { ...VENUE, language: 'en' };
  fake.snapshot({
    venue,
    noso: nosoAt(venue, now - 10 * MINUTE, now + 50 * MINUTE, rest),
    count,
    seq: count,
    numbersSeq: count,
    numbers: someNumbers(count),
    code: codeOf('M7C-4PX-9DG'),
  });
}

test(
  'W1 the right count and numbers from the first paint on',
  screened(async (fake, browser) => {
    running(fake, 180);
    const wall = await openScreen(browser, fake.url());
    await wall.says('figure', '180');
    assert.equal(await wall.numbers(), someNumbers(180).sort());
    assert.equal(
      (await wall.seen()).map(({ text }) => text),
      ['180|people, in silence|'],
    );
    assert.is(await wall.text('code'), 'M7C-4PX-9DG');
  }),
);

test(
  'W2 a lower frame is ignored; a gap leads to a sync and the right set',
  screened(async (fake, browser) => {
    running(fake, 12);
    const wall = await openScreen(browser, fake.url());
    await wall.says('figure', '12');
    fake.count(13, 13);
    fake.numbers(['90001']);
    await wall.says('figure', '13');
    await until(async () => (await wall.numbers()).includes('90001'));
    assert.is(fake.syncs, 0);

    fake.beating = false;
    fake.count(99, 3);
    fake.count(14, 15);
    await wall.says('figure', '14');
    assert.not.ok((await wall.seen()).some(({ text }) => text.startsWith('99')));

    fake.held = { ...fake.held, count: 20, numbers: someNumbers(20), numbersSeq: 30, seq: 30 };
    fake.numbers([], [], 29);
    await wall.says('figure', '20');
    await until(async () => (await wall.numbers()).length === 20);
    assert.is(fake.syncs, 1);
    assert.equal(await wall.numbers(), someNumbers(20).sort());
  }),
);

test(
  'W4 stale within 6 s of a cut, and heals without a reload; never an error page',
  screened(async (fake, browser) => {
    running(fake, 179);
    const wall = await openScreen(browser, fake.url());
    await wall.says('figure', '179');
    await wall.page.evaluate('window.sameDocument = true');
    fake.count(180, 180);
    await wall.says('figure', '180'); // it was heard just now
    const at = Date.now();
    const began = machineTime();
    fake.cut();
    await wall.says('end', 'line cut');
    const took = machineTime() - began;
    assert.ok(Date.now() - at > 3900 && took < 6000, `stale after ${took} ms`);
    assert.match((await wall.text('label')) ?? '', /^as of \d\d:\d\d$/);
    assert.is(await wall.text('figure'), '180');
    assert.is(await wall.text('code'), null);
    assert.is(
      await wall.page.getAttribute('[data-slot=figure] text', 'stroke'),
      '#F2A93B',
      'the count is hollow',
    );
    await until(async () => {
      const opacity = `getComputedStyle(document.querySelector('.seated')).opacity`;
      return (await wall.page.evaluate(opacity)) === '0';
    });
    assert.ok(await wall.page.getAttribute('.dashes path', 'd'));

    fake.held = { ...fake.held, count: 181, seq: 181 };
    fake.restore();
    await wall.says('figure', '181', 15_000);
    await wall.says('label', 'people, in silence');
    await wall.says('end', 'noso.example/j');
    assert.ok(await wall.page.evaluate('window.sameDocument'));
  }),
  SLOW,
);

test(
  'W4 a server that says nothing is no live server, and heals as well',
  screened(async (fake, browser) => {
    running(fake, 12);
    const wall = await openScreen(browser, fake.url());
    await wall.says('figure', '12');
    fake.beating = false;
    fake.mute = true;
    await wall.says('end', 'line cut');
    fake.mute = false;
    fake.beating = true;
    await wall.says('label', 'people, in silence', 15_000);
  }),
  SLOW,
);

test(
  'W7 two walls begin and end together, when the server’s clock says so',
  screened(async (fake, browser) => {
    fake.skew = -7_300_000;
    const now = fake.now();
    const venue = { ...VENUE, language: 'en' };
    const noso = nosoAt(venue, now + 10 * MINUTE, now + 60 * MINUTE, { state: 'scheduled' });
    fake.snapshot({ venue, noso, numbers: [] });
    const walls = await Promise.all([1, 2].map(() => openScreen(browser, fake.url())));
    for (const wall of walls) await wall.says('label', 'until silence');

    /** Timers of the page's own, one after the other: on a machine that is busy they are late too. */
    const watch = (at: number) =>
      Promise.all(
        walls.map((wall) =>
          wall.page.evaluate(
            `window.control = 0;
            setTimeout(() => setTimeout(() => (control = Date.now()), 20), ${at} - ahead - Date.now())`,
          ),
        ),
      );
    const check = async (label: string, at: number) => {
      for (const wall of walls) {
        const first = (await wall.seen()).find(({ text }) => text.includes(`|${label}|`));
        // By the server's clock, as well as the page can know it: a frame takes its time to arrive.
        const { at: seenAt = 0, ahead = 0 } = first ?? {};
        assert.ok(ahead <= fake.skew);
        const shown = seenAt + ahead;
        const due = (await until(() => wall.page.evaluate<number>('control'))) + ahead;
        assert.ok(shown >= at - 100, `${label} ${at - shown} ms early`);
        assert.ok(shown <= Math.max(at, due) + 80, `${label} ${shown - at} ms late`);
      }
    };

    const begins = fake.now() + 2000;
    const startsAt = new Date(begins).toISOString();
    fake.snapshot({ noso: { ...noso, state: 'open', startsAt }, count: 5 });
    await watch(begins);
    await walls[1]?.page.evaluate('dispatchEvent(new Event("online"))');
    for (const wall of walls) await wall.says('label', 'people, in silence');
    await check('people, in silence', begins);

    const ends = fake.now() + 2000;
    fake.snapshot({ noso: { ...noso, startsAt, state: 'closed' }, count: 0, effectiveAt: ends });
    await watch(ends);
    for (const wall of walls) await wall.says('title', 'Thank you.');
    await check('people, not a word', ends);
    for (const wall of walls) assert.is(await wall.text('figure'), '5');
  }),
  SLOW,
);

test(
  'W8 a token that is revoked leads to pairing, and pairing to a live wall',
  screened(async (fake, browser) => {
    running(fake, 12);
    const wall = await openScreen(browser, fake.url());
    await wall.says('figure', '12');
    fake.revoked = true;
    fake.pairing = { code: 'K3D-7VX', token: null };
    fake.cut();
    fake.restore();
    await wall.says('code', 'K3D-7VX', 15_000);
    assert.is(await wall.text('title'), 'This wall is no longer tied to its venue.');
    assert.is(await wall.text('head'), 'Grande salle');
    fake.pairing = { code: 'K3D-7VX', token: 'another' };
    // Not before: a try with the old token would be let in.
    await until(() => fake.token === 'another', { what: 'the new token to be shown' });
    fake.revoked = false;
    await wall.says('figure', '12', 15_000);
    assert.is(fake.token, 'another');
    await wall.page.goto(fake.url({ token: false }));
    await wall.says('figure', '12', 15_000);
    assert.is(fake.token, 'another', 'the token is kept when the fragment is lost');
  }),
  SLOW,
);

test(
  'a server that does not pair, or is not there, is shown quietly',
  screened(async (fake, browser) => {
    const wall = await openScreen(browser, fake.url({ token: false }));
    await wall.says('under', 'this wall has no venue yet');
    assert.is(await wall.text('head'), 'noso.example/organize');
    assert.is(await wall.text('figure'), null);

    fake.refusing = true;
    const other = await openScreen(browser, fake.url());
    await other.says('end', 'connecting');
    running(fake, 12);
    fake.refusing = false;
    await other.says('figure', '12', 20_000);
  }),
  SLOW,
);

test(
  'on a plain-HTTP name there is no wake lock: a muted video keeps the screen on',
  screened(
    async (fake, browser) => {
      running(fake, 12);
      const url = fake.url({ query: '&kiosk' }).replace('127.0.0.1', 'wall.example');
      const wall = await openScreen(browser, url);
      await wall.says('figure', '12');
      assert.not.ok(await wall.page.evaluate('isSecureContext'));
      await until(() => wall.page.evaluate(`document.querySelector('video')?.currentTime > 0`), {
        what: 'the video to play',
      });
      assert.ok(await wall.page.evaluate(`document.querySelector('video').muted`));
      assert.is(
        await wall.page.evaluate('getComputedStyle(document.body).cursor'),
        'none',
        'the pointer is hidden in a kiosk',
      );
    },
    { names: ['wall.example'] },
  ),
  SLOW,
);
