import type { Browser, BrowserContext, Page, WebSocket } from 'playwright-core';
import * as assert from 'uvu/assert';
import { apiOf, type TestApi } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { launch } from './chromium.js';

const test = suite('the phone page in a browser');
const PHONE = {
  viewport: { width: 390, height: 844 },
  locale: 'fr',
  reducedMotion: 'reduce',
} as const;
const NAME = 'noso.example';
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

/** Notes what a phone in this room should not do. */
const RUDE = `
  window.rude = [];
  navigator.vibrate = () => rude.push('vibrate') > 0;
  window.AudioContext = function () { rude.push('sound'); };
  window.Notification = { requestPermission: () => rude.push('notification') };
`;
/** A test cannot hide a headless page: it says that it is. */
const HIDE = `
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
`;

/** One server and one browser for the file: the last test ends them. */
const starting = Promise.all([startServer(), launch({ names: [NAME] })]);

type Given = { server: TestServer; api: TestApi; browser: Browser };
type Phone = { page: Page; context: BrowserContext; sockets: WebSocket[] };

const given = (work: (given: Given) => Promise<void>) => async () => {
  const [server, browser] = await starting;
  await work({ server, browser, api: apiOf(server.url, server.owner) });
};

/** A phone with nothing in it. What it should never do (S6) is noted in `window.rude`. */
async function phone(browser: Browser, options: object = {}): Promise<Phone> {
  const context = await browser.newContext({ ...PHONE, ...options });
  const page = await context.newPage();
  const sockets: WebSocket[] = [];
  page.on('websocket', (socket) => sockets.push(socket));
  await page.addInitScript({ content: RUDE });
  return { page, context, sockets };
}

const view = (page: Page, name: string) =>
  page.waitForSelector(`main[data-view="${name}"]`, { timeout: 12_000, state: 'attached' });
const number = async (page: Page) => (await page.textContent('h1.number')) ?? '';
const seats = async (api: TestApi, noso: string) =>
  (await api.own<{ count: number }>('GET', `/api/nosos/${noso}`)).count;
const open = (sockets: WebSocket[]) => sockets.filter((socket) => !socket.isClosed()).length;
const isDark = (page: Page) => page.locator('body.is-dark').count();
/** Where nothing is: a tap there sends the page to sleep. */
const tapAway = (page: Page) => page.mouse.click(195, 640);

/** Scans the code of the moment and takes a seat. */
async function sit({ page }: Phone, api: TestApi, noso: string, base: string): Promise<string> {
  const { code } = await api.code(noso);
  await page.goto(`${base}/j/${code}`);
  await page.click('text=Prendre place');
  await view(page, 'seated');
  return number(page);
}

test(
  'P7 S6 seated by socket; dark at a tap away; lets go; a tap brings it back; reloaded it is there',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const mine = await phone(browser);
    const { page, sockets } = mine;
    const own = await sit(mine, api, noso.id, server.url);
    assert.match(own, /^\d{4,}$/);
    assert.is(open(sockets), 1);
    assert.is(await seats(api, noso.id), 1);
    await tapAway(page);
    assert.ok(await isDark(page));
    assert.match((await page.textContent('.dark')) ?? '', own);
    await until(() => open(sockets) === 0, { what: 'the connection to be let go' });
    assert.is(await seats(api, noso.id), 1, 'P1: presence is not a socket');
    await page.mouse.click(195, 400);
    assert.not(await isDark(page));
    assert.is(await number(page), own);
    await page.reload();
    await view(page, 'seated');
    assert.is(await number(page), own);
    assert.is(open(sockets), 0, 'a seat that lasts until the close needs no connection');
    assert.equal(await page.evaluate('rude'), []);
    assert.is(await page.locator('audio, video').count(), 0);
    await page.context().close();
  }),
);

