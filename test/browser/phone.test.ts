import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import {
  given,
  HIDE,
  isDark,
  NAME,
  none,
  number,
  open,
  phone,
  seats,
  sit,
  tapAway,
  view,
} from './phones.js';

const test = suite('the phone page in a browser');

test(
  'P7 S6 seated without a connection; dark at a tap away; a tap brings it back; reloaded it is there',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const mine = await phone(browser);
    const { page, sockets } = mine;
    const own = await sit(mine, api, noso.id, server.url);
    assert.match(own, /^\d{4,}$/);
    await none(sockets, 'a seat that lasts until the close needs no connection');
    assert.is(await seats(api, noso.id), 1);
    await tapAway(page);
    assert.ok(await isDark(page));
    assert.match((await page.textContent('.dark')) ?? '', own);
    assert.is(await seats(api, noso.id), 1, 'P1: presence is not a socket');
    await page.mouse.click(195, 400);
    assert.not(await isDark(page));
    assert.is(await number(page), own);
    await page.reload();
    await view(page, 'seated');
    assert.is(await number(page), own);
    await none(sockets);
    assert.equal(await page.evaluate('rude'), []);
    assert.is(await page.locator('audio, video').count(), 0);
    await page.context().close();
  }),
);

test(
  'P7 dark by itself after 20 s; nothing is held then, nor when it is hidden',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const slow = await phone(browser);
    const { clock } = slow.page;
    await clock.install();
    const before = Date.now();
    await sit(slow, api, noso.id, server.url);
    await clock.pauseAt(Date.now() + 5000);
    // So long is it seated, at most: a busy machine takes its time to sit down.
    const seated = (await slow.page.evaluate<number>('Date.now()')) - before;
    await clock.fastForward(Math.max(0, 18_000 - seated));
    assert.not(seated < 18_000 && (await isDark(slow.page)));
    await clock.fastForward(3000 + seated);
    assert.ok(await isDark(slow.page));
    await none(slow.sockets);
    const away = await phone(browser);
    await sit(away, api, noso.id, server.url);
    await away.page.evaluate(HIDE);
    await none(away.sockets);
    assert.is(await seats(api, noso.id), 2);
    await slow.context.close();
    await away.context.close();
  }),
);

test(
  'P7 whoever asks for their seat again has a connection while the page is looked at, and no longer',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const { page, context, sockets } = await phone(browser);
    await sit({ page, context, sockets }, api, noso.id, server.url);
    // As a page would that was kept from before it was seated.
    const again = () =>
      page.evaluate(`
        const form = document.body.appendChild(document.createElement('form'));
        form.dataset.do = 'take';
        form.requestSubmit();
        form.remove();
      `);
    let answered = 0;
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('"seated"')) answered += 1;
      }),
    );
    const connects = async () => {
      const before = answered;
      // What was not answered in five seconds has come in by another way: then it asks once more.
      const one = async () => {
        await again();
        return until(() => answered > before, { deadline: 6000 }).catch(() => false);
      };
      await until(one, { what: 'a seat by a connection', deadline: 15_000 });
    };
    await connects();
    await page.evaluate(HIDE);
    await none(sockets);
    await connects();
    await none(sockets, 'nobody looks at it as it comes back');
    await view(page, 'seated');
    assert.is(await seats(api, noso.id), 1);
    await context.close();
  }),
);

test(
  'three phones: without JavaScript, reloaded while it waits, frozen through the close',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const plain = await phone(browser, { javaScriptEnabled: false });
    const plainNumber = await sit(plain, api, noso.id, server.url);
    await plain.page.reload();
    assert.is(await number(plain.page), plainNumber);

    const hasty = await phone(browser);
    const { code } = await api.code(noso.id);
    await hasty.page.goto(`${server.url}/j/${code}`);
    await hasty.page.reload();
    await hasty.page.click('text=Prendre place');
    await hasty.page.reload();
    const invited = hasty.page.locator('main[data-view="invite"] .button');
    if ((await invited.count()) > 0) await invited.click();
    await view(hasty.page, 'seated');

    const frozen = await phone(browser);
    await sit(frozen, api, noso.id, server.url);
    const cdp = await frozen.context.newCDPSession(frozen.page);
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
    assert.is(await seats(api, noso.id), 3, 'P2: each once');
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    await cdp.send('Page.setWebLifecycleState', { state: 'active' });
    // Somebody looks at it: a page without a head is in view all the time, and is not told.
    await frozen.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await view(frozen.page, 'closed');
    assert.match((await frozen.page.textContent('main')) ?? '', 'Vous pouvez parler.');
    assert.not(await isDark(frozen.page));
    await frozen.page.click('text=Oublier ce numéro');
    await frozen.page.waitForURL('**/me');
    assert.match((await frozen.page.textContent('main')) ?? '', 'Pas de numéro.');
    for (const each of [plain, hasty, frozen]) await each.context.close();
  }),
  { deadline: 40_000 },
);

test(
  'on a plain-HTTP name that is not localhost, all the same',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const mine = await phone(browser);
    const own = await sit(mine, api, noso.id, `http://${NAME}:${server.port}`);
    await mine.page.reload();
    await view(mine.page, 'seated');
    assert.is(await number(mine.page), own);
    await mine.page.click('text=Quitter ma place');
    await view(mine.page, 'left');
    assert.is(await seats(api, noso.id), 0);
    await mine.context.close();
  }),
);

test(
  'P7 with a finite pocket it stays connected, dark or not, and says how long the seat stays',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso({ pocket: 1200 });
    const mine = await phone(browser);
    await sit(mine, api, noso.id, server.url);
    await until(() => open(mine.sockets) === 1, { what: 'it to be connected' });
    assert.match((await mine.page.textContent('main')) ?? '', /votre place reste 20.minutes/);
    await tapAway(mine.page);
    assert.ok(await isDark(mine.page));
    assert.is(open(mine.sockets), 1);
    await mine.page.reload();
    await until(() => open(mine.sockets) === 1, { what: 'it to be connected again' });
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    await view(mine.page, 'closed');
    await mine.context.close();
  }),
);

test(
  'a typed code: capitals and dashes see to themselves, on the phone’s own keyboard',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const { page, context } = await phone(browser);
    await page.goto(`${server.url}/j`);
    const { code } = await api.code(noso.id);
    const typed = code.replaceAll('-', '').toLowerCase();
    await page.type('input', `${typed.slice(0, 5)}oa-`);
    assert.match((await page.textContent('button')) ?? '', 'encore 4');
    assert.ok(await page.isDisabled('button'));
    await page.type('input', typed.slice(5));
    assert.is(await page.textContent('.cells'), code);
    await page.keyboard.press('Enter');
    await view(page, 'invite');
    assert.ok(page.url().endsWith(`/j/${code}`));
    await context.close();
  }),
);

test(
  'the server and the browser end',
  given(async ({ server, browser }) => {
    await browser.close();
    await server.stop();
  }),
);
