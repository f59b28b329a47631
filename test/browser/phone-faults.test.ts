import * as assert from 'uvu/assert';
import { startHostProxy } from '../support/hostProxy.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { given, inMs, isDark, number, open, phone, seats, sit, tapAway, view } from './phones.js';

const test = suite('the phone page, when things do not go as they should');

test(
  'P4 S4 a forgotten tab revives nothing; coming back is asked for, and not at once',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const mine = await phone(browser);
    await sit(mine, api, noso.id, server.url);
    const tab = await mine.context.newPage();
    await tab.goto(mine.page.url());
    await view(tab, 'seated');
    const before = Date.now();
    await tab.click('text=Quitter ma place');
    await view(tab, 'left');
    await mine.page.reload();
    await view(mine.page, 'left');
    assert.match((await mine.page.textContent('main')) ?? '', 'Rien à ajouter.');
    assert.is(await seats(api, noso.id), 0);
    await mine.page.click('text=Revenir');
    await view(mine.page, 'soon');
    const [, minutes, seconds] =
      /dans (\d):(\d\d)/.exec((await mine.page.textContent('main')) ?? '') ?? [];
    const left = Number(minutes) * 60 + Number(seconds);
    const passed = (Date.now() - before) / 1000;
    assert.ok(left <= 60 && left >= 59 - passed, `${left} s, ${passed} s after it left`);
    assert.is(await seats(api, noso.id), 0);
    await mine.context.close();
  }),
);

test(
  'P3 where WebSocket is blocked, plain HTTP takes the same seat',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const mine = await phone(browser);
    await mine.page.routeWebSocket(/socket\.io/, (socket) => socket.close());
    const own = await sit(mine, api, noso.id, server.url);
    await mine.page.reload();
    await view(mine.page, 'seated');
    assert.is(await number(mine.page), own);
    assert.is(await seats(api, noso.id), 1);
    await mine.context.close();
  }),
);

test(
  'L3 at the end an awake page says so by itself, and an end that was put off is heard of',
  given(async ({ server, api, browser }) => {
    // On a busy machine the end may come before it sits and lets its connection go: then one that comes later.
    for (let isPutOff = false, ahead = 9000; !isPutOff; ahead *= 2) {
      const endsAt = inMs(ahead);
      const noso = await api.noso({ endsAt });
      const mine = await phone(browser);
      const later = (at: string) =>
        api.call('PATCH', `/api/nosos/${noso.id}`, { endsAt: at }, api.token);
      const sits = await sit(mine, api, noso.id, server.url).catch((error: unknown) => {
        if (Date.now() < Date.parse(endsAt)) throw error;
      });
      if (sits) {
        await tapAway(mine.page);
        await until(() => open(mine.sockets) === 0, { what: 'the connection to be let go' });
        const before = (await mine.page.textContent('.dark')) ?? '';
        const { status } = await later(inMs(7_200_000));
        isPutOff = status === 200;
        assert.ok(isPutOff || Date.now() >= Date.parse(endsAt), `${status} before its end`);
        if (isPutOff) {
          await until(async () => (await mine.page.textContent('.dark')) !== before, {
            what: 'the new end',
            deadline: ahead + 6000,
          });
          assert.is(await mine.page.locator('main[data-view="seated"]').count(), 1);
          assert.is((await later(inMs(2500))).status, 200);
          await mine.page.mouse.click(195, 400);
          await view(mine.page, 'closed');
          assert.not(await isDark(mine.page));
        }
      }
      await mine.context.close();
    }
  }),
  { deadline: 90_000 },
);

test(
  'before the doors open there is nothing to do, and then there is',
  given(async ({ server, api, browser }) => {
    // On a busy machine the doors may open before the page is there: then some that open later.
    for (let waited = false, ahead = 2500; !waited; ahead *= 2) {
      const doors = Date.now() + ahead;
      const startsAt = new Date(doors + 60_000).toISOString();
      const soon = { startsAt, gather: 1, opens: 'schedule', entry: 'link' };
      const noso = await api.noso(soon, false);
      const { code } = await api.code(noso.id);
      const { page, context } = await phone(browser);
      await page.goto(`${server.url}/j/${code}`);
      waited = (await page.getAttribute('main', 'data-view')) === 'waiting';
      assert.ok(waited || Date.now() >= doors, 'not before they do');
      await view(page, 'invite');
      await page.click('text=Prendre place');
      await view(page, 'seated');
      await context.close();
    }
  }),
  { deadline: 40_000 },
);

test(
  'full: it tries again by itself, with the pass it has',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso({ capacity: 1 });
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    await api.sit(token, pass);
    const { code } = await api.code(noso.id);
    const { page, context } = await phone(browser);
    await page.clock.install();
    await page.goto(`${server.url}/j/${code}`);
    await page.click('text=Prendre place');
    await view(page, 'full');
    assert.match((await page.textContent('main')) ?? '', /dans 0:\d\d/);
    await api.leave(token, noso.id);
    await page.clock.fastForward(31_000);
    await view(page, 'seated');
    await context.close();
  }),
);

test(
  'P3 F1 no answer: perhaps seated; it asks again, the same, until the server is back',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const { code } = await api.code(noso.id);
    const { page, context } = await phone(browser);
    await page.goto(`${server.url}/j/${code}`);
    await until(() => page.evaluate('"nosoConnect" in window'), { what: 'the script' });
    await server.kill();
    await page.click('text=Prendre place');
    await view(page, 'asking');
    assert.match((await page.textContent('main')) ?? '', /on redemande dans \d+.s/);
    await server.restart();
    await page.waitForSelector('main[data-view="seated"]');
    assert.is(await seats(api, noso.id), 1);
    await context.close();
  }),
  { deadline: 60_000 },
);

test(
  'F8 behind a proxy that rewrites Host the tap is answered in words, and the log says what to set',
  given(async ({ server, api, browser }) => {
    const { code } = await api.code((await api.noso()).id);
    const proxy = await startHostProxy(server.port);
    try {
      const mine = await phone(browser);
      for (let k = 0; k < 3; k += 1) {
        await mine.page.goto(`${proxy.url}/j/${code}`);
        await mine.page.click('text=Prendre place');
        await view(mine.page, 'foreign');
        assert.match((await mine.page.textContent('main')) ?? '', 'une autre adresse');
        await mine.page.waitForTimeout(300); // the handshake is on its way
      }
      await until(() => server.output().includes('ORIGIN: '), { what: 'the line in the log' });
      assert.match(server.output(), proxy.url);
      await mine.context.close();
    } finally {
      proxy.close();
    }
  }),
);

test(
  'the server and the browser end',
  given(async ({ server, browser }) => {
    await browser.close();
    await server.stop();
  }),
);
