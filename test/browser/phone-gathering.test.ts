import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { given, inMs, isDark, phone, readOf, sit, tapAway, view } from './phones.js';

const test = suite('the phone page while people arrive, and as it is read');
const BEGINS = /Le silence commence à .+Vous pouvez verrouiller le téléphone/;
const NOW = 'Vous pouvez verrouiller le téléphone maintenant.';

test(
  'L6 S6 it says when the silence begins; at the hour a lit page changes its words, a dark one when it is looked at',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso({ startsAt: inMs(900_000) });
    const mine = await phone(browser);
    const { page } = mine;
    await page.clock.install();
    await sit(mine, api, noso.id, server.url);
    const words = () => readOf(page);
    const shown = () => readOf(page, '.lock');
    assert.match(await shown(), BEGINS);
    assert.match(await words(), 'Rien ne sonnera.');
    await tapAway(page);
    await page.clock.fastForward(960_000);
    assert.ok(await isDark(page), 'nothing wakes it');
    assert.match((await page.locator('.lock').first().textContent()) ?? '', BEGINS);
    await page.mouse.click(195, 400);
    await view(page, 'seated');
    await mine.context.close();

    // On a busy machine whoever sat down may see that hour pass before they see the page.
    for (let changed = false, ahead = 4000; !changed; ahead *= 2) {
      const startsAt = inMs(ahead);
      const late = await api.noso({ startsAt });
      const lit = await phone(browser);
      await sit(lit, api, late.id, server.url);
      const silent = async () => (await readOf(lit.page, '.lock')) === NOW;
      changed = !(await silent());
      assert.ok(changed || Date.now() >= Date.parse(startsAt), 'not before its hour');
      await until(silent, { what: 'the silence to begin', deadline: ahead + 10_000 });
      await lit.context.close();
    }
  }),
  { deadline: 60_000 },
);

test(
  'L6 the page for typing a code, open before there is one, says by itself that it is on the wall',
  given(async ({ server, api, browser }) => {
    for (const { id, state } of (
      await api.own<{ nosos: { id: string; state: string }[] }>('GET', '/api/nosos')
    ).nosos) {
      if (state === 'open') await api.own('POST', `/api/nosos/${id}/close`);
    }
    const { page, context } = await phone(browser);
    await page.clock.install();
    await page.goto(`${server.url}/j`);
    assert.is(await readOf(page, 'h1'), 'Le code sera au mur.');
    await api.noso();
    await page.clock.fastForward(26_000);
    await page.waitForSelector('h1:text("Le code est au mur.")');
    assert.match((await page.textContent('[role="status"]')) ?? '', 'Le code est au mur.');
    await context.close();
  }),
);

test(
  'P7 on a wide screen too the whole of the dark wakes at a touch, and its name is what is read',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const mine = await phone(browser, { viewport: { width: 844, height: 390 } });
    const own = await sit(mine, api, noso.id, server.url);
    await mine.page.mouse.click(700, 300);
    assert.ok(await isDark(mine.page));
    const named = mine.page.getByRole('button', {
      name: new RegExp(`^${own} .+ Revoir ma place$`),
    });
    assert.is(await named.count(), 1);
    await mine.page.mouse.click(8, 8);
    assert.not(await isDark(mine.page));
    await mine.context.close();
  }),
);

test(
  'a retry is announced once, however often it is tried',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const { code } = await api.code(noso.id);
    const { page, context } = await phone(browser);
    await page.clock.install();
    await page.goto(`${server.url}/j/${code}`);
    await page.route('**/api/seats', (route) => route.abort());
    await page.evaluate(`
      window.told = [];
      new MutationObserver(() => told.push(document.querySelector('[role=status]').textContent))
        .observe(document.querySelector('[role=status]'), { childList: true, characterData: true, subtree: true });
    `);
    await page.click('text=Prendre place');
    await view(page, 'asking');
    for (let k = 0; k < 3; k += 1) {
      const again = page.waitForRequest('**/api/seats');
      await page.clock.fastForward(12_000);
      await again;
    }
    assert.is(await page.evaluate('told.length'), 1);
    await context.close();
  }),
);

for (const [width, height] of [
  [390, 844],
  [320, 568],
  [844, 390],
] as const) {
  test(
    `at ${width} by ${height} nothing scrolls sideways, at 200 % neither, and the button is in view`,
    given(async ({ server, api, browser }) => {
      const noso = await api.noso({ startsAt: inMs(900_000) });
      const mine = await phone(browser, { viewport: { width, height } });
      const fits = async (what: string) => {
        // A word that does not fit shows as what it would be broken for.
        await mine.page.evaluate("document.body.style.overflowWrap = 'normal'");
        for (const size of ['100%', '200%']) {
          await mine.page.evaluate(`document.documentElement.style.fontSize = '${size}'`);
          const wide = await mine.page.evaluate(
            `[...document.querySelectorAll('main, main *')].filter((part) => part.checkVisibility?.()
              && !part.closest('.said') && part.getBoundingClientRect().right > innerWidth + 1)
              .map((part) => part.outerHTML.slice(0, 60))`,
          );
          assert.equal(wide, [], `${what} at ${size}`);
          if (size === '200%') continue;
          const low = await mine.page.evaluate(
            `[...document.querySelectorAll('main .button')].filter((part) => part.checkVisibility?.())
              .some((part) => part.getBoundingClientRect().bottom > innerHeight)`,
          );
          assert.not(low, `${what}: the button is in the first view`);
        }
        await mine.page.evaluate("document.documentElement.style.fontSize = ''");
      };
      const { code } = await api.code(noso.id);
      await mine.page.goto(`${server.url}/j/${code}`);
      await fits('the invitation');
      await mine.page.click('text=Prendre place');
      await view(mine.page, 'seated');
      await fits('the seat');
      await mine.page.click('text=Quitter ma place');
      await view(mine.page, 'left');
      await fits('left');
      for (const path of ['/j', '/me', '/j/MMM-MMM-MMM', '/j/nonsense']) {
        await mine.page.goto(server.url + path);
        await fits(path);
      }
      await mine.context.close();
    }),
    { deadline: 60_000 },
  );
}

test(
  'the server and the browser end',
  given(async ({ server, browser }) => {
    await browser.close();
    await server.stop();
  }),
);
