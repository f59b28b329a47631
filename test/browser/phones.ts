// What the browser tests of the phone page share: one server and one browser a file.
import type { Browser, BrowserContext, Page, WebSocket } from 'playwright-core';
import { apiOf, type TestApi } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { until } from '../support/wait.js';
import { launch } from './chromium.js';

const PHONE = {
  viewport: { width: 390, height: 844 },
  locale: 'fr',
  reducedMotion: 'reduce',
} as const;
export const NAME = 'noso.example';
export const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

/** Notes what a phone in this room should not do. */
const RUDE = `
  window.rude = [];
  navigator.vibrate = () => rude.push('vibrate') > 0;
  window.AudioContext = function () { rude.push('sound'); };
  window.Notification = { requestPermission: () => rude.push('notification') };
`;
/** A test cannot hide a headless page: it says that it is. */
export const HIDE = `
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
`;

/** The last test ends them: `ends`. */
const starting = Promise.all([startServer(), launch({ names: [NAME] })]);

export type Given = { server: TestServer; api: TestApi; browser: Browser };
export type Phone = { page: Page; context: BrowserContext; sockets: WebSocket[] };

export const given = (work: (given: Given) => Promise<void>) => async () => {
  const [server, browser] = await starting;
  await work({ server, browser, api: apiOf(server.url, server.owner) });
};

/** A phone with nothing in it. What it should never do (S6) is noted in `window.rude`. */
export async function phone(browser: Browser, options: object = {}): Promise<Phone> {
  const context = await browser.newContext({ ...PHONE, ...options });
  const page = await context.newPage();
  const sockets: WebSocket[] = [];
  page.on('websocket', (socket) => sockets.push(socket));
  await page.addInitScript({ content: RUDE });
  return { page, context, sockets };
}

export const view = (page: Page, name: string) =>
  page.waitForSelector(`main[data-view="${name}"]`, { state: 'attached' });
/** What is read there: what is hidden is not. */
export const readOf = (page: Page, selector = 'main') =>
  page.evaluate<string>(
    `[...document.querySelectorAll('${selector}')].filter((part) => part.checkVisibility()).map((part) => part.innerText).join(' ').replace(/\\s+/g, ' ').trim()`,
  );
export const number = async (page: Page) => (await page.textContent('h1.number')) ?? '';
export const seats = async (api: TestApi, noso: string) =>
  (await api.own<{ count: number }>('GET', `/api/nosos/${noso}`)).count;
export const open = (sockets: WebSocket[]) => sockets.filter((socket) => !socket.isClosed()).length;
/** The browser tells of a connection's end a moment after the page has ended it. */
export const none = (sockets: WebSocket[], what = 'no connection is held') =>
  until(() => open(sockets) === 0, { what });
export const isDark = (page: Page) => page.locator('body.is-dark').count();
/** Where nothing is: a tap there sends the page to sleep. */
export const tapAway = (page: Page) => page.mouse.click(195, 640);

/** Scans the code of the moment and takes a seat. */
export async function sit(
  { page }: Phone,
  api: TestApi,
  noso: string,
  base: string,
): Promise<string> {
  const { code } = await api.code(noso);
  await page.goto(`${base}/j/${code}`);
  await page.click('text=Prendre place');
  await view(page, 'seated');
  return number(page);
}