test(
  'P7 dark and let go by itself after 20 s, or when it is hidden',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const slow = await phone(browser);
    await slow.page.clock.install();
    await sit(slow, api, noso.id, server.url);
    await slow.page.clock.fastForward(18_000);
    assert.not(await isDark(slow.page));
    await slow.page.clock.fastForward(3000);
    assert.ok(await isDark(slow.page));
    await until(() => open(slow.sockets) === 0, { what: 'the connection to be let go' });
    const away = await phone(browser);
    await sit(away, api, noso.id, server.url);
    await away.page.evaluate(HIDE);
    await until(() => open(away.sockets) === 0, { what: 'the connection to be let go' });
    assert.is(await seats(api, noso.id), 2);
    await slow.context.close();
    await away.context.close();
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
    const invited = hasty.page.locator('main[data-view="invite"] button');
    if ((await invited.count()) > 0) await invited.click();
    await view(hasty.page, 'seated');

    const frozen = await phone(browser);
    await sit(frozen, api, noso.id, server.url);
    const cdp = await frozen.context.newCDPSession(frozen.page);
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
    assert.is(await seats(api, noso.id), 3, 'P2: each once');
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    await cdp.send('Page.setWebLifecycleState', { state: 'active' });
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
    assert.is(open(mine.sockets), 1);
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
  'P4 S4 a forgotten tab revives nothing; coming back is asked for, and not at once',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const mine = await phone(browser);
    await sit(mine, api, noso.id, server.url);
    const tab = await mine.context.newPage();
    await tab.goto(mine.page.url());
    await view(tab, 'seated');
    await tab.click('text=Quitter ma place');
    await view(tab, 'left');
    await view(mine.page, 'left');
    assert.match((await mine.page.textContent('main')) ?? '', 'Rien à ajouter.');
    await mine.page.reload();
    await view(mine.page, 'left');
    assert.is(await seats(api, noso.id), 0);
    await mine.page.click('text=Revenir');
    await view(mine.page, 'soon');
    assert.match((await mine.page.textContent('main')) ?? '', /dans 0:5\d|dans 1:00/);
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
  'P7 with a finite pocket it stays connected, dark or not, and says how long the seat stays',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso({ pocket: 1200 });
    const mine = await phone(browser);
    await sit(mine, api, noso.id, server.url);
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
  'L3 at the end an awake page says so by itself, and an end that was put off is heard of',
  given(async ({ server, api, browser }) => {
    const venue = (await api.venue()).id;
    const noso = await api.noso({ venue, endsAt: inMs(6000) });
    const mine = await phone(browser);
    await sit(mine, api, noso.id, server.url);
    await tapAway(mine.page);
    await until(() => open(mine.sockets) === 0, { what: 'the connection to be let go' });
    const before = (await mine.page.textContent('.dark')) ?? '';
    await api.own('PATCH', `/api/nosos/${noso.id}`, { endsAt: inMs(7_200_000) });
    await until(async () => (await mine.page.textContent('.dark')) !== before, {
      what: 'the new end',
    });
    assert.is(await mine.page.locator('main[data-view="seated"]').count(), 1);
    await api.own('PATCH', `/api/nosos/${noso.id}`, { endsAt: inMs(2500) });
    await mine.page.mouse.click(195, 400);
    await view(mine.page, 'closed');
    assert.not(await isDark(mine.page));
    await mine.context.close();
  }),
  { deadline: 40_000 },
);

test(
  'before the doors open there is nothing to do, and then there is',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso({ startsAt: inMs(2500), opens: 'schedule' }, false);
    const { code } = await api.code(noso.id);
    const { page, context } = await phone(browser);
    await page.goto(`${server.url}/j/${code}`);
    await view(page, 'waiting');
    await view(page, 'invite');
    await page.click('text=Prendre place');
    await view(page, 'seated');
    await context.close();
  }),
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
    await page.waitForSelector('main[data-view="seated"]', { timeout: 25_000 });
    assert.is(await seats(api, noso.id), 1);
    await context.close();
  }),
  { deadline: 60_000 },
);

test(
  'the server and the browser end',
  given(async ({ server, browser }) => {
    await browser.close();
    await server.stop();
  }),
);
